"""How robust is a finding? Each claim judged again under every defensible reading of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.findings.cases import ABSENT, MISSING, PRESENT, Cases
from quidqual.findings.evidence import codes_asked_for
from quidqual.findings.verdict import Verdict, checks_of, judge
from quidqual.findings.whom import people_of, perhaps_of
from quidqual.study.claims import Claim
from quidqual.study.measure import measure_of
from quidqual.study.wording import joined

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


_COLUMNS = ["claim", "kind", "reading", "computed", "verdict", "holds"]


def robustness_of(study: Study, claims: list[Claim]) -> pd.DataFrame:
    """Judge claims under every reading that could change the answer.

    A reading that cannot is left out: without a person the claim is not about, with another coder
    who read none of its notes, twice coded where nothing was coded at all.
    """
    chosen = [claim for claim in claims if _rests_on_codings(claim)]
    rows: list[tuple[Any, ...]] = []
    if chosen:
        base = presence(study)
        own = Cases.of(study, base)
        views = {claim.id: _View(study, claim, own) for claim in chosen}
        codes = list(dict.fromkeys(code for claim in chosen for code in codes_asked_for(claim)))
        for one in readings(study, base, codes=codes):
            for claim in chosen:
                verdict = views[claim.id].judged(one)
                if verdict is not None:
                    told = (verdict.computed, verdict.word, verdict.holds)
                    rows.append((claim.id, one.kind, one.name, *told))
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype({"holds": "boolean"})
    order = {claim.id: place for place, claim in enumerate(chosen)}
    frame = frame.sort_values("claim", key=lambda ids: ids.map(order), kind="stable")
    return frame.reset_index(drop=True).assign(corpus=study.mark)


def _rests_on_codings(claim: Claim) -> bool:
    return any(measure_of(check).rests_on_codings for check in claim.checks)


class _View:
    """What one claim looks at: its people and codes, and how it was judged before."""

    def __init__(self, study: Study, claim: Claim, own: Cases) -> None:
        self.study, self.claim = study, claim
        checks = checks_of(claim)
        whom = [people_of(check, study, known=own.whom) for check in checks]
        whom += [perhaps_of(check, study, known=own.whom) for check in checks]
        people = list(dict.fromkeys(person for named in whom for person in named))
        codes = [code for check in checks for code in measure_of(check).codes(check)]
        self.codes = list(dict.fromkeys(codes))
        self.people = people
        self.own = own.part(people, self.codes)
        self.looks_at = np.zeros((len(own.rounds), len(self.codes)), dtype=bool)
        self.counts_matter = False
        for check in checks:
            self._look_at(check)
        # Who are alike to every check, and meant by the same ones, are alike to the claim: at 500
        # people it is judged a few times.
        here = self.own.participants
        alike = [measure_of(c).alike(c, self.own) for c in checks if measure_of(c).rests_on_codings]
        meant = [[person in named for person in here] for named in map(set, whom)]
        self._alike = dict(zip(here, zip(*alike, *meant, strict=True), strict=True))
        self._before: dict[tuple[Hashable, ...], Verdict] = {}

    def _look_at(self, check: Mapping[str, Any]) -> None:
        """Mark the rounds and codes on which a check looks, and whether it counts passages."""
        measure = measure_of(check)
        parts = list(measure.conditions(check)) if measure.counts_people else []
        for part in parts or [check]:
            named = [code for key in ("codes", "first", "then") for code in part.get(key) or ()]
            codes = named if parts else measure.codes(check)
            rounds = part.get("rounds") or self.own.rounds
            at = np.isin(self.own.rounds, list(rounds))
            self.looks_at |= at[:, None] & np.isin(self.codes, codes)[None, :]
            self.counts_matter |= not measure.counts_people or part.get("when") == "rises"

    def judged(self, one: Reading) -> Verdict | None:
        """Judge the claim under a reading; None if that cannot change the answer."""
        if one.codes and not set(one.codes) & set(self.codes):
            return None
        if one.person:
            return self._without_person(one.person)
        if one.round:
            at = self.own.rounds.index(one.round)
            concerned = bool((self.own.state[:, at][:, self.looks_at[at]] >= 0).any())
            return self._judge(self.own.without(round=one.round)) if concerned else None
        assert one.cases is not None
        cases = one.cases.part(self.people, self.codes)
        if not self._concerned(one, cases):
            return None
        if one.like is not None:
            like = self._judge(one.like.part(self.people, self.codes))
            if like.holds is None:  # the notes that both read do not carry the claim
                return Verdict("not decided", self._judge(cases).results)
        return self._judge(cases)

    def _concerned(self, one: Reading, cases: Cases) -> bool:
        if one.like is not None:
            return bool((cases.state[:, self.looks_at] >= 0).any())
        if one.kind in ("coder", "codebook"):
            differs = cases.state != self.own.state
            if self.counts_matter:
                differs |= cases.counts != self.own.counts
            return bool(differs[:, self.looks_at].any())
        return bool((self.own.state[:, self.looks_at] == PRESENT).any())

    def _without_person(self, person: str) -> Verdict | None:
        (row,) = self.own.rows_of([person])
        if row < 0 or not (self.own.state[row][self.looks_at] >= 0).any():
            return None
        alike = self._alike[person]
        if alike not in self._before:
            self._before[alike] = self._judge(self.own.without(person=person))
        return self._before[alike]

    def _judge(self, cases: Cases) -> Verdict:
        return judge(self.claim, self.study, cases)


def sentences_of(table: pd.DataFrame) -> pd.DataFrame:
    """Say in one sentence a claim how robust it is: ``claim, k, n, sentence, corpus``."""
    rows = []
    for claim, part in table.groupby("claim", sort=False):
        k, n = int(part["holds"].fillna(False).sum()), len(part)
        text = f"holds in {k} of {n} readings"
        for word, told in (("contradicted", "fails"), ("not decided", "not decided")):
            found = part[part["verdict"] == word]
            if len(found):
                text += f"; {told} {', '.join(_as_conditions(found))}"
        rows.append((claim, k, n, text, part["corpus"].iloc[0]))
    return pd.DataFrame(rows, columns=["claim", "k", "n", "sentence", "corpus"])


def _as_conditions(found: pd.DataFrame, most: int = 12) -> Iterator[str]:
    """Name the readings; of very many people who are left out, how many these are."""
    names = found["reading"].tolist()
    people = found.loc[found["kind"] == "participant", "reading"].tolist()
    if len(people) > most:
        some = joined([name.removeprefix("without ") for name in people], limit=3)
        told, rest = f"without one of {len(people)} participants ({some})", set(people[1:])
        names = [told if name == people[0] else name for name in names if name not in rest]
    for name in names[:most]:
        yield name if name.startswith("without") else f"with {name}"
    if len(names) > most:
        yield f"and {len(names) - most} more"
