"""Reading state sequences, however they were written down."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import MISSING, grid_of
from quidqual.analysis.selection import as_tuple
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import natural_order


@dataclass(frozen=True)
class Sequences:
    """State sequences of equal length.

    Attributes
    ----------
    names : tuple
        One for each sequence.
    states : tuple of str
        The alphabet; ``not_observed`` last if it occurs.
    code : ndarray of int, sequences x rounds
        Positions in ``states``.
    """

    names: tuple[Hashable, ...]
    states: tuple[str, ...]
    code: np.ndarray

    @property
    def missing(self) -> int:
        """The number of ``not_observed``, or -1 if everything was observed."""
        return self.states.index(MISSING) if MISSING in self.states else -1


def read_sequences(states: Any, *, alphabet: Iterable[str] | None = None) -> Sequences:
    """Read sequences from a table, a wide frame, an array, or a list of words or lists.

    Parameters
    ----------
    states : DataFrame, array or list
        The table of :func:`quidqual.states` (or presence of one code); or one row a
        participant and one column a round; or a list of lists; or a list of words with one
        letter a round. NaN, None and ``not_observed`` mean not observed.
    alphabet : iterable of str, optional
        All states in order, if some do not occur.

    Raises
    ------
    QuidqualError
        If the sequences differ in length, are empty, or hold a state outside the alphabet.

    Examples
    --------
    >>> read_sequences(["LLM", "LMH"]).states
    ('H', 'L', 'M')
    """
    if isinstance(states, pd.DataFrame) and {"participant", "round", "state"} <= set(states):
        return _of_table(states, alphabet)
    if isinstance(states, pd.DataFrame):
        names: tuple[Hashable, ...] = tuple(states.index)
        rows = states.astype(object).to_numpy()
    else:
        try:
            if isinstance(states, str | bytes):
                raise TypeError("one word is no list of sequences")
            given = [list(row) for row in states]
        except TypeError:
            raise QuidqualError.of(
                f"states must be a table or a list of sequences, not {type(states).__name__}.",
                remedy="Give the table of qq.states(study), or one list of states a participant.",
                field="states",
            ) from None
        lengths = {len(row) for row in given}
        if len(lengths) > 1:
            raise QuidqualError.of(
                f"The sequences have different lengths: {listed(sorted(lengths))}.",
                remedy="Give one state a round; None where a round was not observed.",
                field="states",
            )
        named = isinstance(states, pd.Series)
        names = tuple(states.index) if named else tuple(range(len(given)))
        rows = np.empty((len(given), lengths.pop() if lengths else 0), dtype=object)
        for number, row in enumerate(given):
            rows[number, :] = row
    twice = pd.Index(names)[pd.Index(names).duplicated()]
    if len(twice):
        raise QuidqualError.of(
            f"the sequences name {listed(twice.unique())} more than once.",
            remedy="Give one sequence a participant.",
            field="states",
        )
    if rows.size == 0:
        raise QuidqualError.of(
            "There is no sequence.", remedy="Give at least one participant and one round."
        )
    flat = rows.ravel()
    flat = np.where(pd.isna(flat), MISSING, flat)
    numbers, found = pd.factorize(flat)
    words = [str(state) for state in found]
    known = _alphabet(words, alphabet)
    place = np.array([known.index(word) for word in words])
    return Sequences(names, known, place[numbers].reshape(rows.shape).astype(np.int16))


def _of_table(table: pd.DataFrame, alphabet: Iterable[str] | None) -> Sequences:
    """Read the sequences of one construct or one code."""
    grid = grid_of(table)
    if len(grid.things) != 1:
        raise QuidqualError.of(
            f"the table holds {len(grid.things)} of {grid.of}.",
            remedy="Choose one: a distance between people is about one thing.",
            field="states",
        )
    course = grid.courses()[:, 0]
    words = list(grid.states)
    if not (course == grid.missing).any():
        words.remove(MISSING)
    known = _alphabet(words, alphabet)
    place = np.array([known.index(w) if w in known else -1 for w in grid.states])
    return Sequences(tuple(map(str, grid.participants)), known, place[course].astype(np.int16))


def _alphabet(words: list[str], alphabet: Iterable[str] | None) -> tuple[str, ...]:
    """Order the states: as told, else as they stand in a table, else naturally."""
    if isinstance(alphabet, str):  # one letter a state, as in the words
        alphabet = list(alphabet)
    given = natural_order(words) if alphabet is None else as_tuple(alphabet)
    told = list(given)
    if len(set(told)) != len(told):
        raise QuidqualError.of("alphabet must name each state once.", field="alphabet")
    unknown = [word for word in words if word not in told and word != MISSING]
    if unknown:
        raise QuidqualError.of(
            f"Not in the alphabet: {listed(unknown)}.",
            remedy=f"It has {listed(told)}.",
            field="alphabet",
        )
    last = [MISSING] if MISSING in words else []
    return tuple([word for word in told if word != MISSING] + last)
