"""Codings that are given by their words alone: where in the note these stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from quidqual.study.anchor import find, places_of
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.text import canonical


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
