"""The kinds of change, and the one place where each is defined.

Saldana asks of a longitudinal study what emerges or increases, what is cumulative, what
turns (surges, epiphanies), what decreases or ceases, what stays constant, what is
idiosyncratic and what is missing through time. Here each word gets one definition that a
machine and a reader apply alike; exactly one holds for any course.

Rounds that were not observed are left out before a course is read: they can neither make
nor break a pattern.

References
----------
Saldana, J. (2003). *Longitudinal Qualitative Research: Analyzing Change Through Time*.
AltaMira Press.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quidqual.study.errors import QuidqualError

KINDS: dict[str, str] = {
    "emerged": "absent at first, then present in every later observed round",
    "increased": "present throughout; the intensity never falls and ends higher, not every step up",
    "cumulative": "present throughout, at least 3 rounds; the intensity rises at every step",
    "turning point": "present throughout, at least 3 rounds; the intensity changes direction once",
    "decreased": "present throughout; the intensity never rises and ends lower",
    "ceased": "present at first, then absent in every later observed round",
    "constant": "present in every observed round (and, where asked for, of equal intensity)",
    "recurred": "present, then absent, then present again and so at the last observation",
    "idiosyncratic": "any other course: came and went, or changes direction more than once",
    "never": "absent in every observed round",
    "happened": "an event that was said at the first observed interview: it does not fade",
    "background": "a background that was said at least once: it holds, and nothing changes",
    "unknown": "observed in fewer than two rounds, or said only unasked: nothing can be said "
    "about change",
}
"""Kind of change -> its definition on the observed rounds."""

SIMPLE: dict[str, str] = {
    "emerged": "absent at first, present from some round on until the last observed",
    "persisted": "present in every observed round, but in one that was due the interview was "
    "missed, or its note is unread or missing",
    "faded": "present at some time, absent at the last observation",
    "recurred": "present, then absent, then present again and so at the last observation",
    "constant": "present in every round in which the interview was due and the topic raised",
    "never": "absent in every observed round",
    "happened": "an event that was said at the first observed interview: it does not fade",
    "background": "a background that was said at least once: it holds, and nothing changes",
    "not observed": "observed in fewer than two rounds, or said only unasked",
}
"""The simpler reading -> its definition on the observed rounds."""

KIND_NAMES = tuple(KINDS)
SIMPLE_NAMES = tuple(SIMPLE)


def kind_of(course: Sequence[float | bool | None]) -> str:
    """Name the kind of change of one course.

    Parameters
    ----------
    course : sequence
        One entry a round: ``None`` or NaN where not observed; ``True`` and ``False`` for
        presence alone, or a number for the intensity (0 is absent).

    Returns
    -------
    str
        One of ``KINDS``.

    Examples
    --------
    >>> kind_of([False, True, None, True])
    'emerged'
    >>> kind_of([1, 2, 4]), kind_of([1, 3, 1]), kind_of([True, None, None])
    ('cumulative', 'turning point', 'unknown')
    """
    values = np.array([[np.nan if v is None else float(v) for v in course]], dtype=float)
    if (values < 0).any():
        raise QuidqualError.of(
            "an intensity must not be negative.",
            remedy="Use 0 for absent and positive numbers.",
            field="course",
        )
    observed = ~np.isnan(values)
    return KIND_NAMES[int(kinds(observed & (values > 0), observed, values)[0])]


def kinds(present: np.ndarray, observed: np.ndarray, values: np.ndarray | None) -> np.ndarray:
    """Name the kind of many courses at once.

    Parameters
    ----------
    present, observed : ndarray of bool, courses x rounds
    values : ndarray of float, courses x rounds, or None
        Intensity; without it courses that are present throughout are constant.

    Returns
    -------
    ndarray of int
        Positions in ``KIND_NAMES``.
    """
    runs = Runs(present, observed)
    names = np.full(len(present), KIND_NAMES.index("idiosyncratic"), dtype=np.int8)
    recurred = runs.n_present_runs > 1
    names[recurred & runs.last] = KIND_NAMES.index("recurred")
    names[(runs.n_present_runs == 1) & runs.last & ~runs.first] = KIND_NAMES.index("emerged")
    names[(runs.n_present_runs == 1) & runs.first & ~runs.last] = KIND_NAMES.index("ceased")
    names[runs.n_present_runs == 0] = KIND_NAMES.index("never")
    throughout = runs.n_present == runs.n_observed
    names[throughout] = KIND_NAMES.index("constant")
    if values is not None:
        where = np.flatnonzero(throughout & (runs.n_observed >= 2))
        names[where] = _by_intensity(values[where], observed[where])
    names[runs.n_observed < 2] = KIND_NAMES.index("unknown")
    return names


def simple_kinds(present: np.ndarray, observed: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Name the simpler reading of many courses at once (positions in ``SIMPLE_NAMES``)."""
    runs = Runs(present, observed)
    names = np.full(len(present), SIMPLE_NAMES.index("emerged"), dtype=np.int8)
    names[runs.n_present_runs > 1] = SIMPLE_NAMES.index("recurred")
    names[~runs.last] = SIMPLE_NAMES.index("faded")
    names[runs.n_present_runs == 0] = SIMPLE_NAMES.index("never")
    throughout = runs.n_present == runs.n_observed
    names[throughout] = SIMPLE_NAMES.index("constant")
    gap = (due & ~observed).any(axis=1)
    names[throughout & gap] = SIMPLE_NAMES.index("persisted")
    names[runs.n_observed < 2] = SIMPLE_NAMES.index("not observed")
    return names


