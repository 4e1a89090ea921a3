"""The claims of one topic as a reader is told of them: sentences, both sides, what stays open.

Every sentence is made from the ledger of the study at hand; none is typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.analysis.states import states
from quidqual.findings.evidence import lines_of_courses
from quidqual.findings.verdict import ON_SYNTHETIC, Telling, checks_of, conditions_of
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined

if TYPE_CHECKING:
    from quidqual.findings.ledger import Ledger
    from quidqual.study.claims import Claim

_NAMED = 4  # participants that a sentence names
_OPEN = {
    "not checkable": "cannot be checked",
    "not decided": "is not decided",
    "contradicted": "is contradicted",
}
_SHOWN = 12  # claims that a sentence names
_ORDER = ("reproduced", "arithmetic", "contradicted", "not decided", "not checkable")


class Topic:
    """The claims of one topic, or of several; made by ``qq.ledger(study).topic(...)``.

    Attributes
    ----------
    id, title, question : str
        As ``claims.yaml`` has them; of several topics one after the other.
    ledger : Ledger
        Of these claims only, on the reading of the study that the whole ledger has.

    Examples
    --------
    >>> import quidqual as qq
    >>> topic = qq.ledger(qq.load_example()).topic("community")
    >>> topic
    <Topic 'Community': 1 claim>
    >>> topic.sentences["claim"].tolist()
    ['R29']
    >>> qq.ledger(qq.load_example()).topic(4, 5)
    <Topic 'Training; Work': 9 claims>
    """

    def __init__(self, ledger: Ledger, told: Mapping[str, Any]) -> None:
        self.ledger = ledger
        self.id = str(told["id"])
        self.title = str(told.get("title") or self.id)
        self.question = str(told.get("question") or "")

    def __repr__(self) -> str:
        return f"<Topic {self.title!r}: {counted(len(self.ledger.claims), 'claim')}>"

    def _repr_html_(self) -> str:
        return self._told._repr_html_()

    @property
    def _told(self) -> Telling:
        if not self.ledger.claims:
            return self._nothing
        return Telling(self.sentences["sentence"], heading=self.question or self.title, listed=True)

    @property
    def _nothing(self) -> Telling:
        return Telling([f"{self.ledger.study.title} states no claim here."])

    @property
    def heading(self) -> Telling:
        """The title, the question, and of which study and reading this is told."""
        if not self.ledger.claims:
            return self._nothing
        told = f"{self.ledger.study.title}: {counted(len(self.ledger.claims), 'claim')}."
        return Telling([text for text in (self.question, told) if text], heading=self.title)

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """One row a claim: ``claim, sentence, verdict, corpus``.

        The sentence says what is stated, what was computed, the verdict and who speaks against
        it, or why nothing can be computed.
        """
        rows = [
            (row.claim, self._sentence(row), row.verdict) for row in self.ledger.table.itertuples()
        ]
        frame = pd.DataFrame(rows, columns=["claim", "sentence", "verdict"])
        return frame.assign(corpus=self.ledger.study.mark)

    def _sentence(self, row: Any) -> str:
        text = f"{row.summary.rstrip('.')} ({row.claim})"
        if row.verdict == "not checkable":
            return f"{text}: not checkable; {row.why}."
        counts = row.computed.split("; ")
        plain = len(counts) < 3 and not any("," in count or " and " in count for count in counts)
        computed = joined(counts) if plain else row.computed
        told = f"{text}: {computed}, {row.verdict}"
        found = self.ledger.evidence(row.claim)
        against = list(dict.fromkeys(found.loc[found["side"] == "against", "participant"]))
        if against:
            told += f"; against it: {joined(against, limit=_NAMED)}"
        if row.verdict == "not decided" and row.why:
            told += f"; {row.why}"
        return f"{told}."

    def passages(self, each: int = 2) -> pd.DataFrame:
        """Choose passages for and against each claim, as many on each side.

        Parameters
        ----------
        each : int
            Passages a side; of different people first, speech before paraphrase.

        Returns
        -------
        DataFrame
            ``claim, side, words, participant, round, speech, corpus``.
        """
        frame = self.ledger.evidence()
        if frame.empty:
            return frame[["claim", "side", "words", "participant", "round", "speech", "corpus"]]
        order = {"verbatim": 0, "mixed": 1, "paraphrase": 2}
        side = ["claim", "side"]
        frame = frame.assign(
            spoken=frame["speech"].map(order).astype(int),
            again=frame.groupby([*side, "participant"], sort=False).cumcount(),
            place=pd.Categorical(
                frame["claim"], [claim.id for claim in self.ledger.claims], ordered=True
            ),
            against=frame["side"] == "against",
        )
        frame = frame.sort_values(["place", "against", "again", "spoken"], kind="stable")
        frame = frame.drop_duplicates([*side, "interview", "words"])
        frame = frame.groupby(side, sort=False, observed=True).head(each)
        columns = ["claim", "side", "words", "participant", "round", "speech", "corpus"]
        return frame[columns].reset_index(drop=True)

    @cached_property
    def open_questions(self) -> pd.DataFrame:
        """What cannot be said: ``claim, verdict, why, corpus``, a row a claim that leaves some.

        Claims that nothing here can check, those not decided, and those of which a word is not
        checked.
        """
        table = self.ledger.table
        rows = table[
            (table["verdict"].isin(["not checkable", "not decided"])) | (table["why"] != "")
        ]
        return rows[["claim", "verdict", "why", "corpus"]].reset_index(drop=True)

    @property
    def limits(self) -> Telling:
        """What cannot be said, in sentences: what nothing decides, and how words were read."""
        if not self.ledger.claims:
            return self._nothing
        notes = {claim.id: claim.note for claim in self.ledger.claims}
        first, later = [], []
        for row in self.open_questions.itertuples():
            if row.verdict in _OPEN:
                first.append(f"{row.claim} {_OPEN[row.verdict]}: {row.why.rstrip('.')}.")
            elif notes[row.claim]:
                later.append(f"{row.claim} as it was read: {notes[row.claim].rstrip('.')}.")
        told = first + later
        if not told:
            told = ["Each claim was computed and decided, in the words in which it is stated."]
        return Telling(told, listed=True)

    @property
    def closing(self) -> Telling:
        """What it comes to: how many claims of each verdict, and against how many words speak."""
        if not self.ledger.claims:
            return self._nothing
        table = self.ledger.table
        parts = sorted(table.groupby("verdict", sort=False), key=lambda one: _place(one[0]))
        told = [f"{len(p)} {_is(len(p), word)}{_named(p['claim'], word)}" for word, p in parts]
        first = f"Of {counted(len(table), 'claim')}, {joined(told)}."
        if len(parts) == 1 and len(table) > 1:
            first = f"All {len(table)} claims {_is(len(table), parts[0][0])}."
        based = table[table["n_for"] > 0]
        against = based.loc[based["n_against"] > 0, "claim"].tolist()
        sentences = [first]
        if len(based):
            sides = f"Coded passages speak for {len(based)} of them"
            if against:
                sides += f", and for {len(against)} there are passages against as well"
                sides += f" ({joined(against, limit=_SHOWN)})"
            sentences.append(f"{sides}.")
        if self.ledger.study.corpus == "synthetic":
            sentences.append(ON_SYNTHETIC)
        return Telling(sentences)

    @property
    def codes(self) -> list[str]:
        """Codes that the checks of these claims ask for, in codebook order."""
        asked = {
            code
            for claim in self.ledger.claims
            for condition in conditions_of(checks_of(claim))
            for key in ("codes", "first", "then")
            for code in condition.get(key) or ()
        }
        return [code.id for code in self.ledger.study.codebook if code.id in asked]

    @property
    def presence(self) -> pd.DataFrame:
        """The rows of presence of these codes, for a chart: of groups in whom any was observed."""
        table = self.ledger.presence
        own = table[table["code"].isin(self.codes)]
        seen = own.loc[own["state"] != "not_observed", "group"].unique()
        return own[own["group"].isin(seen)].reset_index(drop=True)

    @property
    def courses(self) -> pd.DataFrame:
        """The courses told of single persons, a line each: ``ledger.courses()`` with ``line``.

        ``line`` names claim, person and code, for ``qq.plot.states(..., row="line")``; ``state`` is
        an ordered Categorical of not there, told before, there, not_observed. Told before: what
        has happened, or lies behind a person, does not end because it is not told again.
        """
        return lines_of_courses(self.ledger.courses(), self.ledger.study.codebook)

    @property
    def states(self) -> pd.DataFrame:
        """The states of the study's construct, as `quidqual.states`, of those seen in any.

        Raises
        ------
        QuidqualError
            If the codebook has no construct, or none that is made of codes of these claims.
        """
        made_of = {
            construct.id: {code for state in construct.states for code in state.any_of}
            for construct in self.ledger.study.codebook.constructs
        }
        named = [name for name, codes in made_of.items() if codes & set(self.codes)]
        if not named:
            raise QuidqualError.of(
                "no construct of the codebook is made of codes of these claims.",
                remedy="Define one under constructs:.",
                file="codebook.yaml",
            )
        found = states(self.ledger.study, named[0])
        seen = found.loc[found["state"] != "not_observed", "participant"].unique()
        return found[found["participant"].isin(seen)].reset_index(drop=True)


def _place(verdict: str) -> int:
    """Where a verdict stands when they are told: what was reproduced comes first."""
    return _ORDER.index(verdict.partition(" (")[0])


def _is(n: int, verdict: str) -> str:
    """Put a verdict behind its number, as a sentence does."""
    if verdict == "not checkable":
        return "cannot be checked"
    return f"{'is' if n == 1 else 'are'} {verdict}"


def _named(claims: pd.Series[str], verdict: str) -> str:
    """Name the claims that were not reproduced."""
    return "" if verdict.startswith("reproduced") else f" ({joined(claims.tolist())})"


def _headings(ledger: Ledger) -> Iterator[tuple[str, str, str, list[Claim]]]:
    """Give id, title, question and claims of each topic; last the claims that name none."""
    told = list(ledger.study.raw.report.get("topics") or ())
    known = {str(topic["id"]) for topic in told}
    for topic in told:
        own = [claim for claim in ledger.claims if claim.topic == topic["id"]]
        title = topic.get("title") or topic["id"]
        yield str(topic["id"]), str(title), str(topic.get("question") or ""), own
    rest = [claim for claim in ledger.claims if claim.topic not in known]
    if rest:
        yield "", "Other claims" if told else "All claims", "", rest


def topics_of(ledger: Ledger) -> pd.DataFrame:
    """Give one row a topic: ``topic, title, question, claims`` (int), ``corpus``.

    In the order of ``claims.yaml``; claims that name no topic stand in a last row of their own.
    """
    rows = [(name, title, asked, len(own)) for name, title, asked, own in _headings(ledger)]
    columns = ["topic", "title", "question", "claims"]
    frame = pd.DataFrame(rows, columns=columns).astype({"claims": "int64"})
    return frame.assign(corpus=ledger.study.mark)


def topic_of(ledger: Ledger, names: Sequence[str | int]) -> Topic:
    """Take the claims of topics out of a ledger; see `quidqual.findings.ledger.Ledger.topic`."""
    headings = list(_headings(ledger))
    by_name = {heading[0]: heading for heading in headings}
    chosen = []
    for name in names:
        if isinstance(name, str):
            if headings:
                one_of(name, list(by_name), field="topic", file="claims.yaml")
            chosen += [by_name[name]] if name in by_name else []
        elif isinstance(name, bool) or not isinstance(name, int) or name < 1:
            raise QuidqualError.of(
                f"a topic is named by its id or its number, not {name!r}.",
                remedy="The first topic has the number 1; see qq.ledger(study).topics.",
                field="topic",
            )
        else:
            chosen += headings[name - 1 : name]
    own = {claim.id for heading in chosen for claim in heading[3]}
    claims = [claim for claim in ledger.claims if claim.id in own]
    told = {
        "id": ", ".join(name for name, *_ in chosen),
        "title": "; ".join(title for _, title, *_ in chosen),
        "question": " ".join(asked for _, _, asked, _ in chosen if asked),
    }
    return Topic(ledger.part(claims), told)
