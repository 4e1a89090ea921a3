r"""What another program's offsets count, and where they lead in canonical text.

The REFI-QDA standard counts Unicode code points; NVivo counts UTF-16 units, Taguette
UTF-8 bytes, and programs differ on whether ``\r\n`` is one or two. Read by the wrong
convention most codings land a few letters off, which nobody sees.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quidqual.interchange.project import Marks
from quidqual.interchange.stored_words import same_words
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.text import canonical, offset_map

UNITS = ("code points", "UTF-16 units", "UTF-8 bytes")


@dataclass(frozen=True)
class Convention:
    r"""One way of counting: the unit, and whether ``\r\n`` counts as one.

    Examples
    --------
    >>> str(Convention("UTF-16 units"))
    'UTF-16 units, a line end of two characters counted as two'
    """

    unit: str = "code points"
    one_line_end: bool = False

    def __str__(self) -> str:
        count = "one" if self.one_line_end else "two"
        return f"{self.unit}, a line end of two characters counted as {count}"


STANDARD = Convention()


class Ruler:
    """Leads offsets of one text, as a program counts them, to offsets of canonical text.

    Parameters
    ----------
    text : str
        As the program has it, without byte-order mark.

    Attributes
    ----------
    canonical : str
        The text in the one form that a study counts in.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_crlf = "\r\n" in text
        points = np.frombuffer(b"" if text.isascii() else text.encode("utf-32-le"), dtype=np.uint32)
        self.has_astral = bool(points.size) and bool(points.max() > 0xFFFF)
        self._composed = _surely_composed(points) or unicodedata.is_normalized("NFC", text)
        self._plain = "\r" not in text and self._composed and not text.startswith("\ufeff")
        self.canonical = text if self._plain else canonical(text)
        self._places: np.ndarray | None = None
        self._maps: dict[Convention, np.ndarray] = {}

    def map(self, starts: np.ndarray, ends: np.ndarray, convention: Convention) -> np.ndarray:
        """Map offsets, giving -1 to those outside the text or inside a character.

        Parameters
        ----------
        starts, ends : ndarray of int64
        convention : Convention

        Returns
        -------
        ndarray of int64, shape (2, n)
        """
        both = np.stack([starts, ends])
        if self._same(convention):
            both[(both < 0) | (both > len(self.canonical))] = -1
            return both
        table = self._table(convention)
        inside = (both >= 0) & (both < len(table))
        mapped = np.where(inside, table[np.where(inside, both, 0)], -1)
        return self._widened(both, mapped, table)

    def _same(self, convention: Convention) -> bool:
        """Tell whether this text counts alike in the convention and in canonical form."""
        if not self._plain:
            return False
        if convention.unit == "code points":
            return True
        return self.text.isascii() or (convention.unit == "UTF-16 units" and not self.has_astral)

    def _widened(self, both: np.ndarray, mapped: np.ndarray, table: np.ndarray) -> np.ndarray:
        """Widen a selection inside one composed letter to that letter."""
        empty = (mapped[0] == mapped[1]) & (mapped[0] >= 0) & (both[0] < both[1])
        for i in np.flatnonzero(empty):
            later = table[int(both[1, i]) :]
            further = later[later > mapped[1, i]]
            if further.size and further[0] == mapped[1, i] + 1:
                mapped[1, i] = further[0]
        return mapped

    def _table(self, convention: Convention) -> np.ndarray:
        if convention in self._maps:
            return self._maps[convention]
        points = np.frombuffer(self.text.encode("utf-32-le"), dtype=np.uint32)
        if convention.unit == "UTF-16 units":
            width = 1 + (points > 0xFFFF).astype(np.int64)
        elif convention.unit == "UTF-8 bytes":
            width = np.ones(len(points), dtype=np.int64)
            for top in (0x7F, 0x7FF, 0xFFFF):
                width += points > top
        else:
            width = np.ones(len(points), dtype=np.int64)
        if convention.one_line_end:
            width[:-1][(points[:-1] == 13) & (points[1:] == 10)] = 0
        at = np.concatenate([[0], np.cumsum(width)])
        table = np.full(int(at[-1]) + 1, -1, dtype=np.int64)
        table[at] = self._canonical_places(points)
        self._maps[convention] = table
        return table

    def _canonical_places(self, points: np.ndarray) -> np.ndarray:
        """Offset in canonical text of each code point, and of the end."""
        if self._places is None:
            if self._plain:
                self._places = np.arange(len(points) + 1)
            elif self._composed and not self.text.startswith("\ufeff"):
                dropped = np.zeros(len(points) + 1, dtype=np.int64)
                dropped[1:-1] = (points[:-1] == 13) & (points[1:] == 10)
                self._places = np.arange(len(points) + 1) - np.cumsum(dropped)
            else:
                self._places = np.asarray(offset_map(self.text), dtype=np.int64)
        return self._places


