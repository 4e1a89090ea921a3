"""The figures of the report, drawn once and kept as SVG (HTML) and PNG (DOCX), with their data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.analysis.prevalence import prevalence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from quidqual.study.model import Study

_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<style\b.*?</style>|\s+(?=\n)", re.DOTALL
)
_NAMES = re.compile(r'(\bid="|href="#|url\(#|aria-labelledby=")([^")]+)')


@dataclass(frozen=True)
class Picture:
    """One figure: its drawing, what it shows in words, and the table it was drawn from."""

    name: str
    title: str
    caption: str
    alt: str
    data: pd.DataFrame
    figure: Figure

    def svg(self, provenance: dict[str, str] | None = None) -> str:
        """Give the drawing as inline SVG whose ids are its own."""
        return inline(self.bytes("svg", provenance).decode("utf-8"), self.name)

    def bytes(self, kind: str, provenance: dict[str, str] | None = None, dpi: int = 200) -> bytes:
        """Give the drawing as the bytes of a file."""
        from quidqual.publishing.formats import Story, render

        story = Story(self.name, self.title, self.alt, provenance or {})
        return render(self.figure, kind, story=story, dpi=dpi)


def inline(svg: str, name: str) -> str:
    """Make an SVG fit to stand inside a page: no document head, ids that clash with none.

    A chart may mark many things by one name; all but the first are numbered.

    Examples
    --------
    >>> inline('<?xml version="1.0"?><svg><path id="a"/><use href="#a"/></svg>', "f1")
    '<svg><path id="f1-a"/><use href="#f1-a"/></svg>'
    """
    met: Counter[str] = Counter()

    def own(match: re.Match[str]) -> str:
        names = " ".join(f"{name}-{part}" for part in match[2].split())
        if match[1] == 'id="':
            met[names] += 1
            if met[names] > 1:
                names = f"{names}.{met[names]}"
        return match[1] + names

    return _NAMES.sub(own, _DROPPED.sub("", svg)).strip()


def pictures(
    study: Study, presence: pd.DataFrame, *, agreement: pd.DataFrame | None = None
) -> tuple[Picture, ...]:
    """Draw the figures that a study can fill; one it cannot fill is left out by rule.

    They are those of `quidqual.reporting.study_figures.study_figures` but for the ledger, which the
    report prints as a table; then k of n of every code, and the agreement of the coders.

    Parameters
    ----------
    study : Study
    presence : DataFrame
        As `quidqual.presence` gives it.
    agreement : DataFrame, optional
        As `quidqual.agreement` gives it, for a study with two coders or more.
    """
    from quidqual.reporting.study_figures import study_figures

    found = [
        _picture(one.name, one.caption, one.figure, one.data)
        for one in study_figures(study, ledger=False)
    ]
    found += _counts(study, presence)
    if agreement is not None and len(agreement):
        found.append(_agreement(study, agreement))
    return tuple(found)


def _picture(name: str, caption: str, figure: Figure, data: pd.DataFrame) -> Picture:
    """Take the first sentence of a caption as the title of the figure."""
    from quidqual.plots.canvas import drawn

    title, _, rest = caption.partition(". ")
    alt = " ".join(chart.alt for chart in drawn(figure))
    return Picture(name.replace("_", "-"), title.removesuffix("."), rest, alt, data, figure)


def _counts(study: Study, presence: pd.DataFrame) -> Iterator[Picture]:
    """Draw k of n of every code that a group ever spoke of, round by round."""
    from quidqual.more_charts._heat import heat

    labels = study.settings.get("groups") or {}
    for group in dict.fromkeys(study.participants["group"]):
        own = presence[presence["group"] == group]
        codes = set(own.loc[own["state"] == "present", "code"])
        if not codes:
            continue
        own = own[own["code"].isin(codes)]
        own = own.assign(code=own["code"].cat.remove_unused_categories())
        table = prevalence(own, by=("code", "round"))
        caption = (
            f"{labels.get(group, group)}: how many spoke of what, round by round. k of n "
            "participants observed; a darker cell means a larger share. A cell in which nobody "
            "was observed is empty, which is not the same as 0."
        )
        name = f"codes-{re.sub('[^a-z0-9]+', '-', group.lower()).strip('-') or 'group'}"
        yield _picture(name, caption, heat(table, codebook=study.codebook), table)


def _agreement(study: Study, agreement: pd.DataFrame) -> Picture:
    from quidqual.agreement._agreement_forest import agreement_forest

    caption = (
        "Agreement between the coders, code by code. Krippendorff’s alpha with its interval; "
        "that of a rare code is wide."
    )
    figure = agreement_forest(agreement, coefficient="alpha", codebook=study.codebook)
    return _picture("agreement", caption, figure, agreement)
