"""Summaries of a framework matrix, kept in the study folder as text.

One file an interview, ``summaries/<interview>.md``, with a heading for each theme::

    # P1-R2

    ## relationships
    <!-- codings: 3f9a1c20b7de -->
    She trusts one colleague by now.

The comment holds a fingerprint of the codings that stood beneath when the summary was
written. When it no longer fits, the summary is *stale*: still there, and marked, for a
person to read again. Any editor will do; a section typed without the comment is
*unlinked* until it is written once through :func:`write_summary`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quidqual.study.arguments import must_be_text, takes_study
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import as_path, write_atomic
from quidqual.study.gate import file_stem, identifier_of, safe_path

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["read_summaries", "write_summary"]

_FOLDER = "summaries"
_MARK = re.compile(r"<!--\s*codings:\s*([0-9a-f]*)\s*-->")
_HEADING = re.compile(r"^##[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Summary:
    """A summary of one theme in one interview, and the fingerprint it was written on."""

    text: str
    fingerprint: str


def fingerprint(
    ids: Iterable[str], start: Iterable[int], end: Iterable[int], code: Iterable[str]
) -> str:
    """Digest the codings of a cell, whatever their order; "" for none.

    Examples
    --------
    >>> fingerprint(["x"], [0], [4], ["trust"])
    '7d0f4300cb64'
    """
    rows = sorted(zip(ids, start, end, code, strict=True))
    if not rows:
        return ""
    text = "\n".join(f"{i} {s} {e} {c}" for i, s, e, c in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_summaries(folder: Path | str | None) -> dict[tuple[str, str], Summary]:
    """Read all summaries of a study folder.

    Parameters
    ----------
    folder : Path, str or None
        The study folder; None, or a folder without summaries, gives none.

    Returns
    -------
    dict
        ``(interview, theme)`` to its summary; empty sections are left out.

    Raises
    ------
    QuidqualError
        If a file is not UTF-8.
    """
    found: dict[tuple[str, str], Summary] = {}
    if folder is None:
        return found
    for path in sorted((as_path(folder) / _FOLDER).glob("*.md")):
        try:
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise QuidqualError.of(
                "The file is not UTF-8.", remedy="Save it as UTF-8.", file=f"{_FOLDER}/{path.name}"
            ) from None
        for theme, body in _sections(text):
            mark = _MARK.search(body)
            words = _MARK.sub("", body).strip()
            if words:
                found[identifier_of(path.stem), theme] = Summary(
                    words, mark.group(1) if mark else "?"
                )
    return found


@takes_study
def write_summary(
    study: Study, interview: str, theme: str, text: str, *, folder: Path | str | None = None
) -> Path:
    """Write the summary of one theme in one interview, linked to the codings as they are.

    Parameters
    ----------
    study : Study
    interview, theme : str
        An interview that was held; a theme or code of the codebook.
    text : str
        The summary; an empty one takes the section away. A line may not begin with
        ``##``.
    folder : Path or str, optional
        The study folder, if the study was not opened from one.

    Returns
    -------
    Path
        The file written; its other sections stay as they are, byte for byte.

    Raises
    ------
    QuidqualError
        If the interview or theme is not there, the study has no folder, or the text would
        break the file.

    Examples
    --------
    >>> import tempfile
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = qq.analysis.write_summary(study, "P1-R2", "ties", "Trusts one.", folder=folder)
    ...     qq.analysis.read_summaries(folder)["P1-R2", "ties"].text
    'Trusts one.'
    """
    for given, field in ((interview, "interview"), (theme, "theme"), (text, "text")):
        must_be_text(given, field=field)
    target = study.folder if folder is None else folder
    if target is None:
        raise QuidqualError.of(
            "The study has no folder yet.", remedy="Save it first, or give folder=.", field="folder"
        )
    held = study.notes["interview"].tolist()
    if interview not in held or Path(interview).name != interview:
        raise QuidqualError.of(
            f"{interview!r} has no note.", remedy=f"Use one of {listed(held)}.", field="interview"
        )
    theme = study.codebook[theme].id
    if _HEADING.search(text) or _MARK.search(text):
        raise QuidqualError.of(
            "The summary holds a line that begins with ## or a mark of codings.",
            remedy="Write it without.",
            field="text",
        )
    mark = _cell_fingerprint(study, interview, theme)
    section = f"## {theme}\n<!-- codings: {mark} -->\n{text.strip()}\n" if text.strip() else ""
    path = safe_path(as_path(target), f"{_FOLDER}/{file_stem(interview)}.md", field="interview")
    before = path.read_bytes().decode("utf-8") if path.exists() else f"# {interview}\n"
    write_atomic(path, _replaced(before, theme, section))
    return path


def _cell_fingerprint(study: Study, interview: str, theme: str) -> str:
    """Fingerprint of the codings that lie beneath a cell now."""
    codings = study.codings
    below = {theme, *study.codebook.descendants(theme)}
    keep = (codings["interview"] == interview) & codings["code"].isin(below)
    if study.primary_coder is not None:
        keep &= codings["coder"] == study.primary_coder
    cell = codings[keep]
    return fingerprint(cell["id"], cell["start"], cell["end"], cell["code"])


def _sections(text: str) -> list[tuple[str, str]]:
    """Cut a file at its headings."""
    parts = _HEADING.split(text)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _replaced(text: str, theme: str, section: str) -> str:
    """Put a section in the place of the old one, or at the end."""
    heads = list(_HEADING.finditer(text))
    for number, head in enumerate(heads):
        if head.group(1) == theme:
            stop = heads[number + 1].start() if number + 1 < len(heads) else len(text)
            gap = "\n" if section and stop < len(text) else ""
            return text[: head.start()] + section + gap + text[stop:]
    return text.rstrip("\n") + "\n\n" + section if section else text
