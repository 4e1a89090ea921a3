"""The words that a program stores beside its offsets decide where a coding stands.

Offsets go wrong in many ways: a byte-order mark that was counted, line ends of two characters,
a text that was edited after coding. The words beside them do not. Where the two disagree, the
words are looked for nearby; a coding whose words are gone is kept as lost and never put on others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from quidqual.interchange.project import Account, Marks
from quidqual.study.text import canonical
from quidqual.study.wording import counted

_WINDOWS = (40, 200, 1_000)
_TELLING = 12
"""Words at least so long are looked for in the whole text, not nearby only."""
_PREFIX = 8
"""From this length on, words may be the beginning of what was coded."""
_MOST_PLACES = 500
_LONGEST_LOOSE = 400
_MOST_WORK = 1_000_000_000
"""Letters of one text that are looked through for the words of its codings."""

_BLANKS = np.array([code for code in range(0x3001) if chr(code).isspace()], dtype=np.uint32)


@dataclass
class Reanchored:
    """Outcome for one text: how many moved by how much, and which words are not there."""

    shifts: Counter[int] = field(default_factory=Counter)
    by_neighbours: int = 0
    differing: int = 0
    lost: dict[int, str] = field(default_factory=dict)


def same_words(words: str, stored: str, *, whole: bool = False) -> bool:
    r"""Tell whether stored words are those of the text, whatever their white space.

    Unless they are known to be all that was coded (``whole``), they may also begin it.

    Examples
    --------
    >>> same_words("I stay\nat home.", "I stay at h..."), same_words("home.", "hom")
    (True, False)
    >>> same_words("I stay at home.", "I stay at", whole=True)
    False
    """
    if words == stored:
        return True
    have, want = _bare(words), _bare(folded(stored))
    whole = whole and not _cut(stored)
    return have == want or (not whole and len(want) >= _PREFIX and have.startswith(want))


def _bare(words: str) -> str:
    return "".join(words.split())


def _cut(stored: str) -> bool:
    return stored.rstrip().endswith(("...", "…"))


def folded(stored: str) -> str:
    """Bring stored words onto one line, canonical, without the dots of one that was cut short."""
    return re.sub(r"(\.\.\.|…)$", "", " ".join(canonical(stored).split())).rstrip()


def follow_words(
    texts: Sequence[str],
    names: Sequence[str],
    marks: Marks,
    places: np.ndarray,
    account: Account,
    *,
    certain: bool,
) -> dict[int, str]:
    """Move codings to their stored words where these are unique nearby.

    Parameters
    ----------
    texts, names : sequence of str
        Canonical texts, and what the program calls them.
    marks : Marks
        With ``quote``: words as the program stored them, "" where it stored none.
    places : ndarray of int64, shape (2, n)
        Starts and ends in canonical text, -1 outside it; changed in place.
    account : Account
        Is told what was moved and what could not be.
    certain : bool
        Whether the program always stores the coded words; else they may be a mere label,
        and decide only where they are as long as the selection or begin with what is there.

    Returns
    -------
    dict of int to str
        Index of each coding whose words are not in its text, or in several places, to them.
    """
    lost: dict[int, str] = {}
    index = np.asarray(marks.text, dtype=np.int64)
    edges = np.searchsorted(index, np.arange(len(texts) + 1))
    for number, text in enumerate(texts):
        own = range(int(edges[number]), int(edges[number + 1]))
        done = _of_text(text, own, marks, places, certain=certain)
        lost.update(done.lost)
        _tell(done, names[number], account)
    return lost


def _of_text(
    text: str, own: range, marks: Marks, places: np.ndarray, *, certain: bool
) -> Reanchored:
    done = Reanchored()
    fits, strays = 0, {}
    bare: _Bare | None = None
    for i in own:
        start, end = int(places[0, i]), int(places[1, i])
        if not marks.quote[i].strip():
            continue
        if 0 <= start < end and same_words(text[start:end], marks.quote[i], whole=certain):
            fits += 1
        elif certain or _as_long(text, start, end, i, marks):
            bare = bare or _Bare(text)
            strays[i] = bare.find(folded(marks.quote[i]), max(0, marks.start[i]))
    if not strays:
        return done
    known = Counter(p[0][0] - _start(i, marks, places) for i, p in strays.items() if len(p) == 1)
    shift, times = known.most_common(1)[0] if known else (0, 0)
    shift = shift if times > 1 else 0
    for i, found in strays.items():
        start = _start(i, marks, places)
        place = _nearest(found, start, shift, far=certain or len(marks.quote[i]) >= _TELLING)
        if place is not None:
            length = int(places[1, i]) - start
            short = _cut(marks.quote[i]) or not (certain or length <= place[1] - place[0] + 1)
            end = max(place[1], min(len(text), place[0] + length)) if short else place[1]
            done.shifts[place[0] - start] += 1
            places[:, i] = place[0], end
        elif certain:
            done.lost[i] = marks.quote[i]
        else:
            done.differing += 1
    if len(known) == 1 and shift and not fits:
        done.by_neighbours = _with_neighbours(text, own, marks, places, shift)
    return done


def _start(i: int, marks: Marks, places: np.ndarray) -> int:
    return int(places[0, i]) if places[0, i] >= 0 else marks.start[i]


def _as_long(text: str, start: int, end: int, i: int, marks: Marks) -> bool:
    """Tell words from a label: as long as the selection, or cut short and long enough."""
    stored = folded(marks.quote[i])
    if not 0 <= start < end:
        length = marks.end[i] - marks.start[i]
    else:
        length = len(" ".join(text[start:end].split()))
    close = abs(len(stored) - length) <= max(2, length // 10)
    return close or (_PREFIX <= len(stored) < length and " " in stored)


class _Bare:
    """A text without its white space, and where each letter of it stands in the text.

    To look for words in it is a plain search; a pattern with white space between the words of
    one coding, tried on a long text for each of thousands, took minutes.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.bare = _bare(text)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._places = np.flatnonzero(~np.isin(codes, _BLANKS))
        self._work = 0
        self._known: dict[str, list[tuple[int, int]]] = {}

    def find(self, words: str, near: int) -> list[tuple[int, int]]:
        """List the places of words, whatever the white space between them.

        Once the whole text was searched for very many, only what is near is.
        """
        if words in self._known:
            return self._known[words]
        want = _bare(words)
        if not want:
            return []
        first, last = 0, len(self.bare)
        whole = self._work <= _MOST_WORK
        if not whole:
            around = (near - _WINDOWS[-1], near + _WINDOWS[-1] + 2 * len(words))
            first, last = np.searchsorted(self._places, around).tolist()
        self._work += last - first
        found = self._spans(want, words, first, last)
        if whole:
            self._known[words] = found
        return found

    def _spans(self, want: str, words: str, first: int, last: int) -> list[tuple[int, int]]:
        """Places where the words are parted as they are; else those where the letters fit."""
        parted: list[tuple[int, int]] = []
        loose: list[tuple[int, int]] = []
        parts = words.split(" ")
        at = self.bare.find(want, first, last)
        while at >= 0 and len(parted) < _MOST_PLACES and len(loose) < _MOST_PLACES:
            start, end = int(self._places[at]), int(self._places[at + len(want) - 1]) + 1
            (parted if self.text[start:end].split() == parts else loose).append((start, end))
            at = self.bare.find(want, at + len(want), last)
        return parted or (loose if len(words) <= _LONGEST_LOOSE else [])


