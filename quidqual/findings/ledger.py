"""The ledger: each claim of a report, what it states, what was computed, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.analysis.presence import presence as presence_of
from quidqual.findings.cases import Cases
from quidqual.findings.evidence import COLUMNS as EVIDENCE_COLUMNS
from quidqual.findings.evidence import (
    courses_of,
    given_reading,
    ledger_row,
    recommendations_of,
    rivals_of,
)
from quidqual.findings.judged import Judged
from quidqual.findings.recommended import Recommended
from quidqual.findings.robustness import robustness_of, sentences_of
from quidqual.findings.topic import Topic, topic_of, topics_of
from quidqual.findings.verdict import VERDICTS, Verdict, chosen_claims, verdict_text
from quidqual.study.arguments import must_have, takes_study
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError
from quidqual.study.faced import face_of, faced
from quidqual.study.first_use import wing
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.model import Study

COLUMNS = (
    "claim", "summary", "stated", "computed", "verdict", "why", "who", "others", "unseen",
    "n_for", "n_against", "page", "group", "kind", "codings_for", "codings_against", "corpus",
)  # fmt: skip


class Ledger:
    """The claims of a study's report, checked; made by `quidqual.ledger`.

    Examples
    --------
    >>> import quidqual as qq
    >>> book = qq.ledger(qq.load_example(), claims=["D8", "R25"])
    >>> book
    <Ledger of 2 claims: 1 reproduced (synthetic), 1 contradicted>
    >>> book.evidence("R25")["code"].unique().tolist()
    ['working_through_past']
    """

    def __init__(
        self,
        study: Study,
        claims: Iterable[Claim],
        presence: pd.DataFrame,
        *,
        own: bool = True,
        judged: Judged | None = None,
    ) -> None:
        self.study = study
        self._claims = tuple(claims)
        self._presence = presence.copy(deep=False)
        self._judged = judged or Judged(study, self._presence, own=own)
        self._robust: dict[tuple[str, ...], pd.DataFrame] = {}

    def __repr__(self) -> str:
        told = f": {self._tally}" if self.claims else ""
        return f"<Ledger of {counted(len(self.claims), 'claim')}{told}>"

    def _repr_html_(self) -> str:
        """Show claim, stated, computed and verdict: what a person looks at first."""
        table = face_of(self.table, most=len(self.claims))
        return f"<p><b>{escape(self.study.title)}</b></p>{table}"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that are checked; a copy, like every table."""
        return deepcopy(self._claims)

    @property
    def presence(self) -> pd.DataFrame:
        """The reading of the codings that is judged."""
        return self._presence.copy(deep=False)

    @property
    def _tally(self) -> str:
        words = [verdict.word for verdict in self.verdicts.values()]
        counts = {verdict_text(w, self.study.corpus): words.count(w) for w in VERDICTS}
        return ", ".join(f"{n} {verdict}" for verdict, n in counts.items() if n)

    def part(self, claims: Iterable[Claim]) -> Ledger:
        """Give the ledger of some of these claims, which are not judged again."""
        return Ledger(self.study, claims, self._presence, judged=self._judged)

    @property
    def cases(self) -> Cases:
        """Presence as an array: which reading of the codings is judged."""
        return self._judged.cases

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict on each claim, with the result of each check."""
        return {claim.id: self._judged.verdict(claim) for claim in self._claims}

    @property
    def table(self) -> pd.DataFrame:
        """One row a claim, in the order of the file.

        =============== ======= =========================================================
        column          type    meaning
        =============== ======= =========================================================
        claim           str     id
        summary         str     what is stated, in own words
        stated          str     the report's figure or direction
        computed        str     the study's figure
        verdict         str     see `quidqual.ledger`
        why             str     what the verdict rests on, where it needs a word
        who, others     tuple   participants who carry it; observed ones who do not
        unseen          tuple   participants in whom it was not observed
        n_for           int     coded passages that speak for it
        n_against       int     coded passages that speak against it
        page            str     page of the report
        group           str     whom the claim is about
        kind            str     design, prevalence, single_case, change, state, ranking,
                                qualitative
        codings_for     tuple   ids of those codings
        codings_against tuple   ids of those codings
        corpus          str     synthetic or real
        =============== ======= =========================================================
        """
        return self._table.copy(deep=False)

    @cached_property
    def _table(self) -> pd.DataFrame:
        rows = [
            ledger_row(c, self.verdicts[c.id], self._judged.evidence(c), self.study.corpus)
            for c in self._claims
        ]
        frame = pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "corpus"])
        frame = frame.astype({"n_for": "int64", "n_against": "int64", "verdict": "str"})
        return faced(frame.assign(corpus=self.study.mark), "ledger")

    def evidence(self, claim: str | Iterable[str] | None = None) -> pd.DataFrame:
        """List the coded passages behind claims, those against as well as those for.

        Parameters
        ----------
        claim : str or iterable of str, optional
            Ids; default all.

        Returns
        -------
        DataFrame
            One row a passage and claim: ``claim, side`` (for, against), ``words, participant,
            round, code, speech`` (verbatim, paraphrase, mixed: only verbatim may be quoted as
            speech), ``coder, memo, group, interview, start, end, id`` (of the coding), ``corpus``.

        Raises
        ------
        QuidqualError
            If there is no such claim.
        """
        frames = [self._judged.evidence(one) for one in self._chosen(claim)]
        full = [frame for frame in frames if len(frame)]
        if full:
            return faced(pd.concat(full, ignore_index=True), "quotes")
        return frames[0].copy() if frames else pd.DataFrame(columns=EVIDENCE_COLUMNS)

    def robustness(self, claims: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Judge each claim that rests on codings under every defensible reading of it.

        Returns
        -------
        DataFrame
            One row a claim and reading: ``claim``; ``kind`` (coder, speech, participant,
            round, threshold, codebook); ``reading`` (in words); ``computed`` (the figure then);
            ``verdict``; ``holds`` (boolean; missing where the reading does not decide);
            ``corpus``. A reading that cannot change the answer is not there.

        Raises
        ------
        QuidqualError
            If there is no such claim.

        Notes
        -----
        The verdict follows the one logic of the ledger. Whoever is left out is not observed: "2
        of 4" is contradicted only if nobody left out could make it true. Where that leaves it
        open, it holds if those who are left say the same in words: *none*, *all*, *more than
        half*, or else *some but not all*.

        Examples
        --------
        >>> import quidqual as qq
        >>> table = qq.ledger(qq.load_example()).robustness("R25")
        >>> table.loc[table["reading"] == "without S3", "verdict"].tolist()
        ['not decided']
        """
        chosen = self._chosen(claims)
        key = tuple(claim.id for claim in chosen)
        if key not in self._robust:
            self._robust[key] = robustness_of(self.study, chosen)
        return self._robust[key].copy()

    def robustness_sentences(self, claims: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Say in one sentence a claim how robust it is.

        Returns
        -------
        DataFrame
            ``claim, k`` (readings in which it holds), ``n`` (readings that could change it),
            ``sentence, corpus``.
        """
        return sentences_of(self.robustness(claims))

    def rivals(self, claim: str | None = None) -> pd.DataFrame:
        """Lay the rivals of a ranking claim side by side, by every way of counting.

        Parameters
        ----------
        claim : str, optional
            Id; default the first claim that ranks something.

        Returns
        -------
        DataFrame
            One row a basket and factor, the claim's own first: ``basket`` ("" for the check's
            own); ``factor``; ``codes`` (tuple); ``mentions`` (coded passages), ``interviews``,
            ``participants`` (int: in how many it was present); ``n_participants`` (int: in whom
            it was observed); ``corpus``.

        Raises
        ------
        QuidqualError
            If the claim ranks nothing.

        Examples
        --------
        >>> import quidqual as qq
        >>> qq.ledger(qq.load_example()).rivals("R22")["factor"].tolist()[:2]
        ['relationships', 'background']
        """
        ranking = [c for c in self._claims if any(k["measure"] == "ranking" for k in c.checks)]
        chosen = self._chosen(claim) if claim is not None else ranking[:1]
        if not chosen:
            raise QuidqualError.of(
                "no claim ranks anything.",
                remedy="A ranking has the measure 'ranking' in its check.",
                file="claims.yaml",
            )
        return rivals_of(self.study, chosen[0], self.cases)

    def courses(self, claims: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Give the course of each code of a claim, for the participants who carry it.

        Parameters
        ----------
        claims : str or iterable of str, optional
            Default: the claims about change that exactly one participant carries.

        Returns
        -------
        DataFrame
            One row a claim, participant, code and round: ``claim, participant, code, label``
            (of the code), ``round`` (ordered Categorical), ``state`` (present, absent,
            not_observed), ``corpus``.

        Examples
        --------
        >>> import quidqual as qq
        >>> course = qq.ledger(qq.load_example()).courses("R26a")
        >>> course.loc[course["code"] == "future_self", "state"].tolist()
        ['absent', 'absent', 'present', 'not_observed']
        """
        chosen = [(claim, self.verdicts[claim.id].who) for claim in self._chosen(claims)]
        if claims is None:
            chosen = [(c, who) for c, who in chosen if c.kind == "change" and len(who) == 1]
        return courses_of(self.study, self._presence, chosen)

    def passages(self, report: Any) -> pd.DataFrame:
        """Look up the passage of each claim in a report that the reader holds.

        Parameters
        ----------
        report : str, Path or quidqual.reporting.report_passages.Report
            The text itself, or the path of a text file. A PDF or DOCX is read first, by
            ``qq.interchange``; the command line does both.

        Returns
        -------
        DataFrame
            ``claim, page`` (of the text where it has page marks, else as the claim says),
            ``summary, status`` (found, not found, no anchor), ``passage`` (the words, white
            space folded, without page marks; "" unless found), ``corpus``.
        """
        return wing("reporting.report_passages").passages_of(self.study, self._claims, report)

    def coverage(self, report: Any) -> pd.DataFrame:
        """Tell how much of a report's findings stands under a claim.

        Parameters
        ----------
        report : str, Path or Report
            As for `passages`.

        Returns
        -------
        DataFrame
            One row a stretch of the sections that ``claims.yaml`` names under ``report:``, in
            their order: ``section, page, covered`` (boolean), ``characters`` (int: letters and
            digits), ``claims`` (tuple), ``passage``, ``corpus``.

        Raises
        ------
        QuidqualError
            If no sections are named, or they are not found in the text.
        """
        return wing("reporting.report_passages").coverage_of(self.study, self._claims, report)

    @property
    def recommendations(self) -> pd.DataFrame:
        """What the report recommends, each with the claims that it answers.

        ``recommendation`` (id), ``page, summary, rests_on`` (tuple of claim ids), ``status``
        (``rests on findings`` or ``rests on no finding``), ``note, corpus``.

        Notes
        -----
        That a recommendation rests on a finding is a reading, written down so that it can be
        disputed; it does not follow that the finding is enough to carry it.

        Examples
        --------
        >>> import quidqual as qq
        >>> found = qq.ledger(qq.load_example()).recommendations.set_index("recommendation")
        >>> found.loc["P12d", ["rests_on", "status"]].tolist()
        [('R8',), 'rests on findings']
        """
        return recommendations_of(self.study)

    @property
    def recommended(self) -> Recommended:
        """The recommendations in sentences, each with the verdict on what it rests on."""
        return Recommended(self)

    @property
    def topics(self) -> pd.DataFrame:
        """What the claims are about: ``topic, title, question, claims`` (int), ``corpus``."""
        return topics_of(self)

    def topic(self, *names: str | int) -> Topic:
        """Take the claims of one topic or of several, as a reader is told of them.

        Parameters
        ----------
        *names : str or int
            Ids, or numbers from 1 in the order of ``topics``; beyond the last there are no claims.

        Returns
        -------
        Topic
            See `quidqual.findings.topic.Topic`.

        Raises
        ------
        QuidqualError
            If the study names topics and this is not one of them.
        """
        return topic_of(self, names)

    def _chosen(self, claims: str | Iterable[str] | None) -> list[Claim]:
        if claims is None:
            return list(self._claims)
        here = {claim.id: claim for claim in self._claims}
        chosen = chosen_claims(self.study, claims)
        if any(claim.id not in here for claim in chosen):
            raise QuidqualError.of(
                "this ledger was made of other claims.", remedy="Make one of all: qq.ledger(study)."
            )
        return [here[claim.id] for claim in chosen]


