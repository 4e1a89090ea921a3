"""`search`: a query answered with a table of quotes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.coding.compile import of_search
from quidqual.coding.query import (
    And,
    Coded,
    Not,
    Or,
    Pair,
    Query,
    Tagged,
    Where,
    Words,
    as_query,
)
from quidqual.coding.query_text import parse_query, query_error
from quidqual.coding.sources import is_study
from quidqual.coding.tag import tag
from quidqual.coding.tokens import tokenise
from quidqual.study.arguments import must_be_number
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.speech import speech_of

if TYPE_CHECKING:
    from quidqual.study.model import Study

COLUMNS = [
    "interview", "participant", "group", "round", "language", "start", "end", "words", "before",
    "after", "kind", "code", "coder", "source", "coding", "speech", "corpus",
]  # fmt: skip


@dataclass(frozen=True, order=True)
class Passage:
    """A stretch of a note, and what it is a quote of."""

    interview: str
    start: int
    end: int
    kind: str = "segment"
    code: str = ""
    coder: str = ""
    source: str = ""
    coding: str = field(default="", compare=False)


def search(study: Study, query: Query | str, *, context: int = 8) -> pd.DataFrame:
    """Find the passages that a query describes.

    Parameters
    ----------
    study : Study
    query : Query or str
        Made with `quidqual.coding.query` or written as text, for instance
        ``'code("trust") & ~code("distrust") & round("R3")'``.
    context : int, default 8
        Words of context before and after each quote.

    Returns
    -------
    DataFrame
        The quote table, one row a passage in the order of the notes: ``interview,
        participant, group`` (str), ``round`` (ordered Categorical), ``language`` (str),
        ``start, end`` (int), ``words, before, after`` (str), ``kind`` (coding, tag, words,
        segment or stretch), ``code, coder, source`` (str, "" where there is none),
        ``coding`` (str: id of the coding), ``speech`` (verbatim, paraphrase or mixed),
        ``corpus``.

    Raises
    ------
    QuidqualError
        For a query that cannot be read (with the character) and for a code, round,
        participant, ... that the study does not have (with the nearest name), or a
        context that is no number of words.

    Examples
    --------
    >>> from quidqual import load_example
    >>> quotes = search(load_example(), '"trainer" & round("R1")')
    >>> quotes["kind"].unique().tolist()
    ['words']
    """
    if not is_study(study):
        raise QuidqualError.of(
            f"cannot search {type(study).__name__}.", field="study",
            remedy="Give a study; for plain texts use concordance().",
        )  # fmt: skip
    must_be_number(context, field="context", whole=True)
    if context < 0:
        raise QuidqualError.of(
            f"context is {context}.", field="context", remedy="Use 0 or more words."
        )
    text = query if isinstance(query, str) else ""
    asked = parse_query(query) if isinstance(query, str) else as_query(query)
    found = _Search(study, text).passages(asked)
    return _quotes(study, sorted(dict.fromkeys(found)), context)


class _Search:
    """Answers the parts of one query; each part once."""

    def __init__(self, study: Study, text: str) -> None:
        self.study, self.text = study, text
        self._answers: dict[Query, list[Passage]] = {}
        self._words: dict[str, list[int]] = {}
        self._about: dict[str, dict[str, object]] | None = None
        self._spans = {i: study.verbatim(i) for i in study.notes["interview"]}

    def passages(self, query: Query) -> list[Passage]:
        """Passages of a query, sorted; of a condition, the segments that meet it."""
        if query not in self._answers:
            self._answers[query] = sorted(self._find(query))
        return self._answers[query]

    def _find(self, query: Query) -> Iterable[Passage]:
        if query.is_condition:
            test = self.test(query)
            return [p for p in self._segments() if test(p)]
        if isinstance(query, And):
            first, other = (query.left, query.right)
            if first.is_condition:
                first, other = other, first
            test = self.test(other)
            return [p for p in self.passages(first) if test(p)]
        if isinstance(query, Or):
            return {*self.passages(query.left), *self.passages(query.right)}
        if isinstance(query, Pair):
            return set(self._pair(query))
        if isinstance(query, Coded):
            return self._codings(self._codes(query.codes, query))
        return self._tags(query)

    def test(self, query: Query) -> Callable[[Passage], bool]:
        """Read a query as a condition on a passage."""
        if isinstance(query, Not):
            inner = self.test(query.query)
            return lambda p: not inner(p)
        if isinstance(query, Where):
            return self._where(query)
        if query.is_condition and isinstance(query, (And, Or)):
            left, right = self.test(query.left), self.test(query.right)
            if isinstance(query, And):
                return lambda p: left(p) and right(p)
            return lambda p: left(p) or right(p)
        index = _Index(self.passages(query))
        return lambda p: any(index.overlapping(p))

    def _segments(self) -> Iterator[Passage]:
        frame = self.study.segments
        for row in zip(frame["interview"], frame["start"], frame["end"], strict=True):
            yield Passage(*row)

    def _codings(self, codes: set[str]) -> list[Passage]:
        frame = self.study.codings
        frame = frame[frame["code"].astype(str).isin(codes) & frame["start"].notna()]
        columns = ["interview", "start", "end", "code", "coder", "source", "id"]
        return [
            Passage(i, int(a), int(b), "coding", str(c), str(who), str(how), str(key))
            for i, a, b, c, who, how, key in frame[columns].itertuples(index=False)
        ]

    def _tags(self, query: Query) -> list[Passage]:
        if isinstance(query, Tagged):
            codes = self._codes(query.codes, query)
            hits = tag(self.study, codes=sorted(codes), cues=())
        else:
            assert isinstance(query, Words)
            try:
                hits = tag(self.study, {"words": list(query.patterns)}, cues=())
            except QuidqualError as error:
                raise of_search(error, "query") from None
        kind = "tag" if isinstance(query, Tagged) else "words"
        return [
            Passage(i, a, b, kind, str(c) if kind == "tag" else "", "", "rule")
            for i, a, b, c in hits[["interview", "start", "end", "code"]].itertuples(index=False)
        ]

    def _codes(self, codes: tuple[str, ...], query: Query) -> set[str]:
        book = self.study.codebook
        for name in codes:
            self._known(name, book.ids, "code", query)
        return {c for name in codes for c in (name, *book.descendants(name))}

    def _known(self, name: str, names: Iterable[str], what: str, query: Query) -> None:
        allowed = list(dict.fromkeys(map(str, names)))
        if name in allowed:
            return
        close = get_close_matches(name, allowed, 1)
        remedy = f"Did you mean {close[0]!r}?" if close else f"There are: {listed(allowed)}."
        message = f"{name!r} is not {'an' if what[0] in 'aeiou' else 'a'} {what} of the study."
        if self.text and query.at is not None:
            raise query_error(self.text, query.at, message, remedy)
        raise QuidqualError.of(message, remedy=remedy, field="query")

    def _where(self, query: Where) -> Callable[[Passage], bool]:
        column = query.column
        if column in ("coder", "source"):
            have = self.study.codings[column].astype(str)
            names = have if column == "coder" else ("hand", "rule", "model")
            for value in query.values:
                self._known(value, names, column, query)
            return lambda p: getattr(p, column) in query.values
        if column == "speech":
            for value in query.values:
                self._known(value, ("verbatim", "paraphrase", "mixed"), "kind of speech", query)
            return lambda p: speech_of(p.start, p.end, self._spans[p.interview]) in query.values
        about = self._interviews()
        columns = next(iter(about.values()), {})
        self._known(column, columns, "attribute", query)
        have_values = [row[column] for row in about.values()]
        for value in query.values:
            self._known(value, map(str, have_values), column, query)

        def meets(passage: Passage) -> bool:
            value = about[passage.interview][column]
            if query.values and str(value) not in query.values:
                return False
            return _between(value, query.low, query.high)

        return meets

    def _interviews(self) -> dict[str, dict[str, object]]:
        """Everything known of each interview and its participant."""
        if self._about is None:
            people = self.study.participants.set_index("participant")
            own = self.study.interviews
            more = [c for c in people.columns if c not in own.columns]
            joined = own.join(people[more], on="participant")
            rows = joined.astype(object).to_dict("records")
            self._about = {str(r["interview"]): {str(k): v for k, v in r.items()} for r in rows}
        return self._about

    def _pair(self, query: Pair) -> Iterator[Passage]:
        index = _Index(self.passages(query.right))
        for left in self.passages(query.left):
            if query.how == "overlaps":
                if any(index.overlapping(left)):
                    yield left
            elif query.how == "within":
                if any(
                    r.start <= left.start and left.end <= r.end for r in index.overlapping(left)
                ):
                    yield left
            else:
                yield from self._stretch(query, left, index)

    def _stretch(self, query: Pair, left: Passage, index: _Index) -> Iterator[Passage]:
        """Give the stretch from a passage to the nearest of the right that is near enough."""
        best: tuple[int, Passage] | None = None
        for right in index.of(left.interview):
            before = right.end <= left.start
            if query.how == "followed_by" and right.start < left.end:
                continue
            if right == left:
                continue
            gap = (right.end, left.start) if before else (left.end, right.start)
            distance = self._between(left.interview, *gap) if gap[1] > gap[0] else 0
            if (query.words is None or distance <= query.words) and (
                best is None or distance < best[0]
            ):
                best = distance, right
        if best:
            start, end = min(left.start, best[1].start), max(left.end, best[1].end)
            yield Passage(left.interview, start, end, "stretch", left.code, left.coder, left.source)

    def _between(self, interview: str, start: int, end: int) -> int:
        """Count the words that lie wholly between two offsets."""
        if interview not in self._words:
            self._words[interview] = [t.start for t in tokenise(self.study.text(interview))]
        starts = self._words[interview]
        return bisect_left(starts, end) - bisect_left(starts, start)


def _between(value: object, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    if pd.isna(number):
        return False
    return (low is None or number >= low) and (high is None or number <= high)


class _Index:
    """Passages by interview, to find those that overlap one."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._of: dict[str, list[Passage]] = {}
        for passage in passages:
            self._of.setdefault(passage.interview, []).append(passage)
        self._starts = {i: [p.start for p in rows] for i, rows in self._of.items()}

    def of(self, interview: str) -> list[Passage]:
        return self._of.get(interview, [])

    def overlapping(self, passage: Passage) -> Iterator[Passage]:
        rows = self._of.get(passage.interview, [])
        stop = bisect_right(self._starts.get(passage.interview, []), passage.end - 1)
        return (p for p in rows[:stop] if p.end > passage.start)


