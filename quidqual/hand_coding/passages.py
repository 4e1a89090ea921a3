"""Where a passage stands in a note: by its words, or by its place."""

from __future__ import annotations

from quidqual.study.anchor import places_of
from quidqual.study.arguments import must_be_number, must_be_text
from quidqual.study.errors import QuidqualError
from quidqual.study.text import canonical


def place_of(
    text: str,
    interview: str,
    *,
    words: str | None = None,
    nth: int | None = None,
    start: int | None = None,
    end: int | None = None,
) -> tuple[int, int]:
    """Find a passage, without the white space at its ends.

    Raises
    ------
    QuidqualError
        If the words are not there or stand there several times, or the place is not in the
        note. The message says how often, and never prints the words.

    Examples
    --------
    >>> place_of("I stay. I stay.", "P1-R1", words="I stay", nth=2)
    (8, 14)
    """
    if (words is None) == (start is None or end is None):
        raise QuidqualError.of(
            "a passage is given by its words, or by start and end.",
            remedy="Give words='...', or start= and end=.",
            field="words",
        )
    if words is None:
        for field, value in (("start", start), ("end", end)):
            must_be_number(value, field=field, whole=True)
        assert start is not None
        assert end is not None
        if not 0 <= start < end <= len(text):
            raise QuidqualError.of(
                f"{start} to {end} is not a passage of {interview!r}.",
                remedy=f"Use places from 0 to {len(text)}, the end after the start.",
                field="start" if not 0 <= start <= len(text) else "end",
            )
        return without_blanks(text, int(start), int(end))
    must_be_text(words, field="words")
    wanted = canonical(words).strip()
    places = places_of(text, wanted)
    if not places:
        raise QuidqualError.of(
            f"these words are not in the note of {interview!r}.",
            remedy="Copy them from the note as they stand there; capitals and marks count.",
            field="words",
        )
    if nth is None and len(places) > 1:
        raise QuidqualError.of(
            f"these words stand {len(places)} times in the note of {interview!r}.",
            remedy=f"Say which: nth=1 to nth={len(places)}; or give more words.",
            field="nth",
        )
    if nth is not None:
        must_be_number(nth, field="nth", whole=True)
    if nth is not None and not 1 <= nth <= len(places):
        raise QuidqualError.of(
            f"these words stand {len(places)} time{'s' * (len(places) != 1)} in the note "
            f"of {interview!r}, and nth is {nth}.",
            remedy=f"Use 1 to {len(places)}.",
            field="nth",
        )
    at = places[(nth or 1) - 1]
    return at, at + len(wanted)


def without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave white space at the ends of a passage out.

    Raises
    ------
    QuidqualError
        If nothing else is in it.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        raise QuidqualError.of(
            "there are no words between these places.", remedy="Mark some.", field="start"
        )
    return start, end
