"""How often each sum comes about when everybody's values are put into every order.

People are independent, so the counts of each are multiplied out one person after the other.
Where all values and scores are multiples of some step (they nearly always are), sums are
places of an array and a person is added by a short convolution; else they are kept as a list.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from quidqual.study.errors import QuidqualError

_MOST_SUMS = 1_000_000
_MOST_PLACES = 4_000_000
_MOST_STEPS = 1_000_000
_EXACT = 2**62  # counts up to it are whole numbers; above, shares with 15 digits
_NOTHING = 1e-290  # shares below it are taken for none: they would slow every step
_FINE = 1e-11


@dataclass(frozen=True)
class Person:
    """The sums that one person's values can give, with their counts, and how many are alike."""

    keys: np.ndarray
    counts: np.ndarray
    times: int

    @property
    def orders(self) -> int:
        """How many different orders the values have."""
        return int(self.counts.sum())

    @property
    def width(self) -> int:
        """How far the sums reach, in steps."""
        return int(self.keys[-1] - self.keys[0])

    @property
    def mean(self) -> Fraction:
        """Mean of the sums."""
        total = sum(k * n for k, n in zip(self.keys.tolist(), self.counts.tolist(), strict=True))
        return Fraction(total, self.orders)


@dataclass(frozen=True)
class Counted:
    """Sums of all people together, counted in steps.

    Attributes
    ----------
    keys : ndarray of int
        The sums, rising.
    weights : ndarray
        How often each comes about: int counts, or float shares of all.
    observed : int
        The sum that was observed.
    mean : Fraction
        The mean of all sums.
    blur : int
        By how many steps equal sums may differ through rounding; 0 where steps are known.
    people : tuple of Person
    """

    keys: np.ndarray
    weights: np.ndarray
    observed: int
    mean: Fraction
    blur: int
    people: tuple[Person, ...]

    @property
    def total(self) -> int:
        """How many equally likely arrangements there are."""
        return math.prod(p.orders**p.times for p in self.people)

    def _share(self, mark: np.ndarray) -> float:
        found = self.weights[mark].sum()
        return int(found) / self.total if self.weights.dtype.kind == "i" else min(float(found), 1.0)

    def at_least(self) -> float:
        """Share of the sums as large as the observed one, or larger."""
        return self._share(self.keys >= self.observed - self.blur)

    def at_most(self) -> float:
        """Share of the sums as small as the observed one, or smaller."""
        return self._share(self.keys <= self.observed + self.blur)

    def as_far(self) -> float:
        """Share of the sums at least as far from the mean as the observed one."""
        reach = abs(self.observed - self.mean) - self.blur
        high, low = math.ceil(self.mean + reach), math.floor(self.mean - reach)
        return self._share((self.keys >= high) | (self.keys <= low))

    def extremes(self) -> tuple[Fraction, Fraction]:
        """Share of the largest sum, and of the sums farthest from the mean: the least p's."""
        if not self.people:
            return Fraction(1), Fraction(1)
        ends = []
        for end in (-1, 0):
            place = sum(int(p.keys[end]) * p.times for p in self.people)
            count = math.prod(int(p.counts[end]) ** p.times for p in self.people)
            ends.append((abs(place - self.mean), Fraction(count, self.total)))
        (far_up, up), (far_down, down) = ends
        if abs(far_up - far_down) <= self.blur:
            return up, up + down
        return up, up if far_up > far_down else down