@takes_study
def ledger(
    study: Study,
    *,
    claims: str | Iterable[str] | None = None,
    presence: pd.DataFrame | None = None,
) -> Ledger:
    """Check every claim of a study's report against the study.

    Parameters
    ----------
    study : Study
        With claims (``claims.yaml``), or a reading of one (``study.reading(...)``).
    claims : str or iterable of str, optional
        Ids of the claims to check; default all.
    presence : DataFrame, optional
        Another reading of the codings (see `quidqual.presence`); default that of the
        study's primary coder.

    Returns
    -------
    Ledger
        ``.table`` is one row a claim; ``.evidence()``, ``.robustness()``, ``.rivals()``,
        ``.courses()``, ``.passages(report)``, ``.coverage(report)`` and ``.recommendations`` say
        what lies behind it.

    Raises
    ------
    QuidqualError
        If a claim is not there, its check cannot be read, or ``presence`` is not of this study.

    Notes
    -----
    The verdicts are ``reproduced (synthetic)`` or ``reproduced (real)``: the check holds however
    those not observed would complete the data; ``contradicted``: it fails however they would;
    ``not decided``: it hangs on those not observed, whom ``why`` names; ``arithmetic``: the
    report's own figures agree with each other; ``not checkable``: nothing can be computed, and
    ``why`` says why. A person counts as observed who was seen where the check looks.

    On synthetic notes a reproduced claim shows that the *method* reaches the stated
    figure. It is no evidence for the figure.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.ledger(qq.load_example(), claims="D8").table[["stated", "verdict"]].values.tolist()
    [['6 x 3 + 2 x 4 + 1 x 2, in all 27', 'contradicted']]
    """
    chosen = chosen_claims(study, claims)
    table = presence_of(study) if presence is None else presence
    must_have(
        table,
        ("participant", "round", "code", "state", "n_codings"),
        of="qq.presence(study)",
        field="presence",
    )
    own = presence is None
    return Ledger(study, chosen, table if own else given_reading(study, table), own=own)
