"""Change within people: the course of each code in each participant, and its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.analysis.grid import PRESENCE, PRESENT, Grid, grid_of
from quidqual.analysis.kinds import KIND_NAMES, SIMPLE_NAMES, kinds, simple_kinds
from quidqual.study.arguments import must_be_text, must_have, takes_study
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.faced import faced

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["change", "change_evidence"]


def change(presence: pd.DataFrame, *, intensity: str | None = None) -> pd.DataFrame:
    """Give for each participant and code the course over the rounds and its kind.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it; any table with ``participant``, ``round``,
        ``code`` and ``state`` will do.
    intensity : str, optional
        A numeric column of ``presence`` by which courses that are present throughout are
        told apart: ``"n_codings"``, or ``"share"`` or ``"weight"`` of
        :func:`quidqual.intensity`. Without it presence alone is read.

    Returns
    -------
    DataFrame
        One row per participant and code, sorted so:

        ============= ==================== =============================================
        column        type                 meaning
        ============= ==================== =============================================
        participant   str
        group         str
        code          ordered Categorical
        theme         str
        code_kind     str                  state, event, background, prompted_once
        pattern       str                  state of every round, "absent > present"
        kind          Categorical          one of the thirteen kinds, see Notes
        simple        Categorical          one of the nine simpler words
        n_observed    Int64                rounds observed
        n_present     Int64                rounds in which it is present
        first_present str                  first round in which it is present, or missing
        last_present  str                  last round in which it is present, or missing
        changed_from  str                  last observed round before the change
        changed_in    str                  round in which the change is first seen
        corpus        str
        ============= ==================== =============================================

    Raises
    ------
    QuidqualError
        If the table is not one of presence, or has no such intensity.

    Notes
    -----
    Not observed rounds stand in ``pattern`` and count nowhere else. The kinds, each
    excluding the others (P present, A absent, over the observed rounds):

    - *emerged*: A...A P...P
    - *ceased*: P...P A...A
    - *recurred*: P, then A, then P again, and P at the last observation
    - *never*: all A; *constant*: all P
    - *idiosyncratic*: any other course, as A P A or P A P A
    - *unknown*: fewer than two observed rounds
    - with ``intensity``, all P falls apart into *cumulative* (up at every step, at least
      three rounds), *increased* (never down, ends higher), *decreased* (never up, ends
      lower), *turning point* (changes direction once), *idiosyncratic* (more than once)
      and *constant* (level).

    Not every code can fade. An *event* (``code_kind``) has happened once it was said, whether
    or not it is mentioned again: it can only *emerge*, or had *happened* by the first
    interview. A *background* that is said at all holds throughout. What was said unasked,
    where the silence of the others is no absence, gives no direction either: change is read
    from the other rounds, and is *unknown* where they say never.

    ``simple`` reads the same course by its end: *emerged*, *persisted* (present
    whenever observed, with a gap), *constant* (without one), *recurred*, *faded*, *never*,
    *happened*, *background*, *not observed*. :data:`quidqual.analysis.kinds.KINDS` and
    ``SIMPLE`` hold the words.

    A change lies somewhere between ``changed_from`` and ``changed_in``: with a missed
    round between them nobody knows where. A number of codings also depends on the length
    of the note and the habits of the coder: use intensity with care.

    References
    ----------
    Saldana, J. (2003). *Longitudinal Qualitative Research: Analyzing Change Through
    Time*. AltaMira Press.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.change(qq.presence(qq.load_example("small")))
    >>> table.loc[table["code"] == "trust", ["participant", "pattern", "kind", "simple"]]
      participant                 pattern     kind        simple
    0          P1        absent > present  emerged       emerged
    2          P2  present > not_observed  unknown  not observed
    """
    grid = grid_of(presence, states=PRESENCE)
    values = None if intensity is None else _values(grid, presence, intensity)
    n_people, n_codes, n_rounds = grid.state.shape
    rows = n_people * n_codes

    def flat(array: np.ndarray) -> np.ndarray:
        return array.reshape(rows, n_rounds)

    course = flat(grid.courses())
    present, observed = course == PRESENT, course != grid.missing
    flat_values = None if values is None else flat(values)
    kind = kinds(present, observed, flat_values)
    simple = simple_kinds(present, observed, flat(grid.due))
    _honour_kinds(grid, kind, simple, present, observed)
    raw = flat(grid.present)
    person, code = np.divmod(np.arange(rows), max(n_codes, 1))
    first, last = _first(raw), _last(raw)
    before, after = _change_between(present, observed, kind, flat_values)
    groups = [grid.group_of[name] for name in grid.participants]
    themes, natures = ([of[name] for name in grid.things] for of in (grid.theme_of, grid.kind_of))
    found = pd.DataFrame(
        {
            "participant": _take(grid.participants, person),
            "group": _take(groups, person),
            "code": pd.Categorical.from_codes(code, categories=list(grid.things), ordered=True),
            "theme": _take(themes, code),
            "code_kind": _take(natures, code),
            "pattern": _patterns(flat(grid.state)),
            "kind": pd.Categorical.from_codes(kind, categories=list(KIND_NAMES)),
            "simple": pd.Categorical.from_codes(simple, categories=list(SIMPLE_NAMES)),
            "n_observed": pd.array(flat(grid.observed).sum(axis=1), dtype="Int64"),
            "n_present": pd.array(raw.sum(axis=1), dtype="Int64"),
            "first_present": _take(grid.rounds, first),
            "last_present": _take(grid.rounds, last),
            "changed_from": _take(grid.rounds, before),
            "changed_in": _take(grid.rounds, after),
            "corpus": pd.array([grid.corpus] * rows, dtype="str"),
        }
    )
    return faced(found, "change")


@takes_study
def change_evidence(study: Study, changed: pd.DataFrame) -> pd.DataFrame:
    """Give the coded passages that each row of a table of change rests on.

    Parameters
    ----------
    study : Study
    changed : DataFrame
        Rows of :func:`quidqual.change` on codes (filter it first: all passages of all
        courses are many).

    Returns
    -------
    DataFrame
        One row a coding, sorted by participant, code, round and place: ``participant``,
        ``code``, ``kind``, ``round``, ``interview``, ``start``, ``end``, ``exact``,
        ``speech``, ``coder``, ``id``, ``corpus``.

    Raises
    ------
    QuidqualError
        If the table has no participant, code and kind.

    Notes
    -----
    Only where ``speech`` is ``verbatim`` may the words be quoted as the participant's.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> table = qq.change(qq.presence(study))
    >>> emerged = table[table["kind"] == "emerged"]
    >>> qq.analysis.change_evidence(study, emerged)[["code", "round", "exact"]]
        code round                exact
    0  trust    R2  I trust one of them
    """
    needed = ("participant", "code", "kind")
    must_have(changed, needed, of="qq.change(qq.presence(study))", field="changed")
    wished = changed[["participant", "code", "kind"]].astype("str")
    codings = study.codings
    codings = codings.assign(code=codings["code"].astype("str"))
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    found = codings.merge(wished, on=["participant", "code"], how="inner")
    order = {code: position for position, code in enumerate(study.codebook.ids)}
    found = found.assign(_place=found["code"].map(order)).sort_values(
        ["participant", "_place", "round", "start", "end", "id"]
    )
    columns = ["participant", "code", "kind", "round", "interview", "start", "end", "exact"]
    return found[[*columns, "speech", "coder", "id", "corpus"]].reset_index(drop=True)


def _honour_kinds(
    grid: Grid, kind: np.ndarray, simple: np.ndarray, present: np.ndarray, observed: np.ndarray
) -> None:
    """Rename, in place, the courses that are none: of events, backgrounds and the unasked."""
    n_people = len(grid.participants)
    said = np.asarray(present.any(axis=1))
    for code_kind, word in (("event", "happened"), ("background", "background")):
        rows = np.flatnonzero(np.tile(grid.of_kind(code_kind), n_people))
        if not len(rows):
            continue
        # How often an event is mentioned is no intensity of it.
        kind[rows] = kinds(present[rows], observed[rows], None)
        through = kind[rows] == KIND_NAMES.index("constant")
        renamed = rows[said[rows] if word == "background" else through]
        kind[renamed] = KIND_NAMES.index(word)
        simple[renamed] = SIMPLE_NAMES.index(word)
    unasked = np.asarray(grid.volunteered.any(axis=2)).ravel()
    renamed = np.flatnonzero(unasked & ~said & (kind == KIND_NAMES.index("never")))
    kind[renamed] = KIND_NAMES.index("unknown")
    simple[renamed] = SIMPLE_NAMES.index("not observed")


def _values(grid: Grid, presence: pd.DataFrame, intensity: str) -> np.ndarray:
    """Lay the wished intensity out on the grid."""
    must_be_text(intensity, field="intensity")
    if intensity not in presence or not pd.api.types.is_numeric_dtype(presence[intensity]):
        numeric = presence.select_dtypes("number").columns
        raise QuidqualError.of(
            f"intensity must be a column of numbers; the table has none called {intensity!r}.",
            remedy=f"It has {listed(numeric)}; qq.intensity(study) adds 'share' and 'weight'.",
            field="intensity",
        )
    return grid.lay(presence[intensity])


def _patterns(state: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Write each course as words; equal courses are written once."""
    if state.shape[1] == 0:
        return pd.array([""] * len(state), dtype="str")
    number: np.ndarray = state
    if state.shape[1] < 40:  # a course fits one integer, which sorts much faster than rows
        number = state.astype(np.int64) @ (3 ** np.arange(state.shape[1], dtype=np.int64))
    _, example, which = np.unique(number, axis=0, return_index=True, return_inverse=True)
    words = [" > ".join(PRESENCE[value] for value in state[row]) for row in example]
    return _take(words, which)