def count_sums(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> Counted:
    """Count the sums over people of value times score, over all orders within people.

    Parameters
    ----------
    parts : sequence of (values, scores)
        One pair of arrays a person, of the same length, at most nine.

    Raises
    ------
    QuidqualError
        If there are too many different sums to be counted.

    Examples
    --------
    >>> found = count_sums([(np.array([0.0, 0.5]), np.array([1.0, 2.0]))] * 2)
    >>> found.keys.tolist(), found.weights.tolist(), found.observed
    ([0, 1, 2], [1, 2, 1], 2)
    """
    if not parts:
        return Counted(np.zeros(1, np.int64), np.ones(1, np.int64), 0, Fraction(0), 0, ())
    values, scores = (np.unique(np.concatenate([part[i] for part in parts])) for i in (0, 1))
    steps, blur = (_step(values), _step(scores)), 0
    if not all(steps):  # so fine that only equal sums fall together
        most = np.ptp(values) * np.ptp(scores) * max(len(x) for x, _ in parts)
        steps, blur = (float(most) * _FINE, 1.0), len(parts) + 1
    moved = [((x - values[0]) / steps[0], (c - scores[0]) / steps[1]) for x, c in parts]
    if not blur:
        moved = [(np.rint(x), np.rint(c)) for x, c in moved]
    people = _people(moved)
    observed = sum(round(float(x @ c)) for x, c in moved)
    keys, weights = _listed(people) if blur or _too_wide(people) else _laid_out(people)
    mean = sum((p.mean * p.times for p in people), Fraction(0))
    return Counted(keys, weights, observed, mean, blur, people)


def _step(values: np.ndarray) -> float:
    """Find the step of which all differences are multiples; 0 if there is none."""
    gaps = values[1:] - values[0]
    if not len(gaps):
        return 1.0
    dust = 1e-9 * gaps[-1]
    step = float(gaps[0])
    for gap in gaps.tolist():
        a, b = gap, step
        while b > dust:
            a, b = b, abs(a - b * round(a / b))
        step = a
        if step * _MOST_STEPS < gaps[-1]:
            return 0.0
    away = gaps / step
    return step if bool((np.abs(away - np.rint(away)) < 1e-6).all()) else 0.0


@lru_cache(maxsize=8)
def _orders(n: int) -> np.ndarray:
    """All orders of n things, a row each."""
    found = np.zeros((1, 1), dtype=np.int8)
    for size in range(2, n + 1):
        found = np.concatenate([np.insert(found, place, size - 1, axis=1) for place in range(size)])
    return found


def _people(moved: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[Person, ...]:
    """Count the sums of each person; people with the same values and scores are counted once."""
    alike = Counter((tuple(sorted(x.tolist())), tuple(c.tolist())) for x, c in moved)
    people = []
    for (x, c), times in sorted(alike.items()):
        sums = np.rint(np.array(x)[_orders(len(x))] @ np.array(c)).astype(np.int64)
        keys, counts = np.unique(sums, return_counts=True)
        # Equal values swapped give the same order, each of them equally often.
        same = math.prod(math.factorial(n) for n in Counter(x).values())
        people.append(Person(keys, counts // same, times))
    return tuple(people)


def _too_wide(people: Sequence[Person]) -> bool:
    return sum(p.width * p.times for p in people) > _MOST_PLACES


def _laid_out(people: Sequence[Person]) -> tuple[np.ndarray, np.ndarray]:
    """Multiply the counts out on an array with a place for each sum."""
    exact = math.prod(p.orders**p.times for p in people) < _EXACT
    weights = np.ones(1, dtype=np.int64 if exact else float)
    start = 0
    step = int(np.gcd.reduce(np.concatenate([np.diff(p.keys) for p in people] + [[0]]))) or 1
    for person in sorted(people, key=lambda p: p.width):
        places = (person.keys - person.keys[0]) // step
        share = person.counts if exact else person.counts / person.orders
        own = np.zeros(places[-1] + 1, dtype=weights.dtype)
        own[places] = share
        for _ in range(person.times):
            weights = _added(weights, own, places)
            start += int(person.keys[0])
            if not exact:
                weights[weights < _NOTHING] = 0.0
                there = np.flatnonzero(weights)
                start += step * int(there[0])
                weights = weights[there[0] : there[-1] + 1]
    return start + step * np.arange(len(weights)), weights


def _added(weights: np.ndarray, own: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Add one person; everything is positive, so nothing is lost to rounding in the tails."""
    if 4 * len(places) > len(own):
        return np.convolve(weights, own)
    found = np.zeros(len(weights) + len(own) - 1, dtype=weights.dtype)
    for place in places.tolist():
        found[place : place + len(weights)] += weights * own[place]
    return found


def _listed(people: Sequence[Person]) -> tuple[np.ndarray, np.ndarray]:
    """Multiply the counts out as a list of sums, where they lie far apart."""
    exact = math.prod(p.orders**p.times for p in people) < _EXACT
    keys, weights = np.zeros(1, np.int64), np.ones(1, np.int64 if exact else float)
    for person in people:
        share = person.counts if exact else person.counts / person.orders
        for _ in range(person.times):
            if len(keys) * len(share) > 20 * _MOST_SUMS:
                raise _too_many()
            every = (keys[:, None] + person.keys).ravel()
            many = (weights[:, None] * share).ravel()
            keys, place = np.unique(every, return_inverse=True)
            if len(keys) > _MOST_SUMS:
                raise _too_many()
            weights = np.zeros(len(keys), dtype=many.dtype)
            np.add.at(weights, place.reshape(-1), many)
    return keys, weights


def _too_many() -> QuidqualError:
    return QuidqualError.of(
        "Too many different sums to count them exactly.",
        remedy="Use ranks=True, round the values, or describe without a test.",
    )
