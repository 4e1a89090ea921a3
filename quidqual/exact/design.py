"""Reading measurements, and what a design of so many people and rounds can show at best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import grid_of
from quidqual.study.arguments import is_ragged, must_be_table, must_be_text, must_have, one_of
from quidqual.study.errors import QuidqualError, listed

__all__ = ["least_p", "measurements"]

LEAST_N = 10
"""Below so many people no test that rests on a large-sample distribution is given."""

_SIDED = {"mcnemar": "two", "cochran_q": "omnibus", "friedman": "omnibus", "page": "one"}
_NAMES = {"trend": "page", "cochran": "cochran_q"}


def as_measurements(frame: Any, *, least_rounds: int = 2) -> np.ndarray:
    """Read rows of participants and columns of rounds as floats, NaN where not observed.

    Raises
    ------
    QuidqualError
        If it is no table of numbers, or has too few rounds.
    """
    if is_ragged(frame):
        raise QuidqualError.of(
            "The rows have different numbers of rounds.",
            remedy="Write None where a round was not observed.",
        )
    try:
        values = pd.DataFrame(frame).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise QuidqualError.of(
            "Expected rows of numbers, one column a round, empty where not observed.",
            remedy="qq.exact.measurements(table) makes them from presence or states.",
        ) from None
    if values.ndim != 2 or values.shape[1] < least_rounds:
        raise QuidqualError.of(
            f"Expected at least {least_rounds} rounds, got {values.shape[-1]}.",
            remedy="Give one column a round.",
        )
    if np.isinf(values).any():
        raise QuidqualError.of("A value is infinite.", remedy="Give finite numbers.")
    return values


def chi2_tail(statistic: float, df: int) -> float:
    """Give the upper tail of the chi-squared distribution; 1 with no degree of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic)) if df else 1.0


def measurements(
    table: pd.DataFrame, *, value: str | None = None, of: str | None = None
) -> pd.DataFrame:
    """Turn presence or states into one row a participant and one column a round.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence`, :func:`quidqual.intensity` or :func:`quidqual.states`.
    value : str, optional
        A numeric column to take. By default presence gives 1 and 0, and a construct's
        states give 0, 1, 2, ... in order (``none`` counts as not known, NaN).
    of : str, optional
        The code (or construct) to take, if the table has several.

    Returns
    -------
    DataFrame
        Index ``participant``, columns the rounds, float, NaN where not observed.

    Raises
    ------
    QuidqualError
        If the code is not there, or several are and none is named.

    Examples
    --------
    >>> import quidqual as qq
    >>> measurements(qq.presence(qq.load_example("small")), of="trust")
                  R1   R2
    participant
    P1           0.0  1.0
    P2           1.0  NaN
    """
    must_be_table(table, of="qq.presence(study) or qq.states(study)")
    thing = next((name for name in ("code", "construct") if name in table), None)
    if of is not None:
        must_be_text(of, field="of")
    if thing is not None:
        names = list(dict.fromkeys(table[thing].astype("str")))
        if (of is None and len(names) != 1) or (of is not None and of not in names):
            raise QuidqualError.of(
                f"The table holds {len(names)} of {thing}.",
                remedy=f"Name one with of=: {listed(names)}.",
                field="of",
            )
        table = table[table[thing].astype("str") == (of or names[0])]
    grid = grid_of(table)
    course = grid.courses()[:, 0]
    if value is None:
        ordered = [state for state in grid.states if state not in ("none", "not_observed")]
        number = {state: float(position) for position, state in enumerate(ordered)}
        if set(ordered) <= {"present", "absent"}:
            number = {"present": 1.0, "absent": 0.0}
        look_up = np.array([number.get(state, np.nan) for state in grid.states])
        numbers = look_up[course]
    else:
        must_be_text(value, field="value")
        must_have(table, (value,), of="qq.presence(study) or qq.intensity(study)", field="value")
        if not pd.api.types.is_numeric_dtype(table[value]):
            raise QuidqualError.of(
                f"value must be a column of numbers; {value!r} is not.",
                remedy=f"Use one of {listed(table.select_dtypes('number').columns)}.",
                field="value",
            )
        numbers = np.where(course == grid.missing, np.nan, grid.lay(table[value])[:, 0])
    people = pd.Index([str(name) for name in grid.participants], name="participant", dtype="str")
    return pd.DataFrame(numbers, index=people, columns=[str(name) for name in grid.rounds])