def _surely_composed(points: np.ndarray) -> bool:
    """Tell at a glance that a text is in normal form C: Latin letters, quotes, emoji only.

    The full check looks each character up, which costs more than all else of a long text.
    """
    other = points[points >= 0x300]
    quotes = (other >= 0x2010) & (other <= 0x2027)
    emoji = (other >= 0x1F300) & (other <= 0x1FAFF)
    return bool((quotes | emoji).all())


ENOUGH = 10
"""From this many telling selections on, a file in which nothing fits is refused."""

_FITS, _BETTER, _SAMPLE = 0.6, 0.2, 3000
_KNOWN = {"nvivo": Convention("UTF-16 units")}
"""What a program counts where it is not what the standard says, by a part of its name."""

DIALECTS = {
    "standard": STANDARD,
    "nvivo": _KNOWN["nvivo"],
    **dict.fromkeys(("maxqda", "atlas.ti", "qualcoder", "dedoose", "quirkos"), STANDARD),
}
"""What offsets must count for a program that is to read them."""
CHOICES = {
    "code-points": STANDARD,
    "utf-16": Convention("UTF-16 units"),
    "utf-8": Convention("UTF-8 bytes"),
    "code-points-lf": Convention("code points", one_line_end=True),
    "utf-16-lf": Convention("UTF-16 units", one_line_end=True),
}


@dataclass(frozen=True)
class Verdict:
    """The convention that was taken and why."""

    convention: Convention
    why: str


@dataclass
class _Score:
    """How well one convention fits the selections that tell conventions apart."""

    quotes: int = 0
    points: float = 0.0
    ends: int = 0

    @property
    def fit(self) -> float:
        return self.points / self.ends if self.ends else 0.0


def expected(origin: str) -> Convention:
    """Convention that a program is known to use; the standard's for all others."""
    lowered = origin.casefold()
    return next((known for name, known in _KNOWN.items() if name in lowered), STANDARD)


def decide(rulers: Sequence[Ruler], marks: Marks, *, origin: str, file: str) -> Verdict:
    """Choose what the offsets of a file count.

    Parameters
    ----------
    rulers : sequence of Ruler
        One a text.
    marks : Marks
        Selections with raw offsets.
    origin : str
        The program that wrote the file, as the file says.
    file : str

    Returns
    -------
    Verdict

    Raises
    ------
    QuidqualError
        If conventions disagree on enough selections and none of them fits.

    Notes
    -----
    Only selections on which conventions disagree are looked at. The words that a file
    repeats beside its offsets decide; where there are none, the ends of selections do:
    an end scores 1 at the edge of a word, one half beside a space, 0 inside a word.
    Letters of scripts that are written without spaces give no evidence. The convention
    known for the program wins ties; another must beat it clearly.
    """
    prior = expected(origin)
    if origin.casefold().startswith("quidqual"):
        return Verdict(prior, "as quidqual says that it wrote them")
    candidates = _candidates(rulers, prior)
    if len(candidates) == 1:
        return Verdict(prior, "no text in the file tells conventions apart")
    scores, telling = _compare(rulers, marks, candidates)
    if not telling:
        return Verdict(prior, "no selection in the file tells conventions apart")
    best = _best(scores, prior)
    told = scores[best]
    counts = f"{told.quotes} quoted and {told.points:g} of {told.ends} ends fit"
    if told.quotes == 0 and told.fit < _FITS and told.ends >= 2 * ENOUGH:
        raise QuidqualError.of(
            f"the offsets of {telling} selections fit no known way of counting ({counts}).",
            remedy=f"If you know it, pass offsets= one of: {', '.join(CHOICES)}.",
            file=file,
            field="startPosition",
        )
    label = "as known of the program" if best == prior else "against what the program's name says"
    return Verdict(best, f"{telling} selections tell conventions apart: {counts}, {label}")


def _candidates(rulers: Sequence[Ruler], prior: Convention) -> list[Convention]:
    """Conventions that differ on these texts, the likeliest first."""
    units = ["code points"]
    if any(r.has_astral for r in rulers):
        units.append("UTF-16 units")
    elif prior.unit not in units:
        units = [prior.unit]
    newlines = [False, True] if any(r.has_crlf for r in rulers) else [False]
    found = [Convention(unit, one) for unit in units for one in newlines]
    return [prior, *(c for c in found if c != prior)] if prior in found else found