class Runs:
    """Runs of presence within the observed rounds of many courses."""

    def __init__(self, present: np.ndarray, observed: np.ndarray) -> None:
        self.n_observed = observed.sum(axis=1)
        self.n_present = present.sum(axis=1)
        before = np.zeros(len(present), dtype=bool)  # was it present when last observed?
        self.first = np.zeros(len(present), dtype=bool)
        self.n_present_runs = np.zeros(len(present), dtype=np.int64)
        seen = np.zeros(len(present), dtype=bool)
        for time in range(present.shape[1]):
            now, here = present[:, time], observed[:, time]
            self.first |= here & ~seen & now
            self.n_present_runs += here & now & ~before
            before = np.where(here, now, before)
            seen |= here
        self.last = before


def _by_intensity(values: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Tell apart the courses that are present throughout by how their intensity moves."""
    n = len(values)
    last = np.full(n, np.nan)
    direction = np.zeros(n, dtype=np.int8)  # sign of the last step that was not level
    turns = np.zeros(n, dtype=np.int64)
    level = np.zeros(n, dtype=np.int64)
    steps = np.zeros(n, dtype=np.int64)
    first_direction = np.zeros(n, dtype=np.int8)
    for time in range(values.shape[1]):
        # A round without a value of its own (a coder gave no weight) cannot show a step.
        here = observed[:, time] & ~np.isnan(values[:, time])
        compared = here & ~np.isnan(last)
        step = np.sign(np.where(compared, values[:, time] - last, 0)).astype(np.int8)
        steps += compared
        level += compared & (step == 0)
        turns += (step != 0) & (direction != 0) & (step != direction)
        first_direction = np.where((first_direction == 0) & (step != 0), step, first_direction)
        direction = np.where(step != 0, step, direction)
        last = np.where(here, values[:, time], last)
    names = np.full(n, KIND_NAMES.index("constant"), dtype=np.int8)
    rising, falling = (turns == 0) & (direction > 0), (turns == 0) & (direction < 0)
    names[rising] = KIND_NAMES.index("increased")
    names[rising & (level == 0) & (steps >= 2)] = KIND_NAMES.index("cumulative")
    names[falling] = KIND_NAMES.index("decreased")
    names[turns == 1] = KIND_NAMES.index("turning point")
    names[turns > 1] = KIND_NAMES.index("idiosyncratic")
    # With fewer than two values nothing can be said about intensity.
    names[steps == 0] = KIND_NAMES.index("unknown")
    return names
