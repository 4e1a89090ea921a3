"""Presence: the table that every other analysis is made from.

One row for each participant, round and code says whether the code is ``present``,
``absent`` or ``not_observed``. The third value exists because an interview that did not
take place, or a topic that was never raised, tells nothing about the person: counting it
as absence would turn the design of the study into a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.analysis.grid import ABSENT, NOT_OBSERVED, PRESENCE, PRESENT
from quidqual.analysis.selection import Field, Plan, as_tuple, field_of, plan_codes
from quidqual.study.arguments import must_have, one_of, some_of, takes_study
from quidqual.study.faced import faced
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["presence", "unread_notes"]

SOURCES = ("hand", "rule", "model")
SPEECH = ("verbatim", "paraphrase", "mixed")
_REASONS = ("", "missed", "not_due", "no_note", "unread", "no_verbatim", "not_asked", "volunteered")


@takes_study
def presence(
    study: Study,
    *,
    coder: str | Iterable[str] | None = None,
    codes: str | Iterable[str] | None = None,
    level: str = "code",
    source: str | Iterable[str] | None = None,
    speech: str | Iterable[str] | None = None,
    participants: str | Iterable[str] | None = None,
    rounds: str | Iterable[str] | None = None,
    merge: Mapping[str, str] | None = None,
    uncoded: str | None = None,
) -> pd.DataFrame:
    """Say for each participant, round and code: present, absent or not observed.

    Parameters
    ----------
    study : Study
        The study, or anything with its frames.
    coder : str or iterable of str, optional
        Whose codings count. By default the study's primary coder; if it has none, all
        coders united.
    codes : str or iterable of str, optional
        Codes to keep; the id of a theme or parent stands for all codes beneath it.
    level : {"code", "theme"}
        With ``"theme"`` a theme is present where any of its codes is.
    source : str or iterable of str, optional
        ``"hand"``, ``"rule"``, ``"model"``: only codings made so.
    speech : str or iterable of str, optional
        ``"verbatim"``: only codings of the participant's own words; likewise
        ``"paraphrase"`` and ``"mixed"``.
    participants, rounds : str or iterable of str, optional
        The part of the study to look at.
    merge : mapping of str to str, optional
        ``{code: into}``: read codings of ``code`` as codings of ``into``.
    uncoded : {"absent", "not_observed"}, optional
        How to read a note in which this coder has coded nothing and which she has not marked
        as read. By default as ``uncoded`` in ``study.toml`` says, and without it
        ``"not_observed"``: an unread note tells nothing.

    Returns
    -------
    DataFrame
        One row per participant, round and code, sorted so:

        =========== ==================== ===============================================
        column      type                 meaning
        =========== ==================== ===============================================
        participant str
        group       str
        round       ordered Categorical  in the order of the study
        code        ordered Categorical  in the order of the codebook (or the theme)
        theme       str                  the top of the code's branch
        code_kind   str                  state, event, background, prompted_once
        state       Categorical          present, absent, not_observed
        n_codings   Int64                passages under the code or one beneath it; missing
                                         where not observed
        n_own       Int64                passages under this very code
        reason      str                  why not observed; ``volunteered`` where present
                                         although not asked; else ``""``
        interview   str                  the interview, held or not
        corpus      str                  synthetic or real
        =========== ==================== ===============================================

        Not observed are ``missed``, ``not_due``, ``no_note`` (held, but nothing written),
        ``unread`` (this coder has not read the note), ``no_verbatim`` (only verbatim speech
        was asked for and the note marks none), ``not_asked`` (the protocol raises the topic
        with other groups or in other rounds, or once only, and nobody brought it up here).

    Raises
    ------
    QuidqualError
        If a code, coder, participant, round or level is not in the study, a source or kind
        of speech is not known, or a filter names nothing.

    Notes
    -----
    A topic that nobody asked about but that the participant raised is ``present`` and marked
    ``volunteered``: the silence of the others there is no absence, so such a cell belongs to
    no denominator and shows no direction of change.

    A parent is present where any code beneath it is, as a search for it finds all that. The
    same words coded twice with one code (by two coders, or by accident) are one passage. A
    coding whose words can no longer be found in its note (``anchor`` is ``lost``) rests on
    nothing and is left out.

    Which notes a coder has read is recorded (``study.notes_read(coder)``), not guessed from
    what others did. :func:`unread_notes` says how many were not, for the line beneath a figure.

    The kind of a code says how silence about it is read. A *state* is absent where it is not
    found. What the protocol raises once (*prompted_once*) is observed where it is raised: in
    the rounds of ``asked``, else in the first interview read of each participant.
    An *event* and a *background* are read like a state here, and differently over time: see
    :func:`quidqual.change`.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.presence(qq.load_example("small"))
    >>> table.loc[table["code"] == "trust", ["participant", "round", "state", "reason"]]
      participant round         state  reason
    0          P1    R1        absent
    2          P1    R2       present
    4          P2    R1       present
    6          P2    R2  not_observed  missed
    """
    one_of(level, ("code", "theme"), field="level")
    if uncoded is not None:
        one_of(uncoded, ("absent", "not_observed"), field="uncoded")
    if speech is not None:
        speech = some_of(speech, SPEECH, field="speech")
    field = field_of(study, participants=participants, rounds=rounds)
    plan = plan_codes(study.codebook, codes=codes, merge=merge)
    codings = study.codings
    place = field.place_of(codings["interview"])
    coders = _coders(study, coder)
    kept = codings["coder"].isin(coders).to_numpy()
    read = _read(study, None if coder is None else coders, uncoded)
    why = _why_unobserved(study, field, field.among(read), speech=speech)
    if source is not None:
        kept = kept & codings["source"].isin(some_of(source, SOURCES, field="source")).to_numpy()
    if speech is not None:
        kept = kept & codings["speech"].isin(speech).to_numpy()
    if "anchor" in codings:
        kept = kept & (codings["anchor"] != "lost").to_numpy(dtype=bool)
    counts, own = _count(codings, place, kept, field, plan, level)
    asked = _asked(plan, field, level, why == 0)
    return _table(study, field, plan, level, counts, own, why, asked)


def unread_notes(presence: pd.DataFrame) -> str:
    """Say how many notes of a table were not read, for the line beneath a figure or table.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it.

    Returns
    -------
    str
        ``"2 notes unread"``, or ``""`` if all were read.

    Raises
    ------
    QuidqualError
        If the table has no ``interview`` and ``reason``.

    Examples
    --------
    >>> import quidqual as qq
    >>> unread_notes(qq.presence(qq.load_example("small")))
    ''
    """
    must_have(presence, ("interview", "reason"), of="qq.presence(study)", field="presence")
    unread = presence.loc[presence["reason"] == "unread", "interview"].nunique()
    return f"{counted(unread, 'note')} unread" if unread else ""


def _coders(study: Study, coder: str | Iterable[str] | None) -> tuple[str, ...]:
    """Name the coders whose reading is wanted: those asked for, the primary one, or all."""
    known = sorted({*study.codings["coder"].unique(), *getattr(study, "coders", ())})
    if study.primary_coder is not None:
        known = sorted({*known, study.primary_coder})
    if coder is not None:
        return tuple(some_of(as_tuple(coder), known, field="coder"))
    return (study.primary_coder,) if study.primary_coder is not None else tuple(known)


def _read(study: Study, coders: Iterable[str] | None, uncoded: str | None) -> set[str]:
    """Name the interviews whose notes any of the coders has read (None: the study's own)."""
    if uncoded == "absent":
        return set(study.notes["interview"])
    if uncoded == "not_observed" and study.settings.get("uncoded") == "absent":
        # What is only supposed to be read is not; what somebody marked as read is.
        return set(study.notes_read(coders, uncoded="not_observed"))
    return set(study.notes_read() if coders is None else study.notes_read(coders))


def _why_unobserved(
    study: Study, field: Field, read: np.ndarray, *, speech: Iterable[str] | None
) -> np.ndarray:
    """Give for each interview of the field the reason (an index of ``_REASONS``) or 0."""
    why = np.zeros(field.shape, dtype=np.int8)
    text = study.notes.set_index("interview")["text"].reindex(field.interview.ravel())
    blank = text.fillna("").str.strip().eq("").to_numpy(dtype=bool)
    why[blank.reshape(field.shape)] = _REASONS.index("no_note")
    for status in ("missed", "not_due"):
        why[field.status == status] = _REASONS.index(status)
    why[(why == 0) & ~read] = _REASONS.index("unread")
    if speech is not None and set(speech) <= {"verbatim", "mixed"}:
        silent = ~field.among([i for i in study.notes["interview"] if study.verbatim(i)])
        why[(why == 0) & silent] = _REASONS.index("no_verbatim")
    return why


def _count(
    codings: pd.DataFrame, place: np.ndarray, kept: np.ndarray, field: Field, plan: Plan, level: str
) -> tuple[np.ndarray, np.ndarray]:
    """Count distinct passages in a participant x round x code (or theme) array.

    Returns
    -------
    counts, own : ndarray of int
        Passages under the code or anything beneath it, and under the code itself.
    """
    levels = plan.columns_at(codings["code"], level)
    shape = (*field.shape, len(plan.names_at(level)))
    spans = codings[["start", "end"]].astype("int64")

    def distinct(columns: list[np.ndarray]) -> np.ndarray:
        parts = [
            spans.assign(cell=place * shape[2] + column)[kept & (place >= 0) & (column >= 0)]
            for column in columns
        ]
        cells = pd.concat(parts, ignore_index=True).drop_duplicates()["cell"]
        return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)

    counts = distinct(levels)
    return counts, counts if len(levels) == 1 else distinct(levels[:1])


