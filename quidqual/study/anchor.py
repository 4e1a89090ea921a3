"""Finding a coding again after its note was edited.

A coding keeps its offsets and, beside them, its exact words and some context (the
text-position and text-quote selectors of the W3C Web Annotation Data Model). When the
offsets no longer lead to the words, the words are looked for; where several places fit,
the context decides; where it cannot, the coding is reported as lost. Nothing moves
silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from quidqual.study.arguments import must_be_text, must_have
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import as_path
from quidqual.study.log import CONTEXT
from quidqual.study.log_append import append
from quidqual.study.text import canonical

_CONTEXT = 200
"""Signs before and after that are compared; a log keeps 32."""


class Anchor(NamedTuple):
    """Where a coding is now: ``status`` is exact, moved or lost (start and end are then -1)."""

    start: int
    end: int
    status: str


def find(text: str, exact: str, start: int, end: int, prefix: str = "", suffix: str = "") -> Anchor:
    """Find the words of one coding in a note; a line end is as good as a blank.

    Parameters
    ----------
    text : str
        The canonical note as it is now.
    exact : str
        The words that were coded.
    start, end : int
        Where they stood.
    prefix, suffix : str, optional
        The words just before and after; they decide between several places.

    Returns
    -------
    Anchor

    Examples
    --------
    >>> find("Now she trusts.", "trusts", 4, 10)
    Anchor(start=8, end=14, status='moved')
    >>> find("Nothing left.", "trusts", 4, 10).status
    'lost'
    """
    if not exact:
        return Anchor(-1, -1, "lost")
    if start >= 0 and _one_line(text[start:end]) == _one_line(exact):
        return Anchor(start, end, "exact")
    places = _places_of(text, exact)
    if len(places) > 1:
        scores = _scores(text, places, len(exact), prefix[-_CONTEXT:], suffix[:_CONTEXT])
        best = scores.max()
        places = places[(scores == best) & (best > 0)]
    if len(places) != 1:
        return Anchor(-1, -1, "lost")
    return Anchor(int(places[0]), int(places[0]) + len(exact), "moved")


def places_of(text: str, words: str) -> list[int]:
    r"""All places at which words stand; a line end in the note is as good as a blank.

    Examples
    --------
    >>> places_of("aa a", "a"), places_of("not\ntrust", "not trust")
    ([0, 1, 3], [0])
    """
    if not words:
        return []
    found: list[int] = []
    for there, wanted in ((text, words), (_one_line(text), _one_line(words))):
        at = there.find(wanted)
        while at >= 0:
            found.append(at)
            at = there.find(wanted, at + 1)
        if found:
            break
    return found


@lru_cache(maxsize=256)
def _places_of(text: str, words: str) -> np.ndarray:
    """The same, kept for the next coding of the same words."""
    return np.asarray(places_of(text, words), dtype=np.int64)


@lru_cache(maxsize=8)
def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _scores(text: str, at: np.ndarray, length: int, prefix: str, suffix: str) -> np.ndarray:
    """How many signs just before and after each place are those that stood there: all at once."""
    codes = _codes(text)
    scores = np.zeros(len(at), dtype=np.int64)
    for step, signs in ((-1, prefix[::-1]), (1, suffix)):
        here = at - 1 if step < 0 else at + length
        alike = np.ones(len(at), dtype=bool)
        for sign in signs:
            alike &= (here >= 0) & (here < len(codes))
            alike &= codes[np.clip(here, 0, len(codes) - 1)] == ord(sign)
            if not alike.any():
                break
            scores += alike
            here = here + step
    return scores


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def reanchor(codings: pd.DataFrame, notes: Mapping[str, str]) -> pd.DataFrame:
    """Find every coding again in the notes as they are now.

    Parameters
    ----------
    codings : DataFrame
        Columns interview, start, end, exact (and prefix, suffix where known).
    notes : mapping of str to str
        Interview to text.

    Returns
    -------
    DataFrame
        The same rows with start and end as they are now (-1 where lost) and the column
        ``anchor``: exact, moved or lost. The index is kept.

    Raises
    ------
    QuidqualError
        If the codings lack a column, or ``notes`` is no mapping to texts.

    Examples
    --------
    >>> import pandas as pd
    >>> codings = pd.DataFrame(
    ...     {"interview": ["P1-R1"], "start": [0], "end": [4], "exact": ["home"]}
    ... )
    >>> reanchor(codings, {"P1-R1": "At home."})[["start", "end", "anchor"]].values.tolist()
    [[3, 7, 'moved']]
    """
    needed = ("interview", "start", "end", "exact")
    must_have(codings, needed, of="study.codings", field="codings")
    if not isinstance(notes, Mapping):
        raise QuidqualError.of(
            f"notes= must map interviews to texts, not {type(notes).__name__}.",
            remedy="Give a dict, such as dict(zip(study.notes['interview'], study.notes['text'])).",
            field="notes",
        )
    for text in notes.values():
        must_be_text(text, field="notes")
    texts = {interview: canonical(text) for interview, text in notes.items()}
    empty = [""] * len(codings)
    prefixes = codings.get("prefix", empty)
    suffixes = codings.get("suffix", empty)
    columns = (codings[name].tolist() for name in ("interview", "exact", "start", "end"))
    selectors = list(zip(*columns, list(prefixes), list(suffixes), strict=True))
    elsewhere = [
        place
        for place, (interview, exact, start, end, _, _) in enumerate(selectors)
        if not exact or start < 0 or texts.get(interview, "")[start:end] != exact
    ]
    result = codings.assign(anchor="exact")
    result["anchor"] = result["anchor"].astype(object)
    if elsewhere:
        found = [find(texts.get(selectors[i][0], ""), *selectors[i][1:]) for i in elsewhere]
        for column, values in zip(
            ("start", "end", "anchor"), zip(*found, strict=True), strict=True
        ):
            result.iloc[elsewhere, result.columns.get_loc(column)] = list(values)
    return result


def write_moves(folder: str | Path, *, at: str = "") -> pd.DataFrame:
    """Append an ``edit`` to the log of every coding whose words are now elsewhere.

    The log stays append-only, so where the words stood before can still be read in it.
    Lost codings are reported and left as they are.

    Parameters
    ----------
    folder : str or Path
        Study folder.
    at : str, optional
        Time to write, ISO 8601; "" writes none.

    Returns
    -------
    DataFrame
        One row a moved or lost coding: ``id, coder, interview, code, anchor`` (moved,
        lost), ``start, end`` (now; -1 where lost), ``corpus``.
    """
    from quidqual.study.reading import read_folder  # reading asks this module where words stand

    path = as_path(folder)
    raw, problems = read_folder(path)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise QuidqualError(errors)
    columns = ["id", "coder", "interview", "code", "anchor", "start", "end", "corpus"]
    found = reanchor(raw.codings, raw.notes).assign(corpus=raw.settings.get("corpus", "real"))
    moved = found[found["anchor"] == "moved"]
    for coder, frame in moved.groupby("coder", sort=True):
        entries = []
        for row in frame.itertuples():
            text = raw.notes[row.interview]
            entries.append(
                {
                    "op": "edit", "id": row.id, "at": at, "coder": coder,
                    "start": row.start, "end": row.end,
                    "prefix": text[max(0, row.start - CONTEXT) : row.start],
                    "suffix": text[row.end : row.end + CONTEXT],
                }
            )  # fmt: skip
        append(path, str(coder), entries)
    return pd.concat([moved, found[found["anchor"] == "lost"]], ignore_index=True)[columns]


def placed_by_words(
    frame: pd.DataFrame, texts: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Give start and end to codings that have none, by their words.

    Parameters
    ----------
    frame : DataFrame
        Columns ``interview, start, end, exact, prefix, suffix``; start and end may be missing.
    texts : mapping of str to str
        Interview to canonical text.

    Returns
    -------
    frame : DataFrame
        The codings that have a place, with whole numbers; the index is kept.
    problems : list of Problem
        Codings without words, or whose words stand nowhere or at several places of the note
        that no ``prefix`` or ``suffix`` tells apart. The words are not printed.

    Examples
    --------
    >>> row = {"interview": "I", "exact": "stay", "start": None, "end": None}
    >>> frame = pd.DataFrame([{**row, "prefix": "", "suffix": ""}])
    >>> placed_by_words(frame, {"I": "I stay."})[0][["start", "end"]].values.tolist()
    [[2, 6]]
    """
    problems: list[Problem] = []
    without = (frame["start"].isna() | frame["end"].isna()).to_numpy(dtype=bool)
    kept, placed, stand = ~without, [], []
    columns = ("interview", "exact", "prefix", "suffix")
    cells = zip(*(frame.loc[without, c].tolist() for c in columns), strict=True)
    for at, (interview, *selector) in zip(without.nonzero()[0], cells, strict=True):
        words, prefix, suffix = map(_text, selector)
        text = texts.get(interview)
        found = place_by_words(int(at), interview, text, (words.strip(), prefix, suffix))
        if isinstance(found, Problem):
            problems.append(found)
            continue
        kept[at] = True
        placed.append(at)
        stand.append((*found, text[slice(*found)] if text is not None else words))
    frame = frame.astype({"exact": object})
    for column, values in zip(("start", "end", "exact"), zip(*stand, strict=True), strict=False):
        frame.iloc[placed, frame.columns.get_loc(column)] = list(values)
    return frame[kept], problems


