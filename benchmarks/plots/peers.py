"""The same pictures by other libraries: seconds of the processor, drawn and written as PNG.

Needs none of quidqual, so that it runs where a peer runs: upsetplot 0.9 breaks on pandas 3.

Run: python benchmarks/plots/peers.py 500 40 6
"""

from __future__ import annotations

import io
import sys
import time
import warnings
from collections.abc import Callable

import matplotlib as mpl

mpl.use("agg")
warnings.simplefilter("ignore")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402


def seconds(draw: Callable[[], object]) -> float:
    """Time one figure, drawn and written; the second of two, so that nothing is loaded in it."""
    for _ in range(2):
        plt.close("all")
        begin = time.process_time()
        draw()
        plt.gcf().savefig(io.BytesIO(), format="png", dpi=150)
        taken = time.process_time() - begin
    return taken


def pictures(n: int, n_codes: int, n_rounds: int) -> dict[str, Callable[[], object]]:
    """Give the peers' drawings, by the chart of ours that they stand beside."""
    rng = np.random.default_rng(7)
    codes = [f"code_{i:02d}" for i in range(n_codes)]
    cells = rng.integers(0, 2, (n, n_codes * n_rounds))
    shares = pd.DataFrame(rng.random((n_codes, n_rounds)), index=codes)
    counts = np.char.add(rng.integers(0, n, (n_codes, n_rounds)).astype(str), f"/{n}")
    long = pd.DataFrame(cells[:, :n_codes], columns=codes).melt(var_name="code")
    lines = shares.reset_index(names="code").melt("code", var_name="round")
    few = pd.DataFrame(cells[:, :6] > 0, columns=list("abcdef"))

    def seaborn(name: str, *args: object, **settings: object) -> Callable[[], object]:
        import seaborn as sns

        return lambda: getattr(sns, name)(*args, **settings)

    def upset() -> object:
        from upsetplot import UpSet, from_indicators

        return UpSet(
            from_indicators(few), subset_size="count", max_subset_rank=20, show_counts=True
        ).plot()

    return {
        "tiles: seaborn heatmap": seaborn("heatmap", cells),
        "heat: seaborn heatmap, annotated": seaborn("heatmap", shares, annot=counts, fmt=""),
        "prevalence: seaborn pointplot": seaborn(
            "pointplot", data=long, x="value", y="code", linestyle="none"
        ),
        "slope: seaborn lineplot": seaborn(
            "lineplot", data=lines, x="round", y="value", hue="code"
        ),
        "upset: upsetplot": upset,
    }


def main() -> None:
    """Print a line a peer: name, tab, seconds (or why it does not run)."""
    for name, draw in pictures(*map(int, sys.argv[1:4])).items():
        try:
            print(f"{name}\t{seconds(draw):.3f}")
        except Exception as error:
            print(f"{name}\tdoes not run: {type(error).__name__}")


if __name__ == "__main__":
    main()
