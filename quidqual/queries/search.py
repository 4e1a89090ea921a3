"""`search`: a query answered with a table of quotes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.coding.compile import of_search
from quidqual.coding.sources import is_study
from quidqual.coding.tag import tag
from quidqual.coding.tokens import words_in
from quidqual.queries.query import (
    Alone,
    And,
    Coded,
    Holds,
    Memo,
    Not,
    Or,
    Pair,
    Query,
    Tagged,
    Where,
    Words,
    Xor,
    as_query,
)
from quidqual.queries.query_text import parse_query, query_error
from quidqual.queries.relations import Index, Passage, nearest
from quidqual.queries.saved_queries import saved_queries
from quidqual.study.arguments import must_be_number
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.faced import faced
from quidqual.study.speech import speech_of

if TYPE_CHECKING:
    from quidqual.study.model import Study

COLUMNS = [
    "interview", "participant", "group", "round", "language", "start", "end", "words", "before",
    "after", "kind", "code", "coder", "source", "coding", "speech", "corpus",
]  # fmt: skip


def search(study: Study, query: Query | str, *, context: int = 8) -> pd.DataFrame:
    """Find the passages that a query describes.

    Parameters
    ----------
    study : Study
    query : Query or str
        Made with `quidqual.queries.query` or written as text, for instance
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
    if isinstance(query, str):
        asked = parse_query(query, saved=saved_queries(study) if "saved" in query else None)
    else:
        asked = as_query(query)
    found = _Search(study, text).passages(asked)
    return _quotes(study, sorted(dict.fromkeys(found)), context)


class _Search:
    """Answers the parts of one query; each part once."""

    def __init__(self, study: Study, text: str) -> None:
        self.study, self.text = study, text
        self._answers: dict[Query, list[Passage]] = {}
        self._words: dict[str, list[int]] = {}
        self._blank: dict[str, list[int]] = {}
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
            first = next(part for part in query.parts if not part.is_condition)
            tests = [self.test(part) for part in query.parts if part is not first]
            return [p for p in self.passages(first) if all(test(p) for test in tests)]
        if isinstance(query, Or):
            return {p for part in query.parts for p in self.passages(part)}
        if isinstance(query, Xor):
            left, right = self.test(query.left), self.test(query.right)
            own, other = self.passages(query.left), self.passages(query.right)
            return {*(p for p in own if not right(p)), *(p for p in other if not left(p))}
        if isinstance(query, Pair):
            return set(self._pair(query))
        if isinstance(query, Coded):
            return self._codings(self._codes(query.codes, query))
        if isinstance(query, Alone):
            return self._alone(self._codes(query.codes, query))
        return self._tags(query)

    def test(self, query: Query) -> Callable[[Passage], bool]:
        """Read a query as a condition on a passage."""
        if isinstance(query, Not):
            inner = self.test(query.query)
            return lambda p: not inner(p)
        if isinstance(query, Where):
            return self._where(query)
        if isinstance(query, Holds):
            held = Index(self.passages(query.query))
            if query.where == "interview":
                return lambda p: held.any_in(p.interview)
            high = float("inf") if query.high is None else query.high
            return lambda p: query.low <= held.inside(p) <= high
        if isinstance(query, Memo):
            noted = self._with_memo(query)
            return lambda p: p.coding in noted
        if query.is_condition and isinstance(query, Xor):
            left, right = self.test(query.left), self.test(query.right)
            return lambda p: left(p) != right(p)
        if query.is_condition and isinstance(query, And | Or):
            tests, joined = [self.test(part) for part in query.parts], all
            if isinstance(query, Or):
                joined = any
            return lambda p: joined(test(p) for test in tests)
        index = Index(self.passages(query))
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

    def _alone(self, codes: set[str]) -> list[Passage]:
        """Codings on whose words their coder has no other code."""
        every = self._codings(set(self.study.codebook.ids))
        by_coder: dict[str, list[Passage]] = {}
        for passage in every:
            by_coder.setdefault(passage.coder, []).append(passage)
        indexes = {coder: Index(own) for coder, own in by_coder.items()}
        return [
            p for p in every
            if p.code in codes
            and all(other.code == p.code for other in indexes[p.coder].overlapping(p))
        ]  # fmt: skip

    def _with_memo(self, query: Memo) -> set[str]:
        """Codings whose memo holds the words; memos are in whatever language."""
        frame = self.study.codings[["id", "memo"]].dropna()
        frame = frame[frame["memo"].astype(str).str.strip() != ""]
        try:
            hits = tag(frame["memo"].astype(str).tolist(), {"words": list(query.patterns)},
                       language="all", cues=())  # fmt: skip
        except QuidqualError as error:
            raise of_search(error, "query") from None
        return set(frame["id"].astype(str).iloc[hits["interview"].astype(int)])

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
        if column == "weight":
            frame = self.study.codings
            weights = dict(zip(frame["id"].astype(str), frame["weight"], strict=True))
            return lambda p: _between(weights.get(p.coding), query.low, query.high)
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
        index = Index(self.passages(query.right))
        if query.how == "same_paragraph":
            index = Index(map(self._paragraph, self.passages(query.right)))
        for left in self.passages(query.left):
            if query.how in ("near", "followed_by", "preceded_by"):
                words = self._starts(left.interview)
                right = nearest(left, index, words, how=query.how, most=query.words)
                if right:
                    start, end = min(left.start, right.start), max(left.end, right.end)
                    yield replace(left, start=start, end=end, kind="stretch", coding="")
                continue
            for right in index.overlapping(left):
                if query.how == "intersection":
                    start, end = max(left.start, right.start), min(left.end, right.end)
                    yield replace(left, start=start, end=end, kind="stretch", coding="")
                elif self._meets(query.how, left, right):
                    yield left
                    break

    def _meets(self, how: str, left: Passage, right: Passage) -> bool:
        if how == "within":
            return right.start <= left.start and left.end <= right.end
        if how == "encloses":
            return left.start <= right.start and right.end <= left.end
        return True

    def _starts(self, interview: str) -> list[int]:
        """Where each word of a note starts."""
        if interview not in self._words:
            self._words[interview] = words_in(self.study.text(interview)).starts
        return self._words[interview]

    def _paragraph(self, passage: Passage) -> Passage:
        """The paragraphs that a passage stands in; a blank line ends one."""
        text = self.study.text(passage.interview)
        if passage.interview not in self._blank:
            found = re.finditer(r"\n[^\S\n]*\n", text)
            self._blank[passage.interview] = [m.start() for m in found]
        blank = self._blank[passage.interview]
        before, after = bisect_left(blank, passage.start), bisect_left(blank, passage.end)
        start = blank[before - 1] + 1 if before else 0
        return replace(passage, start=start, end=blank[after] if after < len(blank) else len(text))


def _between(value: object, low: float | None, high: float | None) -> bool:
    if low is None and high is None:
        return True
    number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    if pd.isna(number):
        return False
    return (low is None or number >= low) and (high is None or number <= high)


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
    frame["corpus"] = study.mark
    frame = frame.sort_values(["order", "start", "end"], kind="stable")
    return faced(frame[COLUMNS].reset_index(drop=True), "quotes")
