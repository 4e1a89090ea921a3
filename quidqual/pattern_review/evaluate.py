"""`evaluate_tags`: how well the patterns find what a person coded, and which to drop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import pandas as pd

from quidqual.coding.compile import as_codebook, parse_codebook
from quidqual.coding.tag import tag
from quidqual.study.arguments import must_have, names_of, one_of, takes_study
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

BY = ("code", "theme", "participant", "language", "round", "group")
_SPAN = ("interview", "start", "end", "code")
KEYS = ["interview", "segment", "code"]


@takes_study
def evaluate_tags(
    study: Study,
    gold: pd.DataFrame | None = None,
    *,
    by: str | Sequence[str] = ("code",),
    coder: str | None = None,
    tags: pd.DataFrame | None = None,
    negated: Literal["keep", "drop"] = "keep",
) -> pd.DataFrame:
    """Compare the tags with hand codings, segment by segment.

    Parameters
    ----------
    study : Study
    gold : DataFrame, optional
        Hand codings: ``interview, start, end, code``. Default: the study's own whose
        source is ``hand``.
    by : name or sequence of {"code", "theme", "participant", "language", "round", "group"}
        What the counts are broken down by; empty for one row over all.
    coder : str, optional
        Only this coder's codings.
    tags : DataFrame, optional
        From `quidqual.tag`. Default: ``tag(study)``.
    negated : {"keep", "drop"}
        Whether hits flagged as negated count as tags.

    Returns
    -------
    DataFrame
        One row a group, in the order of the codebook: the columns of ``by``, ``n_gold,
        n_tagged, tp, fp, fn`` (int: pairs of segment and code), ``precision, recall, f1``
        (float, missing where nothing could be found), ``precision_label, recall_label``
        ("3 of 4"), ``n_interviews`` (int), ``corpus``.

    Raises
    ------
    QuidqualError
        If there is no hand coding to compare with, for an unknown ``by``, or tables that
        lack a column.

    Notes
    -----
    The unit is a segment and a code: a segment counts as coded if a coding overlaps it.
    Only interviews with at least one hand coding are looked at; segments of these that
    the coder left uncoded count against precision. precision = tp / (tp + fp), recall =
    tp / (tp + fn), F1 their harmonic mean. With few codings a figure rests on a handful
    of sentences: read the labels.

    Examples
    --------
    >>> from quidqual import load_example
    >>> scores = evaluate_tags(load_example(), by=("language",))
    >>> scores["language"].tolist()
    ['en', 'it']
    """
    by = names_of(by, field="by")
    wrong = [b for b in by if b not in BY]
    if wrong:
        raise QuidqualError.of(f"cannot break down by {listed(wrong)}.", field="by",
                               remedy=f"Use some of: {listed(BY)}.")  # fmt: skip
    one_of(negated, ("keep", "drop"), field="negated")
    gold = _gold(study, gold, coder)
    found = tag(study, cues=None) if tags is None else tags
    needed = (*_SPAN, "negated") if negated == "drop" else _SPAN
    must_have(found, needed, of="qq.tag(study)", field="tags")
    if negated == "drop":
        found = found[~found["negated"]]
    table = judged(study, gold, found)
    ranks = list(dict.fromkeys([*by]))
    groups = table.groupby(ranks, observed=True, sort=True) if ranks else [((), table)]
    rows = [
        dict(zip(ranks, key if isinstance(key, tuple) else (key,), strict=True)) | _scores(part)
        for key, part in groups
    ]
    frame = pd.DataFrame(rows, columns=[*ranks, *_scores(table)])
    for name in ranks:
        frame[name] = frame[name].astype(table[name].dtype)
    return frame.assign(n_interviews=gold["interview"].nunique(), corpus=study.mark)


def _gold(study: Study, gold: pd.DataFrame | None, coder: str | None) -> pd.DataFrame:
    codings = study.codings if gold is None else gold
    must_have(codings, _SPAN, of="study.codings", field="gold")
    if gold is None:
        codings = codings[codings["source"].astype(str) == "hand"]
    if coder is not None:
        have = sorted(codings["coder"].astype(str).unique()) if "coder" in codings else []
        if coder not in have:
            raise QuidqualError.of(f"{coder!r} coded nothing by hand.", field="coder",
                                   remedy=f"Coders: {listed(have)}.")  # fmt: skip
        codings = codings[codings["coder"].astype(str) == coder]
    codings = codings[codings["start"].notna()]
    if codings.empty:
        raise QuidqualError.of("there is no hand coding to compare with.", field="gold",
                               remedy="Code at least one note by hand first.")  # fmt: skip
    return codings


def overlapping_segments(study: Study, spans: pd.DataFrame) -> pd.DataFrame:
    """Give each (segment, code) that a span overlaps once: ``interview, segment, code``."""
    segments = study.segments[["interview", "segment", "start", "end"]]
    joined = spans[["interview", "start", "end", "code"]].merge(
        segments, on="interview", suffixes=("", "_of")
    )
    kept = joined[(joined["start"] < joined["end_of"]) & (joined["end"] > joined["start_of"])]
    return kept[KEYS].astype({"code": "str"}).drop_duplicates().reset_index(drop=True)


def judged(study: Study, gold: pd.DataFrame, tags: pd.DataFrame) -> pd.DataFrame:
    """Every (segment, code) that was coded or tagged, and which of the two."""
    coded = gold["interview"].unique()
    tags = tags[tags["interview"].isin(coded)]
    left = overlapping_segments(study, gold).assign(gold=True)
    right = overlapping_segments(study, tags).assign(tagged=True)
    table = left.merge(right, on=KEYS, how="outer")
    table["gold"] = table["gold"].eq(True)
    table["tagged"] = table["tagged"].eq(True)
    about = study.segments[["interview", "segment", "participant", "group", "round", "language"]]
    table = table.merge(about, on=["interview", "segment"], how="left")
    book = study.codebook
    table["theme"] = [book.theme_of(c) if c in book else "" for c in table["code"]]
    table["code"] = pd.Categorical(table["code"], categories=list(book.ids), ordered=True)
    table["theme"] = pd.Categorical(table["theme"], categories=list(book.themes), ordered=True)
    return table.sort_values(KEYS, kind="stable").reset_index(drop=True)


def _scores(table: pd.DataFrame) -> dict[str, object]:
    tp = int((table["gold"] & table["tagged"]).sum())
    fp = int((~table["gold"] & table["tagged"]).sum())
    fn = int((table["gold"] & ~table["tagged"]).sum())
    return {
        "n_gold": tp + fn, "n_tagged": tp + fp, "tp": tp, "fp": fp, "fn": fn,
        "precision": tp / (tp + fp) if tp + fp else float("nan"),
        "recall": tp / (tp + fn) if tp + fn else float("nan"),
        "f1": 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else float("nan"),
        "precision_label": f"{tp} of {tp + fp}", "recall_label": f"{tp} of {tp + fn}",
    }  # fmt: skip


@takes_study
def pattern_evidence(
    study: Study, gold: pd.DataFrame | None = None, *, coder: str | None = None
) -> pd.DataFrame:
    """How often a hand coding confirms each pattern, and what only this pattern finds.

    Parameters
    ----------
    study : Study
    gold : DataFrame, optional
        As for `evaluate_tags`.
    coder : str, optional
        Only this coder's codings.

    Returns
    -------
    DataFrame
        One row a pattern of the codebook, in its order: ``code, language, pattern`` (str),
        ``n_hits`` (int: in the interviews coded by hand), ``confirmed`` (int: hits that a
        coding of the same code overlaps), ``rate`` (float), ``label`` ("3 of 4"),
        ``n_negated`` (int), ``alone`` (int: coded segments that no other pattern of the
        code finds), ``n_participants`` (int), ``advice`` (str: "drop" if it has three
        hits or more and none is confirmed, "too few hits" if it has one or two and none is, "no
        hit", "review" if fewer than half are, else "keep"), ``corpus``.

    Raises
    ------
    QuidqualError
        If there is no hand coding to compare with.
    """
    gold = _gold(study, gold, coder)
    hits = tag(study, scope="all")
    hits = hits[hits["interview"].isin(gold["interview"].unique())].reset_index(drop=True)
    hits["confirmed"] = _confirmed(hits, gold)
    keys = ["code", "language", "pattern"]
    own = hits.astype(dict.fromkeys(keys, "str"))
    found = own[own["confirmed"]].drop_duplicates(["interview", "segment", *keys])
    n_by = found.groupby(["interview", "segment", "code"])["pattern"].transform("size")
    alone = found[n_by == 1].groupby(keys).size()
    summed = own.groupby(keys).agg(
        n_hits=("words", "size"), confirmed=("confirmed", "sum"), n_negated=("negated", "sum"),
        n_participants=("participant", "nunique"),
    )  # fmt: skip
    every = [
        (p.code, p.language, p.source) for p in parse_codebook(as_codebook(study)) if not p.exclude
    ]
    frame = pd.DataFrame(dict.fromkeys(every), columns=keys) if not every else pd.DataFrame(
        list(dict.fromkeys(every)), columns=keys
    )  # fmt: skip
    frame = frame.merge(summed.assign(alone=alone), on=keys, how="left")
    counts = ["n_hits", "confirmed", "n_negated", "n_participants", "alone"]
    frame[counts] = frame[counts].fillna(0).astype("int64")
    frame["rate"] = (frame["confirmed"] / frame["n_hits"]).where(frame["n_hits"] > 0)
    frame["label"] = [
        f"{k} of {n}" for k, n in zip(frame["confirmed"], frame["n_hits"], strict=True)
    ]
    frame["advice"] = [
        _advice(k, n) for k, n in zip(frame["confirmed"], frame["n_hits"], strict=True)
    ]
    order = [*keys, "n_hits", "confirmed", "rate", "label", "n_negated", "alone", "n_participants"]
    return frame[[*order, "advice"]].assign(corpus=study.mark)


def _confirmed(hits: pd.DataFrame, gold: pd.DataFrame) -> list[bool]:
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for i, a, b, c in gold[["interview", "start", "end", "code"]].itertuples(index=False):
        spans.setdefault((i, str(c)), []).append((int(a), int(b)))
    rows = hits[["interview", "start", "end", "code"]].itertuples(index=False)
    return [any(x < b and a < y for x, y in spans.get((i, str(c)), ())) for i, a, b, c in rows]


_FEW = 3  # hits from which a pattern that no coder confirms is advised against


def _advice(confirmed: int, hits: int) -> str:
    if not hits:
        return "no hit"
    if not confirmed:
        return "drop" if hits >= _FEW else "too few hits"  # "0 of 1" is no ground to drop a pattern
    return "keep" if 2 * confirmed >= hits else "review"


@takes_study
def missed(
    study: Study, gold: pd.DataFrame | None = None, *, coder: str | None = None
) -> pd.DataFrame:
    """Hand-coded segments that no pattern of their code finds, and why.

    Returns
    -------
    DataFrame
        ``interview, segment`` , ``code`` (ordered Categorical), ``words`` (str), ``why``
        (str: "no pattern in this language", "excluded", "tagged with another code" or
        "no pattern matches"), ``other`` (str: the other codes), ``participant, round,
        language, corpus``.
    """
    gold = _gold(study, gold, coder)
    hits = tag(study, cues=())
    table = judged(study, gold, hits)
    table = table[table["gold"] & ~table["tagged"]].reset_index(drop=True)
    others = hits.groupby(["interview", "segment"])["code"].agg(lambda c: ", ".join(sorted(set(c))))
    words = study.segments.set_index(["interview", "segment"])["words"]
    at = list(zip(table["interview"], table["segment"], strict=True))
    table["words"] = [words[k] for k in at]
    table["other"] = [others.get(k, "") for k in at]
    barred = _without_exclusions(study, gold)
    table["why"] = [
        _why(study, str(c), str(x), (i, s, str(c)) in barred, other)
        for i, s, c, x, other in table[["interview", "segment", "code", "language", "other"]]
        .itertuples(index=False)
    ]  # fmt: skip
    columns = [*KEYS, "words", "why", "other", "participant", "round", "language"]
    return table[columns].assign(corpus=study.mark)


def _without_exclusions(study: Study, gold: pd.DataFrame) -> set[tuple[str, int, str]]:
    """What would be tagged if no pattern excluded anything."""
    free = {
        c.id: {
            x: [p for p in rows if not p.strip().startswith("!")] for x, rows in c.patterns.items()
        }
        for c in study.codebook
        if c.patterns
    }
    hits = tag(study, free, cues=())
    return set(overlapping_segments(study, hits).itertuples(index=False, name=None))


def _why(study: Study, code: str, language: str, barred: bool, other: str) -> str:
    own: Iterable[str] = study.codebook[code].patterns if code in study.codebook else ()
    if language.split("-")[0] not in own and "xx" not in own:
        return "no pattern in this language"
    if barred:
        return "excluded"
    return "tagged with another code" if other else "no pattern matches"
