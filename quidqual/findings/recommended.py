"""What a report recommends, told in sentences with the verdict on each finding it rests on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.findings.evidence import RESTS, RESTS_ON_NONE
from quidqual.findings.verdict import ON_SYNTHETIC, Telling
from quidqual.study.wording import counted, joined

if TYPE_CHECKING:
    from quidqual.findings.ledger import Ledger

_FIRM = "reproduced"


class Recommended:
    """The recommendations of a report; made by ``qq.ledger(study).recommended``.

    Examples
    --------
    >>> import quidqual as qq
    >>> told = qq.ledger(qq.load_example(), claims="R8").recommended
    >>> [text for text in told.resting if text.startswith("P12d")]  # doctest: +ELLIPSIS
    ['P12d, page 12: ... It rests on R8 (reproduced).']
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.table = ledger.recommendations
        self._verdicts = dict(zip(ledger.table["claim"], ledger.table["verdict"], strict=True))

    def __repr__(self) -> str:
        return f"<{counted(len(self.table), 'recommendation')}>"

    def _repr_html_(self) -> str:
        return self.resting._repr_html_() + self.without._repr_html_()

    @property
    def resting(self) -> Telling:
        """Those that rest on findings, each with its findings and their verdicts."""
        return self._told(RESTS, "Rest on findings")

    @property
    def without(self) -> Telling:
        """Those that rest on no finding."""
        return self._told(RESTS_ON_NONE, "Rest on no finding")

    def _told(self, status: str, heading: str) -> Telling:
        rows = self.table[self.table["status"] == status]
        return Telling(
            [self._sentence(row) for row in rows.itertuples()],
            heading=f"{heading} ({len(rows)} of {len(self.table)})",
            listed=True,
        )

    def _sentence(self, row: Any) -> str:
        place = f", page {row.page}" if row.page else ""
        text = f"{row.recommendation}{place}: {row.summary.rstrip('.')}."
        if row.rests_on:
            found = [f"{claim} ({self._verdict(claim)})" for claim in row.rests_on]
            text += f" It rests on {joined(found)}."
        return f"{text} {row.note[:1].upper()}{row.note[1:].rstrip('.')}." if row.note else text

    def _verdict(self, claim: str) -> str:
        return self._verdicts.get(claim, "not in this ledger").partition(" (")[0]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """How many stand on each page: ``page``, one column a status (int), ``corpus``."""
        table = pd.crosstab(self.table["page"], self.table["status"])
        table = table.reindex(self.table["page"].unique()).rename_axis(columns=None)
        return table.reset_index().assign(corpus=self.ledger.study.mark)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The other way round: ``claim, summary, verdict, recommendations`` (tuple), ``corpus``.

        A row a claim on which something rests, in the ledger's order.
        """
        pairs = self.table[["recommendation", "rests_on"]].explode("rests_on")
        resting = pairs.groupby("rests_on", sort=False)["recommendation"].agg(tuple)
        book = self.ledger.table[["claim", "summary", "verdict"]]
        book = book[book["claim"].isin(resting.index)].reset_index(drop=True)
        named = [resting[claim] for claim in book["claim"]]
        return book.assign(recommendations=named, corpus=self.ledger.study.mark)

    @property
    def closing(self) -> Telling:
        """Say how many rest on findings, on none, and on none that was reproduced."""
        if self.table.empty:
            return Telling([f"{self.ledger.study.title} lists no recommendation."])
        resting = self.table[self.table["status"] == RESTS]
        told = (
            f"Of {counted(len(self.table), 'recommendation')}, {len(resting)} "
            f"rest{'s' if len(resting) == 1 else ''} on findings and "
            f"{len(self.table) - len(resting)} on none."
        )
        carried = [
            any(self._verdict(claim) == _FIRM for claim in claims) for claims in resting["rests_on"]
        ]
        bare = resting["recommendation"][[not held for held in carried]].tolist()
        more = "Each of these rests on at least one finding that was reproduced."
        if bare:
            rest = "rests" if len(bare) == 1 else "rest"
            more = f"Of these, {joined(bare)} {rest} on no finding that was reproduced."
        last = (
            "That a recommendation rests on a finding is a reading; that the finding is enough to "
            "carry it does not follow."
        )
        sentences = [told, *([more] if len(resting) else []), last]
        if self.ledger.study.corpus == "synthetic":
            sentences.append(ON_SYNTHETIC)
        return Telling(sentences)