def _nearest(
    found: Sequence[tuple[int, int]], start: int, shift: int, *, far: bool
) -> tuple[int, int] | None:
    """Take the place that the neighbours' shift tells, else the only one nearby."""
    for place in found:
        if place[0] - start == shift and shift:
            return place
    for window in (*_WINDOWS, *((1 << 40,) if far else ())):
        near = [place for place in found if abs(place[0] - start) <= window]
        if near:
            return near[0] if len(near) == 1 else None
    return None


def _with_neighbours(text: str, own: range, marks: Marks, places: np.ndarray, shift: int) -> int:
    """Move codings that have no words where all that have them moved alike."""
    moved = 0
    for i in own:
        start, end = int(places[0, i]), int(places[1, i])
        whole = start == 0 and end == len(text)
        fits = min(start, start + shift) >= 0 and max(start, start + shift) < end + shift
        if not marks.quote[i].strip() and not whole and fits and end + shift <= len(text):
            places[:, i] = start + shift, end + shift
            moved += 1
    return moved


def _tell(done: Reanchored, name: str, account: Account) -> None:
    if done.shifts:
        by, most = done.shifts.most_common(1)[0]
        how = f"{most} of them by {by:+d}" if len(done.shifts) > 1 else f"by {by:+d}"
        why = f"its offsets led to other words than those stored beside them: moved, {how}"
        account.changed(name, "coding moved", f"{counted(done.shifts.total(), 'coding')}: {why}")
    if done.by_neighbours:
        why = "no words are stored beside them; moved as all others of this text"
        account.changed(name, "coding moved", f"{counted(done.by_neighbours, 'coding')}: {why}")
    if done.differing:
        why = "the words stored beside them are not nearby, so the offsets were taken: check them"
        account.changed(name, "coding unsure", f"{counted(done.differing, 'coding')}: {why}")
    if done.lost:
        why = "their words are not in the text, or in several places of it: kept as lost"
        account.left_out(name, "coding lost", f"{counted(len(done.lost), 'coding')}: {why}")
