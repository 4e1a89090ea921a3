"""`concordance`: every match with the words around it, to read before anything is counted."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from quidqual.coding.compile import of_search
from quidqual.coding.sources import Passages, Source, passages
from quidqual.coding.tag import tag
from quidqual.coding.tokens import fold, tokenise
from quidqual.study.arguments import must_be_number, must_be_text, must_have, names_of, one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.faced import face_of, faced

Sort = Literal["text", "left", "right", "match"]
_MARK = {"verbatim": "“", "paraphrase": "·", "mixed": "±"}


def _line_width() -> int:
    """Columns of the terminal; 100 elsewhere, so that a notebook or a file is the same anywhere."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100


@dataclass(frozen=True)
class Concordance:
    """Key words in context.

    Attributes
    ----------
    frame : DataFrame
        One row a match: ``interview, segment, start, end, left, match, right`` and what
        the source carries (``participant, group, round, speech, corpus``).
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def __str__(self) -> str:
        """Lines for a terminal, the match in the middle; “ marks verbatim, · paraphrase."""
        if self.frame.empty:
            return "no match"
        where = self._where()
        widest = max(map(len, where))
        match = max(map(len, self.frame["match"]))
        room = max(10, (_line_width() - widest - match - 6) // 2)
        lines = []
        for place, (left, hit, right, mark) in zip(where, self._cells(), strict=True):
            lines.append(
                f"{place:<{widest}} {mark} {left[-room:]:>{room}} {hit:<{match}} {right[:room]}"
            )
        return "\n".join(line.rstrip() for line in lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Give a table for Jupyter: the words before, the match, the words after."""
        return face_of(self.frame) or ""

    def _where(self) -> list[str]:
        if {"participant", "round"} <= set(self.frame):
            pairs = zip(self.frame["participant"], self.frame["round"], strict=True)
            return [f"{p} {r}" for p, r in pairs]
        return [str(i) for i in self.frame["interview"]]

    def _cells(self) -> list[tuple[str, str, str, str]]:
        speech = self.frame["speech"] if "speech" in self.frame else [""] * len(self.frame)
        parts = (self.frame[c].str.replace("\n", " ") for c in ("left", "match", "right"))
        return [(a, b, c, _MARK.get(s, " ")) for a, b, c, s in zip(*parts, speech, strict=True)]


def concordance(
    source: Source,
    match: str | Sequence[str] | pd.DataFrame,
    *,
    words: int = 8,
    sort: Sort = "text",
    language: str | None = None,
) -> Concordance:
    """Show every match of a pattern with the words around it.

    Parameters
    ----------
    source : Study or texts
        As for `quidqual.tag`.
    match : str, sequence of str or DataFrame
        A pattern (or several) in the language of the codebook's patterns, looked for in
        texts of every language; or rows of `quidqual.tag` made from the same source.
    words : int, default 8
        Words of context on each side, from the whole note where there is one.
    sort : {"text", "left", "right", "match"}
        Order of the rows: as in the texts, by the context read away from the match on
        one side, or by the matched words.
    language : str, optional
        Of texts that carry none; of a study only the notes in this language.

    Returns
    -------
    Concordance
        Its ``frame`` has one row a match; shows itself in Jupyter and in a terminal.

    Raises
    ------
    QuidqualError
        For a malformed pattern, an unknown order, or a language that no note has.

    Examples
    --------
    >>> concordance(["I trust nobody, I trust you."], "trust", words=2).frame["right"].tolist()
    [' nobody, I', ' you.']
    """
    one_of(sort, ("text", "left", "right", "match"), field="sort")
    must_be_number(words, field="words", whole=True)
    if words < 0:
        raise QuidqualError.of(f"words is {words}.", field="words", remedy="Use 0 or more.")
    given = passages(source, language=language)
    if isinstance(match, pd.DataFrame):
        needed = ("interview", "segment", "start", "end", "words")
        must_have(match, needed, of="qq.tag(...)", field="match")
        hits = match
    else:
        hits = _found(source, match, language)
    texts = _texts(given, hits)
    sides = [
        context_of(texts[key][1], start - texts[key][0], end - texts[key][0], words)
        for key, start, end in zip(_keys(given, hits), hits["start"], hits["end"], strict=True)
    ]
    kept = [
        c for c in ("participant", "group", "round", "speech", "speaker", "corpus") if c in hits
    ]
    frame = hits[["interview", "segment", "start", "end"]].copy()
    frame["left"] = pd.Series([left for left, _ in sides], dtype="str", index=frame.index)
    frame["match"] = hits["words"]
    frame["right"] = pd.Series([right for _, right in sides], dtype="str", index=frame.index)
    frame = pd.concat([frame, hits[kept]], axis=1)
    return Concordance(faced(_sorted(frame, sort), "concordance"))


def _found(source: Source, match: str | Sequence[str], language: str | None) -> pd.DataFrame:
    """Look the patterns up, and speak of them as what was searched for."""
    patterns = list(names_of(match, field="match"))
    for pattern in patterns or [None]:
        must_be_text(pattern, field="match")
    try:
        return tag(source, {"match": patterns}, language=language, cues=(), scope="all")
    except QuidqualError as error:
        raise of_search(error, "match") from None


def _keys(given: Passages, hits: pd.DataFrame) -> list[object]:
    if given.notes:
        return hits["interview"].tolist()
    return list(zip(hits["interview"], hits["segment"], strict=True))


def _texts(given: Passages, hits: pd.DataFrame) -> Mapping[object, tuple[int, str]]:
    """Where context is taken from, and the offset at which it starts."""
    wanted = set(_keys(given, hits))
    found: dict[object, tuple[int, str]]
    if given.notes:
        found = {key: (0, text) for key, text in given.notes.items() if key in wanted}
    else:
        rows = given.rows(range(len(given.texts)))
        keys = zip(rows["interview"], rows["segment"], strict=True)
        places = zip(keys, rows["start"], given.texts, strict=True)
        found = {key: (int(start), text) for key, start, text in places if key in wanted}
    if wanted - set(found):
        raise QuidqualError.of(
            "the rows come from other texts than the source.",
            field="match",
            remedy="Give the source that the rows were tagged in.",
        )
    return found


def context_of(text: str, start: int, end: int, words: int) -> tuple[str, str]:
    """Give so many words before and after a place in a text, with all signs between."""
    if not words:
        return "", ""
    width = 60 * words
    left = text[max(0, start - width) : start]
    right = text[end : end + width]
    before, after = tokenise(left), tokenise(right)
    cut = before[-words].start if len(before) > words else 0
    stop = after[words - 1].end if len(after) > words else len(right)
    return left[cut:], right[:stop]


def _sorted(frame: pd.DataFrame, sort: Sort) -> pd.DataFrame:
    if sort == "text":
        return frame.reset_index(drop=True)

    def key(row: tuple[str, str, str]) -> list[str]:
        left, match, right = row
        if sort == "match":
            return [fold(match)]
        side = [t.keys[0] for t in tokenise(left if sort == "left" else right)]
        return side[::-1] if sort == "left" else side

    keys = [key(r) for r in frame[["left", "match", "right"]].itertuples(index=False, name=None)]
    order = sorted(range(len(frame)), key=lambda i: (keys[i], i))
    return frame.take(order).reset_index(drop=True)
