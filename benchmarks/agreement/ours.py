"""quidqual's side of the benchmark: ``python ours.py CASE``."""

from __future__ import annotations

import sys

import pandas as pd
from cases import CATEGORIES, CODERS, RESAMPLES, best, codings, peak, ratings, report

import quidqual as qq
from quidqual.agreement.coefficients import estimates


def table_of(n):
    names = [f"code {k}" for k in range(CATEGORIES)]
    numbers = ratings(n)
    return pd.DataFrame(
        {f"coder {j}": pd.Categorical.from_codes(numbers[:, j], names) for j in range(CODERS)}
    )


def units(n):
    table = table_of(n)
    few = table.iloc[:100]
    estimates(few), qq.agreement.coefficients(few, resamples=10)  # what is loaded once
    grown = peak(lambda: qq.agreement.coefficients(table, resamples=RESAMPLES))
    times = 200 if n < 10_000 else 10
    report(
        "quidqual",
        alpha=best(lambda: estimates(table, coefficients="alpha"), times),
        values=best(lambda: estimates(table), times),
        table=best(lambda: qq.agreement.coefficients(table, resamples=0), times),
        bootstrap=best(lambda: qq.agreement.coefficients(table, resamples=RESAMPLES), 15),
        memory=grown,
        check=estimates(table)["alpha"],
    )


def spans():
    document, coder, start, end, code, lengths = codings()
    frame = pd.DataFrame(
        {
            "document": [f"note {d:03}" for d in document],
            "coder": ["AB"[c] for c in coder],
            "start": start,
            "end": end,
            "code": [f"code {c:02}" for c in code],
        }
    )
    known = {f"note {d:03}": int(n) for d, n in enumerate(lengths)}
    qq.agreement.spans(frame.iloc[:100], known, resamples=10)
    found = qq.agreement.spans(frame, known)
    kappa = found[found["coefficient"] == "cohen"]["value"]
    report(
        "quidqual",
        everything=best(lambda: qq.agreement.spans(frame, known), 5),
        check=float(kappa.sum()),
    )


if __name__ == "__main__":
    case = sys.argv[1]
    spans() if case == "spans" else units(int(float(case)))
