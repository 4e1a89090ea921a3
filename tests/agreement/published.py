"""Published tables, small enough to stand here, each with its source."""

from __future__ import annotations

import numpy as np
import pandas as pd

nan = np.nan


def from_counts(table, first="coder1", second="coder2"):
    """Two coders' ratings from their cross-table (rows: the first coder), categories 1, 2, ..."""
    rows = [
        (i + 1, j + 1) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=[first, second])


# Cohen (1960), A coefficient of agreement for nominal scales, example as used by DKPro.
COHEN_1960 = from_counts([[25, 12, 3], [13, 2, 15], [12, 16, 2]])

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, example C: 12 units, 4
# observers. Printed: nominal .743, ordinal .815, interval .849, ratio .797.
KRIPPENDORFF_C = pd.DataFrame(
    {
        "a": [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        "b": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        "c": [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
        "d": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    }
)

# Artstein & Poesio (2008), Inter-coder agreement for computational linguistics, p. 558.
# Printed: S .4, pi .341, kappa .348.
ARTSTEIN_POESIO = from_counts([[20, 10], [20, 50]])

# Fleiss (1971), Measuring nominal scale agreement among many raters, table 1: counts of 30
# patients in 5 diagnoses by 6 psychiatrists. Printed kappa .430.
FLEISS_1971 = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
    [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3],
    [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0], [1, 0, 0, 4, 1],
    [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
]  # fmt: skip


def fleiss_table():
    """The diagnoses as ratings; who gave which is not published, and does not matter."""
    rows = [np.repeat(np.arange(1, 6), counts) for counts in FLEISS_1971]
    return pd.DataFrame(rows, columns=[f"p{i}" for i in range(1, 7)])