def _asked(plan: Plan, field: Field, level: str, read: np.ndarray) -> np.ndarray:
    """Mark participant x round x code cells in which the protocol raises the topic."""
    asked = np.zeros((*field.shape, len(plan.codes)), dtype=bool)
    first = read & (read.cumsum(axis=1) == 1)
    for column, ((groups, rounds), kind) in enumerate(zip(plan.asked, plan.kinds, strict=True)):
        people = field.in_groups(groups) if groups else np.ones(field.shape[0], dtype=bool)
        times = np.isin(field.rounds, rounds) if rounds else np.ones(field.shape[1], dtype=bool)
        asked[:, :, column] = people[:, None] & times[None, :]
        if kind == "prompted_once" and not rounds:
            asked[:, :, column] &= first
    if level == "code":
        return asked
    by_theme = np.zeros((*field.shape, len(plan.themes)), dtype=bool)
    for column, theme in enumerate(plan.theme_of_code):
        by_theme[:, :, theme] |= asked[:, :, column]
    return by_theme


def _table(
    study: Study,
    field: Field,
    plan: Plan,
    level: str,
    counts: np.ndarray,
    own: np.ndarray,
    why: np.ndarray,
    asked: np.ndarray,
) -> pd.DataFrame:
    """Lay the arrays out as the tidy table."""
    reason = np.broadcast_to(why[:, :, None], counts.shape).copy()
    reason[(reason == 0) & (counts == 0) & ~asked] = _REASONS.index("not_asked")
    # A coder has coded something in a note that she has not finished: it is there all the same.
    reason[(reason == _REASONS.index("unread")) & (counts > 0)] = 0
    # A coding in an interview that was not held is a fault that validation reports; the
    # table follows the design, so such a cell stays unobserved.
    state = np.where(reason > 0, NOT_OBSERVED, np.where(counts > 0, PRESENT, ABSENT))
    reason[(state == PRESENT) & ~asked] = _REASONS.index("volunteered")
    n_people, n_rounds, width = counts.shape
    person, time, column = (axis.ravel() for axis in np.indices(counts.shape))
    names = list(plan.names_at(level))
    theme = np.arange(width) if level == "theme" else plan.theme_of_code
    kinds = plan.kinds_of_themes() if level == "theme" else plan.kinds
    unseen = (state == NOT_OBSERVED).ravel()
    n_codings, n_own = (
        pd.arrays.IntegerArray(n.ravel().astype(np.int64), unseen.copy()) for n in (counts, own)
    )
    columns = {
        "participant": _take(field.participants, person),
        "group": _take(field.groups, person),
        "round": pd.Categorical.from_codes(time, categories=list(field.rounds), ordered=True),
        "code": pd.Categorical.from_codes(column, categories=names, ordered=True),
        "theme": _take(plan.themes, theme[column]),
        "code_kind": _take(kinds, column),
        "state": pd.Categorical.from_codes(state.ravel(), categories=list(PRESENCE)),
        "n_codings": n_codings,
        "n_own": n_own,
        "reason": _take(_REASONS, reason.ravel()),
        "interview": _take(field.interview.ravel(), person * n_rounds + time),
        "corpus": _take([study.mark], np.zeros(n_people * n_rounds * width, dtype=np.intp)),
    }
    return faced(pd.DataFrame(columns), "presence")


def _take(labels: Iterable[str], index: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Repeat few labels over many rows as a column of str."""
    return pd.array(list(labels), dtype="str").take(index)
