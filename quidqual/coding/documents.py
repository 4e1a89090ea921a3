"""A document of another kind than a note: hard-wrapped lines, headings, sections."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from quidqual.coding.compile import CodebookLike
from quidqual.coding.tag import tag
from quidqual.study.errors import QuidqualError
from quidqual.study.segments import segments_of
from quidqual.study.text import decode

_NUMBERED = re.compile(r"(?:\d+(?:\.\d+)*\.?|[IVX]+\.|#+)\s+\S")
_LONGEST = 90


def unwrap(text: str) -> str:
    r"""Join hard-wrapped lines without moving a character: a lone line end becomes a space.

    Examples
    --------
    >>> unwrap("one\ntwo\n\nthree")
    'one two\n\nthree'
    """
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def is_heading(block: str) -> bool:
    """Tell a heading by its form: one short line that does not end as a sentence does.

    Examples
    --------
    >>> is_heading("2.1 The survivors"), is_heading("They came in May."), is_heading("METHOD")
    (True, False, True)
    """
    line = block.strip()
    if not line or "\n" in line or len(line) > _LONGEST or line[-1] in '.,;:!?”"':
        return False
    words = line.split()
    titled = sum(w[0].isupper() for w in words if w[0].isalpha())
    return bool(_NUMBERED.match(line)) or (
        line[0].isupper() and len(words) <= 12 and (line.isupper() or titled * 2 >= len(words))
    )


def sections_of(text: str, *, name: str = "text", language: str = "en") -> pd.DataFrame:
    """Cut a document into sentences, each with the section it stands in.

    Returns
    -------
    DataFrame
        ``interview`` (str: the document's name), ``segment`` (int), ``start`` (int: in
        the text), ``words, language, section`` (str: the last heading, "" before any).
    """
    rows: list[tuple[str, int, int, str, str, str]] = []
    section = ""
    for block in re.finditer(r"\S(?:[^\n]|\n(?!\s*\n))*", text):
        if is_heading(block.group()):
            section = " ".join(block.group().split())
            continue
        flat = unwrap(block.group())
        for sentence in segments_of(flat, language=language):
            rows.append(
                (
                    name,
                    len(rows) + 1,
                    block.start() + sentence.start,
                    sentence.words,
                    language,
                    section,
                )
            )
    columns = ["interview", "segment", "start", "words", "language", "section"]
    return pd.DataFrame(rows, columns=columns)


def tag_file(path: str | Path, codebook: CodebookLike, *, language: str = "en") -> pd.DataFrame:
    """Tag any text file with a codebook, by section.

    Parameters
    ----------
    path : path
        A plain text in UTF-8; never changed.
    codebook : Codebook, Study or mapping of code to patterns
    language : str, default "en"

    Returns
    -------
    DataFrame
        The columns of `quidqual.tag` and ``section`` (str: the heading above).

    Raises
    ------
    QuidqualError
        If the file is not there or not UTF-8.
    """
    source = Path(path)
    try:
        text = decode(source.read_bytes(), file=source.name)
    except OSError:
        raise QuidqualError.of("there is no such file, or it cannot be read.", file=str(path),
                               remedy="Give the path of a plain text.") from None  # fmt: skip
    segments = sections_of(text, name=source.stem, language=language)
    hits = tag(segments, codebook, language=language)
    return hits.merge(segments[["segment", "section"]], on="segment", how="left")


def section_counts(hits: pd.DataFrame, *, level: str = "theme") -> pd.DataFrame:
    """Count hits by section: which themes a document dwells on, and where.

    Parameters
    ----------
    hits : DataFrame
        From `tag_file`.
    level : {"theme", "code"}

    Returns
    -------
    DataFrame
        One row a section in the order of the document, one column a theme (or code) with
        at least one hit, and ``all``: numbers of hits (int).
    """
    order = list(dict.fromkeys(hits["section"]))
    columns = [c for c in hits[level].cat.categories if (hits[level] == c).any()]
    table = pd.crosstab(hits["section"], hits[level].astype(str)).reindex(order)[columns]
    return table.assign(all=table.sum(axis=1)).rename_axis(columns=None).reset_index()
