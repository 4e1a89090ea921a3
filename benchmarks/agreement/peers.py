"""The peers' side of the benchmark, in an environment of their own: ``python peers.py CASE``."""

from __future__ import annotations

import sys
import warnings

import numpy as np
from cases import CATEGORIES, CODERS, RESAMPLES, best, codings, peak, ratings, report

warnings.simplefilter("ignore")


def with_agreement(n):
    import agreement.metrics as m
    from agreement.utils.transform import pivot_table_frequency

    numbers = ratings(n).astype(np.int64)
    unit, coder = np.repeat(np.arange(n), CODERS), np.tile(np.arange(CODERS), n)
    flat = numbers.ravel()

    def counted(x):
        """Count by address: the package's own pivot makes a units x units table."""
        key = np.repeat(np.arange(len(x)), CODERS) * CATEGORIES + x.ravel()
        return np.bincount(key, minlength=len(x) * CATEGORIES).reshape(-1, CATEGORIES).astype(float)

    answers = counted(numbers)
    users = np.stack([np.bincount(c, minlength=CATEGORIES) for c in numbers.T]).astype(float)
    simple = [m.observed_agreement, m.s_score, m.gwets_gamma, m.krippendorffs_alpha, m.scotts_pi]

    def every():
        return [f(answers) for f in simple] + [m.cohens_kappa(answers, users)]

    rng = np.random.default_rng(0)

    def resample():
        rows = rng.integers(0, n, n)
        sample = answers[rows]
        by_coder = np.stack([np.bincount(c, minlength=CATEGORIES) for c in numbers[rows].T])
        return [f(sample) for f in simple] + [m.cohens_kappa(sample, by_coder.astype(float))]

    figures = {}
    if n <= 2_000:
        figures["own_conversion"] = best(
            lambda: (pivot_table_frequency(unit, flat), pivot_table_frequency(coder, flat)), 5
        )
    grown = peak(every)
    times = 200 if n < 10_000 else 3
    report(
        "agreement",
        alpha=best(lambda: m.krippendorffs_alpha(answers), times),
        values=best(every, times),
        counting=best(lambda: counted(numbers), times),
        bootstrap=best(resample, 5 if n < 10_000 else 1) * RESAMPLES,
        memory=grown,
        check=float(m.krippendorffs_alpha(answers)),
        **figures,
    )


def with_krippendorff(n):
    import krippendorff

    numbers = ratings(n).astype(float).T

    def alpha(x):
        return krippendorff.alpha(reliability_data=x, level_of_measurement="nominal")

    rng = np.random.default_rng(0)
    alpha(numbers[:, :100])
    grown = peak(lambda: alpha(numbers))
    report(
        "krippendorff",
        alpha=best(lambda: alpha(numbers), 50 if n < 10_000 else 2),
        bootstrap=best(lambda: alpha(numbers[:, rng.integers(0, n, n)]), 5 if n < 10_000 else 1)
        * RESAMPLES,
        memory=grown,
        check=float(alpha(numbers)),
    )


def with_irrcac(n):
    import pandas as pd
    from irrCAC.raw import CAC

    table = pd.DataFrame(ratings(n))

    def every():
        found = CAC(table)
        return [found.gwet(), found.fleiss(), found.conger(), found.krippendorff(), found.bp()]

    report(
        "irrCAC",
        table=best(every, 3),
        check=float(CAC(table).krippendorff()["est"]["coefficient_value"]),
    )


def numpy_pass():
    """Cohen's kappa alone: paint the characters of every code in every document."""
    document, coder, start, end, code, lengths = codings()

    def kappas():
        total = 0.0
        for k in range(code.max() + 1):
            inside = np.flatnonzero(code == k)
            both = one = two = size = 0
            by_document = [[] for _ in lengths]
            for i in inside:
                by_document[document[i]].append(i)
            for rows, length in zip(by_document, lengths, strict=True):
                size += length
                if not rows:
                    continue
                text = np.zeros((2, length), dtype=bool)
                for i in rows:
                    text[coder[i], start[i] : end[i]] = True
                both += (text[0] & text[1]).sum()
                one += text[0].sum()
                two += text[1].sum()
            met = (size - one - two + 2 * both) / size
            chance = (one * two + (size - one) * (size - two)) / size**2
            total += (met - chance) / (1 - chance)
        return total

    report("numpy, kappa only", everything=best(kappas, 3), check=float(kappas()))


if __name__ == "__main__":
    package, case = sys.argv[1:3]
    if package == "numpy":
        numpy_pass()
    else:
        run = {
            "agreement": with_agreement, "krippendorff": with_krippendorff, "irrCAC": with_irrcac,
        }  # fmt: skip
        run[package](int(float(case)))
