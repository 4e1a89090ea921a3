"""The claims of one topic as a reader is told of them: sentences, both sides, what stays open.

Every sentence is made from the ledger of the study at hand; none is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.findings.verdict import checks_of, conditions_of
from quidqual.study.arguments import one_of
from quidqual.study.wording import counted, joined

if TYPE_CHECKING:
    from quidqual.findings.ledger import Ledger

_NAMED = 4  # participants that a sentence names


class Topic:
    """The claims of one topic; made by ``qq.ledger(study).topic(id)``.

    Attributes
    ----------
    id, title, question : str
        As ``claims.yaml`` has them.
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
    """

    def __init__(self, ledger: Ledger, told: Mapping[str, Any]) -> None:
        self.ledger = ledger
        self.id = str(told["id"])
        self.title = str(told.get("title") or self.id)
        self.question = str(told.get("question") or "")

    def __repr__(self) -> str:
        return f"<Topic {self.title!r}: {counted(len(self.ledger.claims), 'claim')}>"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(text)}</li>" for text in self.sentences["sentence"])
        body = f"<ul>{items}</ul>" if items else f"<p>{escape(self._nothing)}</p>"
        return f"<p><strong>{escape(self.question or self.title)}</strong></p>{body}"

    @property
    def _nothing(self) -> str:
        return f"{self.ledger.study.title} states no claim of the topic {self.id!r}."

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
        return frame.assign(corpus=self.ledger.study.corpus)

    def _sentence(self, row: Any) -> str:
        text = f"{row.summary.rstrip('.')} ({row.claim})"
        if row.verdict == "not checkable":
            return f"{text}: not checkable; {row.why}."
        told = f"{text}: {row.computed}, {row.verdict}"
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


def topics_of(ledger: Ledger) -> pd.DataFrame:
    """Give one row a topic of the study: ``topic, title, question, claims`` (int), ``corpus``."""
    told = list(ledger.study.raw.report.get("topics") or ())
    counts = pd.Series([claim.topic for claim in ledger.claims], dtype=object).value_counts()
    rows = [
        (t["id"], t["title"], t.get("question") or "", int(counts.get(t["id"], 0))) for t in told
    ]
    columns = ["topic", "title", "question", "claims"]
    return pd.DataFrame(rows, columns=columns).assign(corpus=ledger.study.corpus)


def topic_of(ledger: Ledger, name: str) -> Topic:
    """Take the claims of one topic out of a ledger; see `quidqual.findings.ledger.Ledger.topic`."""
    told = {t["id"]: t for t in ledger.study.raw.report.get("topics") or ()}
    if told:
        one_of(name, list(told), field="topic", file="claims.yaml")
    claims = [claim for claim in ledger.claims if claim.topic == name]
    part = type(ledger)(ledger.study, claims, ledger.presence)
    return Topic(part, told.get(name, {"id": name}))