def _compare(
    rulers: Sequence[Ruler], marks: Marks, candidates: Sequence[Convention]
) -> tuple[dict[Convention, _Score], int]:
    scores = {candidate: _Score() for candidate in candidates}
    telling = 0
    texts = np.asarray(marks.text, dtype=np.int64)
    starts, ends = np.asarray(marks.start), np.asarray(marks.end)
    for number, ruler in enumerate(rulers):
        if not (ruler.has_astral or ruler.has_crlf):
            continue
        first, last = np.searchsorted(texts, [number, number + 1])
        if first == last:
            continue
        mapped = {c: ruler.map(starts[first:last], ends[first:last], c) for c in candidates}
        stacked = np.stack(list(mapped.values()))
        disagree = np.flatnonzero((stacked != stacked[0]).any(axis=(0, 1)))
        for i in disagree:
            quote = marks.quote[first + i]
            telling += 1
            for candidate, places in mapped.items():
                _score(scores[candidate], ruler.canonical, places[0, i], places[1, i], quote)
        if telling >= _SAMPLE:
            break
    return scores, telling


def _score(score: _Score, text: str, start: int, end: int, quote: str) -> None:
    if start < 0 or end < 0 or start >= end:
        score.ends += 2
        return
    if quote and same_words(text[start:end], quote):
        score.quotes += 1
    for place, inner in ((start, start), (end, end - 1)):
        found = _edge(text, int(place), int(inner))
        if found is not None:
            score.points += found
            score.ends += 1


def _edge(text: str, place: int, inner: int) -> float | None:
    """Score one end of a selection; None where the script gives no evidence."""
    before = text[place - 1] if place > 0 else " "
    after = text[place] if place < len(text) else " "
    if before > "\u2e7f" and after > "\u2e7f" and before < "\ufb00" and after < "\ufb00":
        return None
    if before.isalnum() and after.isalnum():
        return 0.0
    return 0.5 if text[inner].isspace() else 1.0


def _best(scores: dict[Convention, _Score], prior: Convention) -> Convention:
    """Take the convention with most words found, then with most ends at word edges."""
    top = max(scores, key=lambda c: (scores[c].quotes, scores[c].fit, c == prior))
    if prior not in scores or scores[top].quotes > scores[prior].quotes:
        return top
    better = scores[top].fit >= scores[prior].fit + _BETTER and scores[top].fit >= _FITS
    return top if better else prior


def convention_for(dialect: str | None) -> tuple[str, Convention]:
    """Find what the offsets of a file must count for the program that is to read it.

    Returns
    -------
    name : str
        Of the dialect, in lower case; "" for none.
    convention : Convention

    Raises
    ------
    QuidqualError
        For a program that is not known.

    Examples
    --------
    >>> convention_for("NVivo")[1].unit, convention_for(None)[1].unit
    ('UTF-16 units', 'code points')
    """
    if dialect is None:
        return "", STANDARD
    name = dialect.casefold() if isinstance(dialect, str) else dialect
    name = one_of(
        {"atlasti": "atlas.ti", "atlas": "atlas.ti"}.get(name, name), DIALECTS, field="dialect"
    )
    return name, DIALECTS[name]


def has_astral(text: str) -> bool:
    """Tell whether a text has characters that UTF-16 counts as two."""
    return not text.isascii() and len(text.encode("utf-16-le")) > 2 * len(text)


def unit_offsets(text: str, convention: Convention) -> np.ndarray | None:
    """Offsets of each code point of a text in other units; None if they are the same."""
    if convention.unit == "code points" or text.isascii():
        return None
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF).astype(np.int64))])


def with_line_ends(
    text: str, starts: Sequence[int], ends: Sequence[int], quotes: Sequence[str], origin: str
) -> str:
    r"""Choose between line ends of one and of two characters for a text that shows neither.

    The words of a .docx have no line ends of their own; a program that keeps one puts
    ``\n`` or ``\r\n`` between paragraphs and counts accordingly. What fits more
    selections is taken.
    """
    longer = text.replace("\n", "\r\n")
    if longer == text or not len(starts):
        return text
    scores = []
    for candidate in (text, longer):
        ruler, score = Ruler(candidate), _Score()
        first, last = ruler.map(np.asarray(starts), np.asarray(ends), expected(origin))
        for start, end, quote in zip(first, last, quotes, strict=True):
            _score(score, ruler.canonical, start, end, quote)
        scores.append((score.quotes, score.fit))
    return longer if scores[1] > scores[0] else text
