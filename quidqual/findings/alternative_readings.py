"""The defensible readings of a study: the same notes, counted in another way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from quidqual.analysis.presence import presence

if TYPE_CHECKING:
    from quidqual.study.model import Study


class Reading(NamedTuple):
    """One way to read a study.

    ``kind`` is coder, speech, participant, round, threshold or codebook; ``name`` says it
    in words; ``codes`` are the codes it concerns (all claims if empty).
    """

    kind: str
    name: str
    table: pd.DataFrame
    codes: tuple[str, ...] = ()


def readings(study: Study, *, codes: Iterable[str] = ()) -> Iterator[Reading]:
    """Read a study in every defensible way but the one of its analyses.

    Parameters
    ----------
    study : Study
    codes : iterable of str
        Codes to merge with a sibling, one at a time.

    Yields
    ------
    Reading
        Each other coder; all coders united; what all coders agree on; verbatim speech
        only; without each participant; without each round; a code present only where it
        was applied twice, or with a weight of at least 2; a code merged with its nearest
        sibling.
    """
    yield from _coders(study)
    if (study.codings["speech"] != "paraphrase").any():
        table = presence(study, speech=("verbatim", "mixed"))
        yield Reading("speech", "passages with verbatim speech only", table)
    people = list(study.participants["participant"])
    if len(people) > 1:
        for person in people:
            others = [p for p in people if p != person]
            yield Reading("participant", f"without {person}", presence(study, participants=others))
    if len(study.round_order) > 1:
        for name in study.round_order:
            others = [r for r in study.round_order if r != name]
            yield Reading("round", f"without {name}", presence(study, rounds=others))
    yield from _thresholds(study)
    for code in codes:
        sibling = nearest_sibling(study, code)
        if sibling:
            table = _as_one(study, code, sibling)
            yield Reading("codebook", f"{sibling} read as {code}", table, (code, sibling))


def _coders(study: Study) -> Iterator[Reading]:
    if len(study.coders) < 2:
        return
    for coder in study.coders:
        if coder != study.primary_coder:
            yield Reading("coder", f"coder {coder}", presence(study, coder=coder))
    if study.primary_coder is not None:
        yield Reading("coder", "all coders united", presence(study, coder=study.coders))
    yield Reading("coder", "what all coders agree on", agreed(study))


def agreed(study: Study) -> pd.DataFrame:
    """Keep what every coder says of a participant, round and code.

    Where the coders differ, or one of them did not read the note, it is not observed: there
    is no agreed reading of it.
    """
    tables = [presence(study, coder=coder) for coder in study.coders]
    result = tables[0].copy()
    states = pd.concat([table["state"].astype(object) for table in tables], axis=1)
    same = states.nunique(axis=1).eq(1)
    result["state"] = pd.Categorical(
        states.iloc[:, 0].where(same, "not_observed"), categories=result["state"].cat.categories
    )
    result["n_codings"] = result["n_codings"].where(same)
    result["reason"] = result["reason"].where(same, "not_agreed")
    return result


def _thresholds(study: Study) -> Iterator[Reading]:
    base = presence(study)
    if (base["n_codings"].fillna(0) > 1).any():
        name = "present only where coded twice in an interview"
        yield Reading("threshold", name, _weaker_absent(base, base["n_codings"].fillna(0) >= 2))
    own = study.codings
    if study.primary_coder is not None:
        own = own[own["coder"] == study.primary_coder]
    if own["weight"].notna().any():
        strong = own[own["weight"].fillna(0) >= 2]
        keys = pd.MultiIndex.from_frame(strong[["interview", "code"]].drop_duplicates())
        cells = pd.MultiIndex.from_arrays([base["interview"], base["code"].astype(object)])
        name = "present only where a weight of 2 or more was given"
        yield Reading("threshold", name, _weaker_absent(base, pd.Series(cells.isin(keys))))


def _weaker_absent(base: pd.DataFrame, strong: pd.Series) -> pd.DataFrame:
    result = base.copy()
    weak = (base["state"] == "present") & ~strong.to_numpy(dtype=bool)
    result.loc[weak, "state"] = "absent"
    result.loc[weak, "n_codings"] = 0
    return result


def _as_one(study: Study, code: str, sibling: str) -> pd.DataFrame:
    """Merge two codes and let both names stand for the merged one, since claims name either."""
    table = presence(study, merge={sibling: code})
    order = [c for c in study.codebook.ids if c == sibling or c in table["code"].cat.categories]
    twin = table[table["code"] == code].assign(code=sibling)
    both = pd.concat([table.astype({"code": object}), twin], ignore_index=True)
    return both.assign(code=pd.Categorical(both["code"], categories=order, ordered=True))


def nearest_sibling(study: Study, code: str) -> str | None:
    """Find the sibling whose passages overlap those of a code most: the likeliest confusion.

    None if no sibling shares a passage with it. Ties go to the order of the codebook.
    """
    book = study.codebook
    parent = book[code].parent
    siblings = [c for c in (book.children(parent) if parent else ()) if c != code]
    frame = study.codings
    own = frame[frame["code"] == code]
    best, most = None, 0
    for sibling in siblings:
        other = frame[frame["code"] == sibling]
        pairs = own.merge(other, on="interview", suffixes=("", "_other"))
        shared = int(
            ((pairs["start"] < pairs["end_other"]) & (pairs["end"] > pairs["start_other"])).sum()
        )
        if shared > most:
            best, most = sibling, shared
    return best