def by_words(coding: Mapping[str, Any], text: str | None) -> dict[str, Any]:
    """Tell start, end and exact of a line of a log that gives the words alone.

    Raises
    ------
    QuidqualError
        If they stand nowhere in the note, or in several places.

    Examples
    --------
    >>> coding = {"interview": "I", "exact": "stay", "prefix": "", "suffix": ""}
    >>> by_words(coding, "I stay.")
    {'start': 2, 'end': 6, 'exact': 'stay'}
    """
    words, prefix, suffix = (_text(coding[name]) for name in ("exact", "prefix", "suffix"))
    found = place_by_words(0, coding["interview"], text, (words.strip(), prefix, suffix))
    if isinstance(found, Problem):
        raise QuidqualError([found])
    exact = coding["exact"] if text is None else text[slice(*found)]
    return {"start": found[0], "end": found[1], "exact": exact}


def place_by_words(
    row: int, interview: str, text: str | None, selector: tuple[str, str, str]
) -> tuple[int, int] | Problem:
    """Tell where words stand, given with what stands before and after, or what is wrong."""
    words, prefix, suffix = selector
    if not words:
        message = "the coding has neither words nor a start and an end."
        return _problem(row, message, "Give exact, or start and end.")
    if text is None:
        return 0, len(words)  # an interview without a note is told of with the other tables
    places = places_of(text, words)
    if not places:
        message = f"these words are not in the note of {interview!r}."
        remedy = "Copy them from the note as they stand there; capitals and marks count."
        return _problem(row, message, remedy)
    if len(places) > 1:
        anchor = find(text, words, -1, -1, prefix, suffix)
        if anchor.status != "moved":
            message = f"these words stand {len(places)} times in the note of {interview!r}."
            remedy = "Say which: give start and end, or prefix (what stands before), or more words."
            return _problem(row, message, remedy)
        places = [anchor.start]
    return places[0], places[0] + len(words)


def _problem(row: int, message: str, remedy: str) -> Problem:
    return Problem("codings", row + 1, "exact", message, remedy)


def _text(value: object) -> str:
    return canonical(value) if isinstance(value, str) else ""
