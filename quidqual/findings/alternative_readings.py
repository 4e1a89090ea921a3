"""The defensible readings of a study: the same notes, counted in another way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.findings.cases import ABSENT, MISSING, PRESENT, Cases

if TYPE_CHECKING:
    from quidqual.study.model import Study

_Line: TypeAlias = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Reading:
    """One way to read a study.

    Attributes
    ----------
    kind : str
        coder, speech, participant, round, threshold or codebook.
    name : str
        In words.
    cases : Cases or None
        The reading; None for one that only leaves `person` or `round` out.
    like : Cases or None
        The study's own reading of the same notes, where this one did not read all of them.
    person, round : str
        Who or which is left out.
    codes : tuple of str
        The codes it concerns; empty: all.
    """

    kind: str
    name: str
    cases: Cases | None = None
    like: Cases | None = None
    person: str = ""
    round: str = ""
    codes: tuple[str, ...] = ()


def readings(study: Study, base: pd.DataFrame, *, codes: Iterable[str] = ()) -> Iterator[Reading]:
    """Read a study in every defensible way but the one of its analyses.

    Parameters
    ----------
    study : Study
    base : DataFrame
        Presence as the analyses read it.
    codes : iterable of str
        Codes to merge with a sibling, one at a time.

    Yields
    ------
    Reading
        Each other coder, on the notes that both read; all coders united; what all coders agree
        on; verbatim speech only, where speech was noted down; without each participant; without
        each round; a code present only where it was applied twice, or with a weight of at least
        2; a code merged with its nearest sibling.
    """
    own = Cases.of(study, base)
    yield from _coders(study, own)
    # Notes that retell are no transcripts with the speech left out: there it would be no reading.
    if (study.codings["speech"] != "paraphrase").mean() >= 0.5:
        table = presence(study, speech=("verbatim", "mixed"))
        yield Reading("speech", "passages with verbatim speech only", Cases.of(study, table))
    people, rounds = own.participants, own.rounds
    if len(people) > 1:
        yield from (Reading("participant", f"without {p}", person=p) for p in people)
    if len(rounds) > 1:
        yield from (Reading("round", f"without {r}", round=r) for r in rounds)
    yield from _thresholds(study, base, own)
    spans, lines = _spans(study, base), _lines(study)
    for code in codes:
        sibling = nearest_sibling(study, code, lines=lines)
        if sibling:
            merged = _as_one(study, spans, own, code, sibling)
            yield Reading("codebook", f"{sibling} read as {code}", merged, codes=(code, sibling))


def _coders(study: Study, own: Cases) -> Iterator[Reading]:
    if len(study.coders) < 2:
        return
    each = {c: Cases.of(study, presence(study, coder=c)) for c in study.coders}
    for coder, read in each.items():
        if coder != study.primary_coder:
            # Compared on the notes that both read: what one did not read, the other cannot oppose.
            other = replace(read, state=np.where(own.state == MISSING, MISSING, read.state))
            like = replace(own, state=np.where(read.state == MISSING, MISSING, own.state))
            yield Reading("coder", f"coder {coder}", other, like=like)
    if study.primary_coder is not None:
        united = Cases.of(study, presence(study, coder=study.coders))
        yield Reading("coder", "all coders united", united)
    agreed = what_all_agree_on(list(each.values()))
    like = replace(own, state=np.where(_unread(each.values()), MISSING, own.state))
    yield Reading("coder", "what all coders agree on", agreed, like=like)


def _unread(each: Iterable[Cases]) -> np.ndarray:
    return np.any([read.state == MISSING for read in each], axis=0)


def what_all_agree_on(each: list[Cases]) -> Cases:
    """Keep what every coder says of a participant, round and code.

    Where the coders differ, or one of them did not read the note, it is not observed: there
    is no agreed reading of it.
    """
    states = np.stack([read.state for read in each])
    same = (states == states[0]).all(axis=0)
    fewest = np.min([read.counts for read in each], axis=0)
    return replace(each[0], state=np.where(same, states[0], MISSING), counts=fewest)


def _thresholds(study: Study, base: pd.DataFrame, own: Cases) -> Iterator[Reading]:
    if (own.counts > 1).any():
        name = "present only where coded twice in an interview"
        yield Reading("threshold", name, _only(own, own.counts >= 2))
    codings = _own_codings(study)
    if codings["weight"].notna().any():
        strong = codings.loc[codings["weight"].fillna(0) >= 2, ["interview", "code"]]
        # A parent is present where any code beneath it is.
        above = {code: [code, *_parents(study, code)] for code in set(strong["code"])}
        strong = strong.assign(code=strong["code"].map(above)).explode("code")
        keys = pd.MultiIndex.from_frame(strong.drop_duplicates())
        cells = pd.MultiIndex.from_arrays([base["interview"], base["code"].astype(object)])
        weak = base.assign(n_codings=np.where(cells.isin(keys), 1, 0))
        weak = weak.assign(n_codings=weak["n_codings"].astype("Int64"))
        marked = Cases.from_presence(weak, book=study.codebook)
        name = "present only where a weight of 2 or more was given"
        yield Reading("threshold", name, _only(own, marked.counts > 0))


def _only(own: Cases, strong: np.ndarray) -> Cases:
    weak = (own.state == PRESENT) & ~strong
    return replace(
        own, state=np.where(weak, ABSENT, own.state), counts=np.where(weak, 0, own.counts)
    )


def _own_codings(study: Study) -> pd.DataFrame:
    """Give the codings that the analyses rest on."""
    codings = study.codings
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    return codings[codings["anchor"] != "lost"] if "anchor" in codings else codings


def _parents(study: Study, code: str) -> Iterator[str]:
    while parent := study.codebook[code].parent:
        yield parent
        code = parent


def _spans(study: Study, base: pd.DataFrame) -> pd.DataFrame:
    """Give each coded passage of the analyses with the participant and round of its interview."""
    codings = _own_codings(study)
    talks = base[["participant", "round", "interview"]].drop_duplicates()
    return codings[["code", "interview", "start", "end"]].merge(talks, on="interview")


def _as_one(study: Study, spans: pd.DataFrame, own: Cases, code: str, sibling: str) -> Cases:
    """Merge two codes and let both names stand for the merged one, since claims name either."""
    beneath = [c for one in (code, sibling) for c in (one, *study.codebook.descendants(one))]
    both = spans[spans["code"].isin(beneath)]
    both = both.drop_duplicates(["interview", "start", "end"])  # one passage counts once
    merged = np.zeros(own.counts.shape[:2], dtype=np.int64)
    rows = own.rows_of(both["participant"].tolist())
    columns = pd.Index(own.rounds).get_indexer(both["round"].astype(str))
    np.add.at(merged, (rows, columns), 1)
    state, counts, places = own.state.copy(), own.counts.copy(), own.columns_of([code, sibling])
    course, _ = own.course([code, sibling])
    state[:, :, places] = course[:, :, None]
    counts[:, :, places] = np.where(course == PRESENT, merged, 0)[:, :, None]
    return replace(own, state=state, counts=counts)


def nearest_sibling(
    study: Study, code: str, *, lines: Mapping[str, _Line] | None = None
) -> str | None:
    """Find the sibling whose passages overlap those of a code most: the likeliest confusion.

    None if no sibling shares a passage with it. Ties go to the order of the codebook.
    """
    lines = _lines(study) if lines is None else lines
    parent = study.codebook[code].parent
    siblings = [c for c in (study.codebook.children(parent) if parent else ()) if c in lines]
    if code not in lines:
        return None
    shared = {c: _pairs(lines[code], lines[c]) for c in siblings if c != code}
    return max(shared, key=shared.__getitem__) if any(shared.values()) else None


def _lines(study: Study) -> dict[str, _Line]:
    """Lay all notes end to end: where the passages of each code begin and end, each sorted."""
    codings = study.codings
    notes, _ = pd.factorize(codings["interview"])
    spans = codings[["start", "end"]].add(notes * (codings["end"].max() + 1), axis=0)
    return {
        str(code): (np.sort(part["start"].to_numpy()), np.sort(part["end"].to_numpy()))
        for code, part in spans.groupby(codings["code"])
    }


def _pairs(own: _Line, other: _Line) -> int:
    """Count the pairs of passages of two codes that overlap.

    A passage meets those that begin before its end, less those that end before it begins.
    """
    (starts, ends), (other_starts, other_ends) = own, other
    begun = np.searchsorted(other_starts, ends, side="left")
    return int(begun.sum() - np.searchsorted(other_ends, starts, side="right").sum())
