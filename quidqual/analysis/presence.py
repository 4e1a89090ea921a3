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

from quidqual.analysis.observation import ABSENT, NOT_OBSERVED, PRESENT, STATES, Field, field_of
from quidqual.analysis.selection import Plan, as_tuple, plan_codes
from quidqual.study.arguments import some_of, takes_study
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["presence"]

SOURCES = ("hand", "rule", "model")
SPEECH = ("verbatim", "paraphrase", "mixed")
_REASONS = ("", "missed", "not_due", "no_note", "not_coded", "no_verbatim", "not_asked")


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
    uncoded: str = "absent",
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
    uncoded : {"absent", "not_observed"}
        How to read a note in which nobody has coded anything. ``"absent"`` takes it as
        read without result; say ``"not_observed"`` while the coding is not finished.

    Returns
    -------
    DataFrame
        One row per participant, round and code, sorted so:

        ========== ==================== ===============================================
        column     type                 meaning
        ========== ==================== ===============================================
        participant str
        group      str
        round      ordered Categorical  in the order of the study
        code       ordered Categorical  in the order of the codebook (or the theme)
        theme      str                  the top of the code's branch
        state      Categorical          present, absent, not_observed
        n_codings  Int64                passages coded; missing where not observed
        reason     str                  why not observed, else ``""``
        interview  str                  the interview, held or not
        corpus     str                  synthetic or real
        ========== ==================== ===============================================

        ``reason`` is one of ``missed``, ``not_due``, ``no_note`` (held, but nothing
        written), ``not_coded`` (this coder has nothing in a note that another coder has
        coded by hand), ``no_verbatim`` (only verbatim speech was asked for and the note
        marks none), ``not_asked`` (the protocol raises the topic with other groups or
        in other rounds, and nobody brought it up here).

    Raises
    ------
    QuidqualError
        If a code, coder, participant, round or level is not in the study, a source or kind
        of speech is not known, or a filter names nothing.

    Notes
    -----
    A topic that nobody asked about but that the participant raised is ``present``: the
    protocol decides only how silence is read. The same words coded twice with one code
    (by two coders, or by accident) are one passage. A coding whose words can no longer be
    found in its note (``anchor`` is ``lost``) rests on nothing and is left out.

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> table = presence(tiny_study())
    >>> table.loc[table["code"] == "trust", ["participant", "round", "state", "reason"]]
      participant round         state  reason
    0          P1    R1        absent
    2          P1    R2       present
    4          P2    R1       present
    6          P2    R2  not_observed  missed
    """
    if level not in ("code", "theme"):
        raise QuidqualError.of(
            f"{level!r} is no level.", remedy="Use 'code' or 'theme'.", field="level"
        )
    if uncoded not in ("absent", "not_observed"):
        raise QuidqualError.of(
            f"{uncoded!r} is no reading.", remedy="Use 'absent' or 'not_observed'.", field="uncoded"
        )
    if speech is not None:
        speech = some_of(speech, SPEECH, field="speech")
    field = field_of(study, participants=participants, rounds=rounds)
    plan = plan_codes(study.codebook, codes=codes, merge=merge)
    codings = study.codings
    place = field.place_of(codings["interview"])
    kept = _kept(study, coder=coder, source=source)
    why = _why_unobserved(study, field, place, kept, speech=speech, uncoded=uncoded)
    if speech is not None:
        kept = kept & codings["speech"].isin(speech).to_numpy()
    if "anchor" in codings:
        kept = kept & (codings["anchor"] != "lost").to_numpy(dtype=bool)
    counts = _count(codings, place, kept, field, plan, level)
    asked = _asked(plan, field, level)
    return _table(study, field, plan, level, counts, why, asked)


def _kept(
    study: Study, *, coder: str | Iterable[str] | None, source: str | Iterable[str] | None
) -> np.ndarray:
    """Mark the codings of the wished coders and sources."""
    codings = study.codings
    if coder is None and study.primary_coder is not None:
        coder = study.primary_coder
    kept = np.ones(len(codings), dtype=bool)
    if coder is not None:
        wished = as_tuple(coder)
        known = {*codings["coder"].unique(), study.primary_coder}
        unknown = [name for name in wished if name not in known]
        if unknown or not wished:
            raise QuidqualError.of(
                f"No codings by {listed(unknown)}." if unknown else "coder= names nobody.",
                remedy=f"The study has codings by {listed(sorted(filter(None, known)))}.",
                field="coder",
            )
        kept &= codings["coder"].isin(wished).to_numpy()
    if source is not None:
        kept &= codings["source"].isin(some_of(source, SOURCES, field="source")).to_numpy()
    return kept


def _why_unobserved(
    study: Study,
    field: Field,
    place: np.ndarray,
    kept: np.ndarray,
    *,
    speech: str | Iterable[str] | None,
    uncoded: str,
) -> np.ndarray:
    """Give for each interview of the field the reason (an index of ``_REASONS``) or 0."""
    why = np.zeros(field.shape, dtype=np.int8)
    text = study.notes.set_index("interview")["text"].reindex(field.interview.ravel())
    blank = text.fillna("").str.strip().eq("").to_numpy(dtype=bool)
    why[blank.reshape(field.shape)] = _REASONS.index("no_note")
    for status in ("missed", "not_due"):
        why[field.status == status] = _REASONS.index(status)
    unread = (why == 0) & ~_touched(place[kept], field)
    if uncoded == "absent" and unread.any():
        by_hand = (study.codings["source"] == "hand").to_numpy(dtype=bool)
        unread &= _touched(place[by_hand], field)
    why[unread] = _REASONS.index("not_coded")
    if speech is not None and set(speech) <= {"verbatim", "mixed"}:
        silent = ~text.fillna("").str.contains("“", regex=False).to_numpy(dtype=bool)
        why[(why == 0) & silent.reshape(field.shape)] = _REASONS.index("no_verbatim")
    return why


def _touched(place: np.ndarray, field: Field) -> np.ndarray:
    """Mark the interviews of the field that have a coding."""
    size = field.shape[0] * field.shape[1]
    return np.bincount(place[place >= 0], minlength=size).reshape(field.shape) > 0


def _count(
    codings: pd.DataFrame,
    place: np.ndarray,
    kept: np.ndarray,
    field: Field,
    plan: Plan,
    level: str,
) -> np.ndarray:
    """Count distinct passages in a participant x round x code (or theme) array."""
    columns = plan.theme_of_code if level == "theme" else np.arange(len(plan.codes))
    width = len(plan.themes) if level == "theme" else len(plan.codes)
    column = plan.column_of(codings["code"])
    inside = kept & (place >= 0) & (column >= 0)
    passages = pd.DataFrame(
        {
            "cell": place[inside] * width + columns[column[inside]],
            "start": codings["start"].to_numpy(dtype=np.int64)[inside],
            "end": codings["end"].to_numpy(dtype=np.int64)[inside],
        }
    )
    once = passages.loc[~passages.duplicated().to_numpy(), "cell"].to_numpy()
    rows = field.shape[0] * field.shape[1]
    return np.bincount(once, minlength=rows * width).reshape(*field.shape, width)


def _asked(plan: Plan, field: Field, level: str) -> np.ndarray:
    """Mark participant x round x code cells in which the protocol raises the topic."""
    asked = np.zeros((*field.shape, len(plan.codes)), dtype=bool)
    for column, (groups, rounds) in enumerate(plan.asked):
        people = field.in_groups(groups) if groups else np.ones(field.shape[0], dtype=bool)
        times = np.isin(field.rounds, rounds) if rounds else np.ones(field.shape[1], dtype=bool)
        asked[:, :, column] = people[:, None] & times[None, :]
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
    why: np.ndarray,
    asked: np.ndarray,
) -> pd.DataFrame:
    """Lay the arrays out as the tidy table."""
    reason = np.broadcast_to(why[:, :, None], counts.shape).copy()
    reason[(reason == 0) & (counts == 0) & ~asked] = _REASONS.index("not_asked")
    # A coding in an interview that was not held is a fault that validation reports; the
    # table follows the design, so such a cell stays unobserved.
    state = np.where(reason > 0, NOT_OBSERVED, np.where(counts > 0, PRESENT, ABSENT))
    n_people, n_rounds, width = counts.shape
    person, time, column = (axis.ravel() for axis in np.indices(counts.shape))
    names = list(plan.themes if level == "theme" else plan.codes)
    theme = np.arange(width) if level == "theme" else plan.theme_of_code
    n_codings = pd.array(counts.ravel(), dtype="Int64")
    n_codings[(state == NOT_OBSERVED).ravel()] = pd.NA
    columns = {
        "participant": _take(field.participants, person),
        "group": _take(field.groups, person),
        "round": pd.Categorical.from_codes(time, categories=list(field.rounds), ordered=True),
        "code": pd.Categorical.from_codes(column, categories=names, ordered=True),
        "theme": _take(plan.themes, theme[column]),
        "state": pd.Categorical.from_codes(state.ravel(), categories=list(STATES)),
        "n_codings": n_codings,
        "reason": _take(_REASONS, reason.ravel()),
        "interview": _take(field.interview.ravel(), person * n_rounds + time),
        "corpus": _take([study.corpus], np.zeros(n_people * n_rounds * width, dtype=np.intp)),
    }
    return pd.DataFrame(columns)


def _take(labels: Iterable[str], index: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Repeat few labels over many rows as a column of str."""
    return pd.array(list(labels), dtype="str").take(index)