def _first(mark: np.ndarray) -> np.ndarray:
    """Give the first marked column of each row, -1 if none."""
    if mark.shape[1] == 0:
        return np.full(len(mark), -1)
    return np.where(mark.any(axis=1), mark.argmax(axis=1), -1)


def _last(mark: np.ndarray) -> np.ndarray:
    """Give the last marked column of each row, -1 if none."""
    first_from_end = _first(mark[:, ::-1])
    return np.where(first_from_end >= 0, mark.shape[1] - 1 - first_from_end, -1)


def _change_between(
    present: np.ndarray, observed: np.ndarray, kind: np.ndarray, values: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Find the observed rounds between which the change that gives the kind its name lies."""
    times = np.arange(present.shape[1])
    after = np.full(len(present), -1)
    rises = kind == KIND_NAMES.index("emerged")
    after[rises] = _first(present[rises])
    returns = kind == KIND_NAMES.index("recurred")
    absent = observed & ~present
    last_absent = _last(absent)
    after[returns] = _first(present[returns] & (times > last_absent[returns, None]))
    stops = kind == KIND_NAMES.index("ceased")
    after[stops] = _first(absent[stops])
    if values is not None:
        turns = np.flatnonzero(kind == KIND_NAMES.index("turning point"))
        after[turns] = [_turn(values[row], observed[row]) for row in turns]
    earlier = observed & (times < after[:, None])
    return np.where(after >= 0, _last(earlier), -1), after


def _turn(values: np.ndarray, observed: np.ndarray) -> int:
    """Find the round in which the intensity first moves against its direction."""
    times = np.flatnonzero(observed & ~np.isnan(values))
    steps = np.sign(np.diff(values[times]))
    moved = np.flatnonzero(steps)
    against = next(step for step in moved if steps[step] != steps[moved[0]])
    return int(times[against + 1])


def _take(labels: object, index: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Pick labels by position; -1 gives a missing value."""
    return pd.array(list(labels), dtype="str").take(index, allow_fill=True)  # type: ignore[call-overload]
