"""The figures of the report, drawn once and kept as SVG (HTML) and PNG (DOCX), with their data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
        from quidqual.plots.formats import Story, render

        story = Story(self.name, self.title, self.alt, provenance or {})
        return render(self.figure, kind, story=story, dpi=dpi)


def inline(svg: str, name: str) -> str:
    """Make an SVG fit to stand inside a page: no document head, ids that clash with none.

    Examples
    --------
    >>> inline('<?xml version="1.0"?><svg><path id="a"/><use href="#a"/></svg>', "f1")
    '<svg><path id="f1-a"/><use href="#f1-a"/></svg>'
    """

    def own(match: re.Match[str]) -> str:
        return match[1] + " ".join(f"{name}-{part}" for part in match[2].split())

    return _NAMES.sub(own, _DROPPED.sub("", svg)).strip()


def pictures(
    study: Study, presence: pd.DataFrame, *, agreement: pd.DataFrame | None = None
) -> tuple[Picture, ...]:
    """Draw the figures that a study can fill; one it cannot fill is left out by rule.

    Parameters
    ----------
    study : Study
    presence : DataFrame
        As `quidqual.presence` gives it.
    agreement : DataFrame, optional
        As `quidqual.agreement` gives it, for a study with two coders or more.
    """
    found = [*_design(study), *_themes(study), *_course(study, presence)]
    if agreement is not None and len(agreement):
        found.append(_agreement(study, agreement))
    return tuple(found)


def _picture(
    name: str, title: str, caption: str, draw: Callable[..., Figure], *tables: Any, **options: Any
) -> Picture:
    from quidqual.plots.canvas import drawn

    figure = draw(*tables, **options)
    charts = drawn(figure)
    alt = " ".join(chart.alt for chart in charts)
    return Picture(name, title, caption, alt, charts[0].data, figure)


def _design(study: Study) -> Iterator[Picture]:
    from quidqual.plots.timeline import interview_timeline

    if study.interviews["date"].notna().any():
        yield _picture(
            "timeline",
            "Who was interviewed when",
            "Each interview on its day. The shape tells how it was held, the colour the language; "
            "interviews that were missed or never due stand in the middle of their round.",
            interview_timeline,
            study.interviews,
            participants=study.participants,
        )


def _themes(study: Study) -> Iterator[Picture]:
    from quidqual.analysis.presence import presence
    from quidqual.plots.tile_grid import tiles

    themes = presence(study, level="theme")
    if (themes["state"] == "present").any():
        yield _picture(
            "themes",
            "Who spoke of which theme, and when",
            "One tile a participant, theme and round. Absent means asked and not spoken of; not "
            "observed means that there was no interview, or nobody raised it.",
            tiles,
            themes,
            codebook=study.codebook,
        )


def _course(study: Study, presence: pd.DataFrame) -> Iterator[Picture]:
    from quidqual.plots.heat_tiles import heat
    from quidqual.plots.lanes import trajectories
    from quidqual.plots.lost_kept_gained import change_bars

    labels = study.settings.get("groups") or {}
    rounds = len(study.round_order)
    for group in dict.fromkeys(study.participants["group"]):
        own = presence[presence["group"] == group]
        codes = _ever_present(own)
        if not codes:
            continue
        whom = str(labels.get(group, group))
        table = prevalence(own[own["code"].isin(codes)], by=("code", "round"))
        yield _picture(
            f"codes-{_slug(group)}",
            f"{whom}: how many spoke of what, round by round",
            "k of n participants observed. Darker means a larger share; a cell without anyone "
            "observed is empty, which is not the same as 0.",
            heat,
            table[table["code"].isin(codes)].assign(
                code=lambda t: t["code"].cat.remove_unused_categories()
            ),
            codebook=study.codebook,
        )
        told = [code for code in codes if code in _changing(study)]
        if rounds > 1 and told:
            yield _picture(
                f"change-{_slug(group)}",
                f"{whom}: lost, kept and gained between two rounds",
                "Codes that findings on change or state name. Only participants observed in both "
                "rounds count; n stands at the end of each row.",
                change_bars,
                own,
                codes=told,
                codebook=study.codebook,
            )
        trends = [code for code in told if code in _trends(study)]
        if rounds > 1 and trends:
            yield _picture(
                f"courses-{_slug(group)}",
                f"{whom}: the course of each participant",
                "Codes that a finding says fade or rise. Dots cross a round that was not observed: "
                "what happened there is unknown.",
                trajectories,
                own,
                codes=trends,
                codebook=study.codebook,
            )


def _agreement(study: Study, agreement: pd.DataFrame) -> Picture:
    from quidqual.plots.agreement import agreement_forest

    return _picture(
        "agreement",
        "Agreement between the coders, code by code",
        "Krippendorff’s alpha per code with its interval. A rare code has a wide one.",
        agreement_forest,
        agreement,
        coefficient="alpha",
        codebook=study.codebook,
    )


def _ever_present(presence: pd.DataFrame) -> list[str]:
    seen = presence.loc[presence["state"] == "present", "code"]
    return [code for code in presence["code"].cat.categories if code in set(seen)]


def _changing(study: Study) -> set[str]:
    return {
        code
        for claim in study.claims
        if claim.kind in ("change", "state")
        for condition in _conditions(claim.checks)
        for code in condition.get("codes", ())
    }


def _trends(study: Study) -> set[str]:
    return {
        code
        for claim in study.claims
        for condition in _conditions(claim.checks)
        if condition.get("when") in ("fades", "rises")
        for code in condition.get("codes", ())
    }


def _conditions(checks: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for check in checks:
        if check.get("measure") == "prevalence":
            yield from check.get("where") or [check]


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "group"