def least_p(design: Any, *, test: str | None = None, **more: Any) -> pd.DataFrame | float:
    """Tell the least p that a design can reach, before anything is tested.

    Parameters
    ----------
    design : DataFrame, array, list, tuple, mapping, int or str
        One of: measurements (participants x rounds, NaN where not observed), of which
        only who was observed when is used; ``(n, rounds)`` as a tuple; a list with the
        number of observed rounds of each person; a mapping or keywords with ``n``,
        ``rounds`` (or ``k``) and perhaps ``test``; the name of a test.
    test : {"mcnemar", "cochran_q", "friedman", "page"}, optional
        Give the least p of this test alone, as a number.

    Returns
    -------
    DataFrame or float
        One row per test: ``test``, ``n`` (people who can count), ``rounds``, ``sided``,
        ``least_p``, ``reading`` (str). With ``test`` only its ``least_p``.

    Raises
    ------
    QuidqualError
        If the design cannot be read, or the test does not fit it.

    Notes
    -----
    If all n people go the same way, the exact probability of this under no change is

    - McNemar (two rounds, two-sided): ``2 / 2^n``;
    - Cochran Q (k rounds): everyone shows the code in the same rounds, as many as make
      it least likely: ``C(k, m)^(1 - n)`` with m = k // 2;
    - Friedman (k rounds, no ties): ``(k!)^(1 - n)``;
    - Page or :func:`quidqual.exact.trend` (one-sided, no ties):
      ``1 / prod(m_i!)`` over the rounds m_i in which each person was observed.

    Cochran Q and Friedman need complete rows. A p above the least one is a matter of
    data; below it no data can go. Four people before and after never reach .125: to print
    "not significant" there would be to blame the people for the design.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.exact.least_p({"n": 4, "rounds": 2}, test="mcnemar")
    0.125
    >>> qq.exact.least_p((4, 3))[["test", "n", "sided", "least_p"]].round(6)
            test  n    sided   least_p
    0  cochran_q  4  omnibus  0.037037
    1   friedman  4  omnibus  0.004630
    2       page  4      one  0.000772
    """
    observed, named = _observed(design, more)
    test = named if test is None else test
    if test is not None:
        must_be_text(test, field="test")
        test = _NAMES.get(test, test)
        one_of(test, _SIDED, field="test")
    table = _least(observed)
    if test is None:
        return table
    row = table.loc[table["test"] == test, "least_p"]
    if row.empty:
        raise QuidqualError.of(
            f"{test} does not fit this design.",
            remedy=f"These do: {listed(table['test'])}." if len(table) else "Observe more rounds.",
            field="test",
        )
    return float(row.iloc[0])


def _least(observed: np.ndarray) -> pd.DataFrame:
    """Give the least p of each test that fits (participants x rounds, True if observed)."""
    rounds = observed.shape[1]
    complete = int(observed.all(axis=1).sum())
    times = observed.sum(axis=1)
    rows: list[tuple[str, int, float]] = []
    if rounds == 2:
        rows.append(("mcnemar", complete, min(1.0, 2.0 ** (1 - complete))))
    if rounds >= 3:
        most = math.comb(rounds, rounds // 2)
        rows.append(("cochran_q", complete, 1 / most ** max(complete - 1, 0)))
        rows.append(("friedman", complete, 1 / math.factorial(rounds) ** max(complete - 1, 0)))
    one = 1 / math.prod(math.factorial(int(m)) for m in times)
    rows.append(("page", int((times >= 2).sum()), one))
    table = pd.DataFrame(
        [(name, n, rounds, _SIDED[name], p) for name, n, p in rows],
        columns=["test", "n", "rounds", "sided", "least_p"],
    )
    words = [
        f"{name}: with {n} people no data can give a p below {p:.3g}"
        + (", so it can never fall below .05." if p > 0.05 else ".")
        for name, n, p in rows
    ]
    return table.assign(reading=pd.array(words, dtype="str"))


def _observed(design: Any, more: Mapping[str, Any]) -> tuple[np.ndarray, str | None]:
    """Read who was observed when, however the design was told, and the test if named."""
    if isinstance(design, str):
        design = {"test": design, **more}
    elif isinstance(design, int | np.integer) and not isinstance(design, bool):
        design = {"n": int(design), **more}
    elif isinstance(design, Mapping):
        design = {**design, **more}
    if isinstance(design, Mapping):
        test = design.get("test")
        n = design.get("n", design.get("participants"))
        rounds = design.get("rounds", design.get("k", 2 if test == "mcnemar" else None))
        if isinstance(rounds, Sequence) and not isinstance(rounds, str):
            rounds = len(rounds)
        return _full(n, rounds), test
    if isinstance(design, tuple) and len(design) == 2 and all(np.isscalar(v) for v in design):
        return _full(*design), None
    if isinstance(design, Iterable) and not isinstance(design, pd.DataFrame | np.ndarray):
        design = list(design)
        if design and all(isinstance(v, int | np.integer) for v in design):
            most = max(design)
            return np.array([[t < m for t in range(most)] for m in design]), None
    return ~np.isnan(as_measurements(design)), None


def _full(n: Any, rounds: Any) -> np.ndarray:
    """Everyone observed in every round."""
    whole = isinstance(n, int | np.integer) and isinstance(rounds, int | np.integer)
    if not whole or n < 1 or rounds < 2:
        raise QuidqualError.of(
            f"A design of n = {n!r} and rounds = {rounds!r} cannot be read.",
            remedy="Give a whole n of at least 1 and at least 2 rounds.",
            field="design",
        )
    return np.ones((int(n), int(rounds)), dtype=bool)
