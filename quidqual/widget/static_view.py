"""What stands in a saved notebook in place of the surface: progress and counts, no words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from quidqual.faces.html_face import plain_table

if TYPE_CHECKING:
    from quidqual.hand_coding.session import CodingSession
    from quidqual.study.model import Study

_GLYPH = {"open": "○", "begun": "◐", "read": "●"}


def progress_html(session: CodingSession, *, keep_words: bool = False) -> str:
    """Give participants x rounds with how far the coder is, and how often each code was given.

    Parameters
    ----------
    session : CodingSession
    keep_words : bool
        Add the words of the coder's passages.
    """
    study, state = session.study, session.state
    counts: dict[str, int] = {}
    for coding in state.standing.values():
        counts[coding["interview"]] = counts.get(coding["interview"], 0) + 1
    notes = study.notes[["interview", "participant", "round"]].astype("str")
    cells: dict[tuple[str, str], str] = {}
    for interview, person, time in notes.itertuples(index=False):
        n = counts.get(interview, 0)
        how = "read" if interview in state.read else "begun" if n else "open"
        cells[person, time] = f"{_GLYPH[how]} {how}, {n}"
    people = list(dict.fromkeys(notes["participant"]))
    rounds = list(study.round_order)
    rows = [[p, *(cells.get((p, r), "–") for r in rounds)] for p in people]
    caption = f"Coder {session.coder}: {len(state.read)} of {len(notes)} notes read, "
    caption += f"{len(state.standing)} codings ({study.corpus} notes)"
    parts = [f"<p>{escape(caption)}</p>", plain_table(["participant", *rounds], rows)]
    by_code: dict[str, int] = {}
    for coding in state.standing.values():
        by_code[coding["code"]] = by_code.get(coding["code"], 0) + 1
    used = [[c, str(by_code[c])] for c in study.codebook.ids if c in by_code]
    if used:
        parts.append(plain_table(["code", "passages"], used))
    if keep_words:
        frame = session.codings[["interview", "code", "exact"]].astype("str")
        parts.append(plain_table(["interview", "code", "words"], frame.values.tolist()))
    return f'<div class="qq-static">{"".join(parts)}</div>'


def prevalence_html(study: Study) -> str:
    """Give each theme's k of n by round: what an exploring surface opens with, without words."""
    from quidqual.analysis.presence import presence
    from quidqual.analysis.prevalence import prevalence

    table = prevalence(presence(study, level="theme"), by=("code", "round"))
    wide = table.pivot(index="code", columns="round", values="label")
    book = study.codebook
    rows = [[book[str(code)].name(), *(str(v) for v in row)] for code, row in
            zip(wide.index, wide.to_numpy(), strict=True)]  # fmt: skip
    caption = f"{study.title}: participants of whom the theme was coded ({study.corpus} notes)"
    head = ["theme", *(str(c) for c in wide.columns)]
    return f'<div class="qq-static"><p>{escape(caption)}</p>{plain_table(head, rows)}</div>'