def _quotes(study: Study, passages: list[Passage], context: int) -> pd.DataFrame:
    from quidqual.coding.kwic import context_of

    texts = dict(zip(study.notes["interview"], study.notes["text"], strict=True))
    spans = {i: study.verbatim(i) for i in texts}
    sides = [context_of(texts[p.interview], p.start, p.end, context) for p in passages]
    frame = pd.DataFrame(passages, columns=list(Passage.__dataclass_fields__))
    frame["words"] = [texts[p.interview][p.start : p.end] for p in passages]
    frame["before"], frame["after"] = [a for a, _ in sides], [b for _, b in sides]
    frame["speech"] = [speech_of(p.start, p.end, spans[p.interview]) for p in passages]
    about = study.notes[["interview", "participant", "group", "round", "language"]]
    frame = frame.astype({c: "str" for c in frame if c not in ("start", "end")})
    frame = frame.astype({"start": "int64", "end": "int64"})
    frame = frame.merge(about, on="interview", how="left", validate="many_to_one")
    order = pd.Series(range(len(texts)), index=list(texts))
    frame["order"] = frame["interview"].map(order).astype("int64")
    frame["corpus"] = study.corpus
    frame = frame.sort_values(["order", "start", "end"], kind="stable")
    return frame[COLUMNS].reset_index(drop=True)
