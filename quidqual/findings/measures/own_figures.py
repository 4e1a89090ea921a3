"""The measure ``arithmetic``: whether a report's own figures add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

from quidqual.findings.cases import Cases
from quidqual.study.measure import Field, Known, Measure, Result, Wrong

if TYPE_CHECKING:
    from quidqual.study.model import Study


class OwnFigures(Measure):
    """Add up figures of the report, each a pair of how many times how much."""

    name = "arithmetic"
    fields: ClassVar[Mapping[str, Field]] = {
        "sum": Field("list", needed=True),
        "equals": Field("any", needed=True),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List sums of nothing and sums that are true of any number."""
        terms = check["sum"]
        pairs = all(
            isinstance(t, list | tuple) and len(t) == 2 and all(_number(x) for x in t)
            for t in terms
        )
        if not terms or not pairs:
            yield "sum", "it must be pairs of numbers.", "Write [[6, 3], [2, 4]] for 6 x 3 + 2 x 4."
        elif len(terms) == 1 and 1 in terms[0]:
            yield "sum", "one number alone is no sum that could fail.", "Give the terms."
        if not _number(check["equals"]):
            yield "equals", f"it must be a number, not {check['equals']!r}.", "Mend it."

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Add up."""
        total = sum((_exact(a) * _exact(b) for a, b in check["sum"]), Fraction())
        written = " + ".join(f"{a} x {b}" if b != 1 else f"{a}" for a, b in check["sum"])
        holds = total == _exact(check["equals"])
        stated = f"the report's own figures do not add up: {check['equals']} is stated"
        return Result(
            holds, f"{written} = {_decimal(total)}", arithmetic=True, why="" if holds else stated
        )

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is added up."""
        return "Sum of the report’s own figures", str(check["equals"])

    def beside_others(self, check: Mapping[str, Any], study: Study, result: Result) -> str:
        """Write the sum with whose figures it is of."""
        return f"{result.computed} by the report’s own figures"


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _exact(value: float) -> Fraction:
    """Take a figure as it is written: 0.1 and 0.2 are 0.3."""
    return Fraction(str(value))


def _decimal(total: Fraction) -> str:
    return str(total.numerator if total.denominator == 1 else float(total))
