"""What `savefig` asks first when a figure shows real notes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from quidqual.study.release_gate import check_before_writing
from quidqual.study.write_table import table_as_csv

if TYPE_CHECKING:
    from .canvas import Drawn


def guard(figure: Figure, charts: Sequence[Drawn]) -> None:
    """Let no file of a chart of real notes be saved that the release check would block.

    It goes for a chart that was drawn into somebody's own figure too: its `savefig` is a call
    like any other, and the commonest way out of the house.
    """
    if any("real" in chart.corpus for chart in charts):
        plain = type(figure).savefig
        figure.savefig = partial(_save, figure, plain, tuple(charts))  # type: ignore[method-assign]


def _save(
    figure: Figure, plain: Callable[..., None], charts: Sequence[Drawn], fname: Any, **settings: Any
) -> None:
    if isinstance(fname, str | os.PathLike):  # else into memory, from where it is written later
        target = Path(os.fsdecode(fname))
        tables = {f"{target.name}, {c.chart}.csv": table_as_csv(c.data) for c in charts}
        told = {f"{target.name}, alternative text.md": "\n".join(c.alt for c in charts)}
        check_before_writing({**tables, **told}, target=target.parent, of="real")
    plain(figure, fname, **settings)
