"""The figures of a study's report: which table each is drawn from, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.findings.evidence import codes_asked_for
from quidqual.study.arguments import must_have, takes_study
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from quidqual.study.model import Study

_MOST = 12
_ROWS = 16


@dataclass(frozen=True)
class StudyFigure:
    """One figure with the table it was drawn from and its caption."""

    name: str
    figure: Figure
    data: pd.DataFrame
    caption: str


@takes_study
def study_figures(study: Study, *, ledger: bool = True) -> Iterator[StudyFigure]:
    """Draw the figures of a study, one after the other.

    Parameters
    ----------
    study : Study
        Any study: a figure for which it has no data is left out.
    ledger : bool, default True
        Whether the ledger is drawn too: a page that prints it as a table does not need it.

    Yields
    ------
    StudyFigure
        ``interviews``; ``themes`` (icon arrays) and ``themes_by_round`` (k of n); for each
        group ``change_<group>`` (tiles), ``courses_<group>`` (trajectories) and
        ``new_kept_not_again_<group>``; ``state_<construct>``; ``ledger_1``, ``ledger_2``, ...
    """
    from quidqual import plots
    from quidqual.analysis.presence import presence

    if study.interviews.empty:
        return
    if study.interviews["date"].notna().any():
        held = int((study.interviews["status"] == "held").sum())
        yield StudyFigure(
            "interviews",
            plots.interview_timeline(study.interviews, participants=study.participants),
            study.interviews,
            f"Who was interviewed when: {counted(len(study.participants), 'participant')}, "
            f"{counted(held, 'interview')}.",
        )
    table = presence(study)
    if table.empty or not (table["state"] == "present").any():
        return
    yield from _themes(study)
    for group in dict.fromkeys(study.participants["group"]):
        yield from _change(study, table, group)
    yield from _constructs(study)
    if study.claims:
        yield from _told_courses(study)
        if ledger:
            yield from _ledger(study)


def _told_courses(study: Study) -> Iterator[StudyFigure]:
    """Draw the courses that single claims tell of, one line a code."""
    from quidqual import plots
    from quidqual.findings.evidence import lines_of_courses
    from quidqual.findings.ledger import ledger

    courses = ledger(study).courses()
    if courses.empty:
        return
    figure = plots.states(lines_of_courses(courses, study.codebook), row="line")
    caption = (
        "The courses that the report tells of single persons, code by code. Each line reads: "
        "person, code, and whether it was there in each round; told before: it has happened or "
        "lies behind, and is not told again."
    )
    yield StudyFigure("courses_told", figure, courses, caption)


def _themes(study: Study) -> Iterator[StudyFigure]:
    from quidqual import plots
    from quidqual.analysis.presence import presence
    from quidqual.analysis.prevalence import prevalence

    table = presence(study, level="theme")
    observed = table.groupby("code", observed=True)["state"].transform(
        lambda state: (state != "not_observed").any()
    )
    table = table[observed.astype(bool)].assign(
        code=lambda t: t["code"].cat.remove_unused_categories()
    )
    book: dict[str, Any] = {"codebook": study.codebook}
    yield StudyFigure(
        "themes",
        plots.icons(table, **book),
        table,
        "Who speaks of which theme in which round. Each person has a fixed place; a cross marks "
        "a person in whom the theme was not observed, who is not counted in n.",
    )
    counts = prevalence(table, by=("code", "round"))
    yield StudyFigure(
        "themes_by_round",
        plots.heat(counts, **book),
        counts,
        "Participants who speak of a theme, of those in whom it was observed, per round.",
    )


def _change(study: Study, table: pd.DataFrame, group: str) -> Iterator[StudyFigure]:
    from quidqual import plots

    codes = codes_of_change(study, table, group)
    part = table[(table["group"] == group) & table["code"].isin(codes)]
    rounds = set(part.loc[part["state"] != "not_observed", "round"])
    if len(rounds) < 2:
        return
    part = part.assign(code=part["code"].cat.remove_unused_categories())
    label = study.settings.get("groups", {}).get(group, group)
    slug = "".join(c if c.isalnum() else "_" for c in group.lower())[:40]
    book: dict[str, Any] = {"codebook": study.codebook}
    yield StudyFigure(
        f"change_{slug}",
        plots.tiles(part, **book),
        part,
        f"{label}: codes over the rounds, person by person. Not observed is not absent.",
    )
    yield StudyFigure(
        f"courses_{slug}",
        plots.trajectories(part, **book),
        part,
        f"{label}: the course of each code over the rounds, one line a person.",
    )
    yield StudyFigure(
        f"new_kept_not_again_{slug}",
        plots.change_bars(part, **book),
        part,
        f"{label}: codes new, kept and not mentioned again; persons observed in both rounds only.",
    )


@takes_study
def codes_of_change(
    study: Study, presence: pd.DataFrame, group: str | None = None, *, most: int = _MOST
) -> list[str]:
    """Choose the codes to draw: those in which most people change.

    Parameters
    ----------
    study : Study
    presence : DataFrame
        As `quidqual.presence` gives it.
    group : str, optional
        Only people of this group; by default all whom the table holds.
    most : int, default 12
        How many at most.

    Returns
    -------
    list of str
        In the order of the codebook. Codes that the study's claims about change name go
        first; among equals, the codes with more coded passages.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example()
    >>> codes_of_change(study, qq.presence(study), "survivor", most=2)
    ['self_blame', 'autonomy']
    """
    must_have(
        presence,
        ("participant", "group", "code", "state", "n_codings"),
        of="qq.presence(study)",
        field="presence",
    )
    groups = list(presence["group"].unique()) if group is None else [group]
    own = presence[presence["group"].isin(groups) & (presence["state"] != "not_observed")]
    own = own[own["state"].eq("present").groupby(own["code"], observed=True).transform("any")]
    states = own.groupby(["code", "participant"], observed=True)["state"].nunique()
    changed = (states > 1).groupby("code", observed=True).sum()
    passages = own.groupby("code", observed=True)["n_codings"].sum()
    claims = [c for c in study.claims if c.kind in ("change", "state") and c.group in groups]
    named = {code for claim in claims for code in codes_asked_for(claim)}
    order = sorted(
        changed.index,
        key=lambda code: (code not in named, -int(changed[code]), -int(passages[code]), str(code)),
    )
    chosen = set(order[:most])
    return [code for code in study.codebook.ids if code in chosen]


def _constructs(study: Study) -> Iterator[StudyFigure]:
    from quidqual import plots
    from quidqual.analysis.states import states

    for construct in study.codebook.constructs:
        frame = states(study, construct.id)
        seen = frame.loc[frame["state"] != "not_observed", "participant"].unique()
        frame = frame[frame["participant"].isin(seen)].reset_index(drop=True)
        if frame.empty:
            continue
        labels = {s.id: s.label.get("en") or s.id for s in construct.states}
        title = construct.label.get("en") or construct.id
        yield StudyFigure(
            f"state_{construct.id}",
            plots.states(frame, labels=labels),
            frame,
            f"{title}: the latest state that each person shows in each round.",
        )


def _ledger(study: Study) -> Iterator[StudyFigure]:
    """Draw the ledger in pages that fit a page."""
    from quidqual import plots
    from quidqual.findings.ledger import ledger

    book = ledger(study).table
    shown = book[["claim", "page", "summary", "stated", "computed", "verdict", "corpus"]]
    columns = ["claim", "summary", "stated", "computed", "verdict"]
    n = -(-len(shown) // _ROWS)
    ends = [len(shown) * page // n for page in range(n + 1)]  # pages of about equal length
    pages = [shown.iloc[first:last] for first, last in pairwise(ends)]
    for number, part in enumerate(pages, 1):
        page = part.reset_index(drop=True)
        caption = (
            "Each claim of the report: what it states, what was computed, and the verdict "
            f"(part {number} of {len(pages)})."
        )
        yield StudyFigure(f"ledger_{number}", plots.ledger(page, columns=columns), page, caption)
