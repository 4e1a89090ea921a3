"""How robust is a finding? Each claim recomputed under every defensible reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.findings.alternative_readings import Reading, readings
from quidqual.findings.cases import Cases
from quidqual.findings.checks import Result, compare, run_check
from quidqual.findings.evidence import codes_of
from quidqual.findings.verdict import chosen_claims
from quidqual.study.arguments import must_have, takes_study
from quidqual.study.claims import Claim

if TYPE_CHECKING:
    from quidqual.study.model import Study

_RECOMPUTED = ("prevalence", "ranking")


@takes_study
def robustness(study: Study, *, claims: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Recompute each claim under every defensible reading of the study.

    Parameters
    ----------
    study : Study
    claims : str or iterable of str, optional
        Ids; default all claims that rest on codings.

    Returns
    -------
    DataFrame
        One row a claim and reading: ``claim``; ``kind`` (coder, speech, participant,
        round, threshold, codebook); ``reading`` (in words); ``computed`` (the figure then);
        ``holds`` (boolean; missing where the reading leaves nothing to decide by);
        ``exact`` (boolean: the very figure that is stated); ``corpus``.

    Raises
    ------
    QuidqualError
        If there is no such claim.

    Notes
    -----
    A reading with fewer people cannot give "2 of 4" again. So ``holds`` asks what the
    figure says in words: *none*, *all*, *more than half*, or else *some but not all*; a
    claim about a case holds while there is such a case. A claim that fails without one
    participant rests on that participant.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = robustness(qq.load_example(), claims="R25")
    >>> table.loc[table["holds"].eq(False), "reading"].tail(1).tolist()
    ['without S3']
    """
    chosen = [c for c in chosen_claims(study, claims) if _rests_on_codings(c)]
    merged = list(dict.fromkeys(code for claim in chosen for code in codes_of(claim.checks)))
    columns = ["claim", "kind", "reading", "computed", "holds", "exact"]
    rows = [row for one in readings(study, codes=merged) for row in _rows(study, chosen, one)]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.astype({"holds": "boolean", "exact": "boolean"})
    order = {claim.id: place for place, claim in enumerate(chosen)}
    frame = frame.sort_values("claim", key=lambda ids: ids.map(order), kind="stable")
    return frame.reset_index(drop=True).assign(corpus=study.corpus)


def _rests_on_codings(claim: Claim) -> bool:
    return bool(claim.checks) and all(c["measure"] in _RECOMPUTED for c in claim.checks)


def _rows(study: Study, claims: list[Claim], reading: Reading) -> list[tuple[Any, ...]]:
    cases = Cases.from_presence(reading.table)
    rows = []
    for claim in claims:
        if reading.codes and not set(reading.codes) & set(codes_of(claim.checks)):
            continue
        pairs = [(c, run_check(c, study, cases, group=claim.group)) for c in claim.checks]
        holds = _all([in_words(check, result) for check, result in pairs])
        exact = _all([result.holds for _, result in pairs])
        computed = "; ".join(result.computed for _, result in pairs)
        rows.append((claim.id, reading.kind, reading.name, computed, holds, exact))
    return rows


def in_words(check: Mapping[str, Any], result: Result) -> bool | None:
    """Judge whether a figure says the same as the claim, in words.

    Examples
    --------
    >>> in_words({"k": 4, "n": 4}, Result(False, "3 of 3", k=3, n=3))
    True
    >>> in_words({"k": 2, "n": 4}, Result(False, "0 of 3", k=0, n=3))
    False
    """
    k, n, op = result.k, result.n, check.get("op", "eq")
    if result.holds is None or k is None or n is None:
        return result.holds
    stated, of = check["k"], check.get("n", n)
    if op == "lt" and stated == of:
        return k < n
    if op != "eq":
        return compare(op, k, stated)
    if stated == 0:
        return k == 0
    if stated == of:
        return k == n
    if 2 * stated > of:
        return 2 * k > n
    return 0 < k < n


def _all(answers: list[bool | None]) -> bool | None:
    if any(answer is False for answer in answers):
        return False
    return None if None in answers else True


def robustness_sentences(table: pd.DataFrame) -> pd.DataFrame:
    """Say in one sentence a claim how robust it is.

    Parameters
    ----------
    table : DataFrame
        As `robustness` gives it.

    Returns
    -------
    DataFrame
        One row a claim: ``claim, k`` (readings in which it holds), ``n`` (readings that
        could decide), ``sentence``, ``corpus``.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.robustness_sentences(qq.robustness(qq.load_example(), claims="R5"))["k"].tolist()
    [18]
    """
    must_have(table, ("claim", "holds", "reading", "corpus"), of="qq.robustness(study)")
    rows = []
    for claim, part in table.groupby("claim", sort=False):
        decided = part[part["holds"].notna()]
        k, n = int(decided["holds"].sum()), len(decided)
        failing = decided.loc[~decided["holds"].astype(bool), "reading"].tolist()
        text = f"holds in {k} of {n} readings"
        if failing:
            text += "; fails " + ", ".join(_as_condition(name) for name in failing)
        silent = len(part) - n
        if silent:
            text += f"; {silent} cannot decide"
        rows.append((claim, k, n, text, part["corpus"].iloc[0]))
    return pd.DataFrame(rows, columns=["claim", "k", "n", "sentence", "corpus"])


def _as_condition(name: str) -> str:
    return name if name.startswith("without") else f"with {name}"
