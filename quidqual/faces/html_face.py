"""What a notebook shows for a study and a codebook: what a person looks at first.

Plain tables that take their colours from the page, so they read in light and dark, in
JupyterLab, nbviewer and on GitHub, without scroll bars of their own. No word of a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

_CELL = "text-align:left;vertical-align:top;padding:.15em .7em;white-space:normal"
_GLYPH = {"held": "●", "missed": "×", "not_due": "·"}
_MOST = 40
CORPUS = {
    "synthetic": "synthetic notes, not participants' words",
    "real": "real notes",
}


class Said(NamedTuple):
    """Signs in a cell, and what they say to those who cannot see them."""

    text: str
    said: str


def plain_table(
    head: Sequence[str], rows: Iterable[Sequence[str | Said]], *, scope_row: bool = True
) -> str:
    """Write a table whose cells wrap; the first cell of a row names it.

    Examples
    --------
    >>> "&lt;2&gt;" in plain_table(["a"], [["<2>"]])
    True
    """
    first = "".join(f'<th scope="col" style="{_CELL}">{escape(name)}</th>' for name in head)
    lines = []
    for row in rows:
        cells = [_cell(cell) for cell in row]
        name = f'<th scope="row" style="{_CELL}">{cells[0]}</th>' if scope_row else ""
        rest = cells[1:] if scope_row else cells
        lines.append(
            f"<tr>{name}" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in rest) + "</tr>"
        )
    return f"<table><thead><tr>{first}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(cell: str | Said) -> str:
    if isinstance(cell, Said):
        return f'<span role="img" aria-label="{escape(cell.said)}">{_lines(cell.text)}</span>'
    return _lines(cell)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def study_html(study: Study) -> str:
    """Show a study: who was interviewed when, what is coded by whom, and what is amiss."""
    held = study.interviews
    n_held = int((held["status"] == "held").sum())
    corpus = CORPUS.get(study.corpus, study.corpus)
    told = [
        f"{counted(len(study.participants), 'participant')}, {counted(n_held, 'interview')} held, "
        f"{counted(len(study.notes), 'note')}; {counted(len(study.codebook.themes), 'theme')}, "
        f"{counted(len(study.codebook.codable), 'code')}; {counted(len(study.claims), 'claim')}",
    ]
    by = study.codings.groupby("coder").size()
    told += [f"{coder}: {counted(int(n), 'coding')}" for coder, n in by.items()]
    unread = len(study.notes) - len(study.notes_read())
    told += [f"{counted(unread, 'note')} unread"] if unread else []
    if len(study.problems):
        told.append(f"{counted(len(study.problems), 'warning')}: see study.problems")
    head = f"<p><b>{escape(study.title)}</b> ({escape(corpus)})<br>{escape('; '.join(told))}</p>"
    return head + (_people(study) if len(study.participants) <= _MOST else _groups(study))


def _people(study: Study) -> str:
    frame = study.interviews[["participant", "round", "status"]].astype("str")
    state = {(p, r): s for p, r, s in frame.itertuples(index=False)}
    coded = study.codings.groupby(["participant", "round"], observed=True).size().to_dict()
    people = study.participants[["participant", "group"]].astype("str")
    rows = []
    for person, group in people.itertuples(index=False):
        cells = []
        for time in study.round_order:
            glyph = _GLYPH.get(state.get((person, time), "not_due"), "")
            n = coded.get((person, time), 0)
            cells.append(f"{glyph} {n}" if n else glyph)
        rows.append([person, group, *cells])
    key = "<small>● held (and how many codings), × missed, · not due</small>"
    return plain_table(["participant", "group", *study.round_order], rows) + key


def _groups(study: Study) -> str:
    groups = study.participants.set_index("participant")["group"]
    frame = study.interviews
    frame = frame[frame["status"] == "held"].assign(group=lambda f: f["participant"].map(groups))
    counts = frame.groupby(["group", "round"], observed=False).size().to_dict()
    sizes = groups.groupby(groups).size()
    rows = [
        [str(group), str(n), *(str(counts.get((group, r), 0)) for r in study.round_order)]
        for group, n in sizes.items()
    ]
    key = "<small>interviews held</small>"
    return plain_table(["group", "participants", *study.round_order], rows) + key


def codebook_html(book: Codebook, *, language: str = "en") -> str:
    """Show a codebook as a tree: label, id, definition."""
    frame = book.frame
    depth = dict(zip(frame["id"], frame["depth"], strict=True))
    rows = []
    for code in book:
        name = "\u2003" * int(depth[code.id]) + code.name(language)
        notes = [code.definition]
        if code.include:
            notes.append(f"Include: {code.include}")
        if code.exclude:
            notes.append(f"Exclude: {code.exclude}")
        marks = "heading" if not code.codable else "retired" if code.retired else ""
        rows.append([name, code.id, " ".join(part for part in notes if part), marks])
    told = f"{counted(len(book.themes), 'theme')}, {counted(len(book.codable), 'code')}"
    return f"<p>{told}</p>" + plain_table(["code", "id", "definition", ""], rows)
