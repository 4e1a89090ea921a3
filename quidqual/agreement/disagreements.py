"""From the number to work: where coders part, what they confuse, which codes need work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks
from quidqual.agreement.compare import KINDS, compare, described
from quidqual.agreement.units import chosen_coders, read_study
from quidqual.study.arguments import some_of, takes_study
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

BY = ("code", "coder", "other_coder", "round", "language", "group", "participant", "interview")
_KIND_COLUMNS = {
    "same": "n_same",
    "other bounds": "n_other_bounds",
    "other code": "n_other_code",
    "one coder only": "n_one_coder_only",
}
_LOW, _GOOD = 0.667, 0.800


def _passages(study: Study, coders: Any, codes: Any, covered: Any) -> tuple[pd.DataFrame, Blocks]:
    """Compare all codes: a rival code may be one that was not asked for."""
    asked = _asked(study, codes)
    who = chosen_coders(study, coders, covered)
    blocks = read_study(study, coders=who, unit="character", covered=covered)
    found = compare(blocks)
    if asked is not None:
        names = pd.Series(blocks.codes, dtype=object)
        wanted = names.isin(asked).to_numpy()
        found = found[wanted[blocks.code[found["passage"]]]] if len(found) else found
    return found.reset_index(drop=True), blocks


def _asked(study: Study, codes: Any) -> set[str] | None:
    """Give the codes asked for and those beneath them, each of them one of the study's."""
    if codes is None:
        return None
    known = dict.fromkeys([*study.codebook.ids, *study.codings["code"].astype(str)])
    wished = some_of(codes, known, field="codes")
    below = {
        c for code in wished if code in study.codebook for c in study.codebook.descendants(code)
    }
    return {*wished, *below}


def _once(found: pd.DataFrame) -> pd.DataFrame:
    """Keep what both coders marked once, and not again from the other's side."""
    mutual = found["kind"].isin(["same", "other bounds"])
    return found[~mutual | (found["coder"] < found["other_coder"])]


@takes_study
def disagreements(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    codes: Sequence[str] | str | None = None,
    covered: Any = None,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """List every passage on which two coders part, or count them.

    Parameters
    ----------
    study : Study
    coders, codes, covered
        As in :func:`~quidqual.agreement.study_agreement.agreement`.
    by : str or sequence of str, optional
        Count instead of listing, by ``code``, ``coder``, ``other_coder``, ``round``,
        ``language``, ``group``, ``participant``, ``interview``.

    Returns
    -------
    pandas.DataFrame
        One row a disagreement, sorted by place: ``interview, participant, group, round``
        (ordered Categorical), ``language, code, kind`` (Categorical: other bounds, other
        code, one coder only), ``coder, start, end`` (int), ``other_coder, other_code,
        other_start, other_end`` (Int64), ``overlap`` (int, characters), ``exact`` (the
        first coder's words), ``corpus``. With ``by``: those columns, ``n_same``,
        ``n_other_bounds``, ``n_other_code``, ``n_one_coder_only``, ``n`` (disagreements),
        ``corpus``.

    Raises
    ------
    QuidqualError
        For a coder, code or ``by`` that is not known.

    Notes
    -----
    Passages are a coder's united segments of one code. Two that overlap are one row (other
    bounds); a passage that the other coder did not code so is one row from the side of the
    coder who did.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.agreement.disagreements(qq.load_example("two_coders"), by="code")
    >>> found[["code", "n_other_bounds", "n_one_coder_only"]]
        code  n_other_bounds  n_one_coder_only
    0  trust               1                 2
    1   work               2                 0
    """
    found, blocks = _passages(study, coders, codes, covered)
    table = described(_once(found), blocks, study)
    if by is not None:
        return _counted(table, blocks, by, study.mark)
    table = table[table["kind"] != "same"].assign(
        kind=lambda f: f["kind"].cat.set_categories(list(KINDS[1:]))
    )
    order = {name: i for i, name in enumerate(blocks.documents)}
    table = table.assign(_place=table["interview"].map(order))
    table = table.sort_values(["_place", "start", "end", "code", "coder", "other_coder"])
    return table.drop(columns="_place").reset_index(drop=True).assign(corpus=study.mark)


def _counted(table: pd.DataFrame, blocks: Blocks, by: Any, corpus: str) -> pd.DataFrame:
    """Count the passages of each kind."""
    asked = list(dict.fromkeys(some_of(by, BY, field="by")))
    if "code" in asked:
        kept = [c for c in blocks.codes if c in set(table["code"])]
        table = table.assign(code=pd.Categorical(table["code"], categories=kept))
    ones = {_KIND_COLUMNS[k]: (table["kind"] == k).astype(np.int64) for k in KINDS}
    table = table.assign(**ones)
    counts = table.groupby(asked, observed=True)[list(ones)].sum().reset_index()
    if "code" in asked:
        counts["code"] = counts["code"].astype(object)
    counts["n"] = counts[[_KIND_COLUMNS[k] for k in KINDS[1:]]].sum(axis=1)
    return counts.assign(corpus=corpus)


@takes_study
def confusions(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    codes: Sequence[str] | str | None = None,
    covered: Any = None,
) -> pd.DataFrame:
    """Count the pairs of codes that coders give to the same place, one each.

    Returns
    -------
    pandas.DataFrame
        ``code, other_code`` (each pair once, in the codebook's order), ``n`` (int: pairs of
        passages), ``n_interviews``, ``characters`` (int: shared), ``share`` (float: of the
        passages of the two codes), ``corpus``; the most frequent first.

    Raises
    ------
    QuidqualError
        For a coder or code that is not known.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.agreement.confusions(qq.load_example(), codes="autonomy")
    >>> found[["code", "other_code"]].head(1).values.tolist()
    [['empowerment', 'autonomy']]
    """
    asked = _asked(study, codes)
    found, blocks = _passages(study, coders, None, covered)
    pairs = found[found["kind"] == "other code"]
    a, b = pairs["passage"].to_numpy(), pairs["other"].to_numpy()
    table = pd.DataFrame(
        {
            "low": np.minimum(a, b),
            "high": np.maximum(a, b),
            "first": np.minimum(blocks.code[a], blocks.code[b]),
            "second": np.maximum(blocks.code[a], blocks.code[b]),
            "document": blocks.document[a],
            "characters": pairs["overlap"].to_numpy(),
        }
    ).drop_duplicates(["low", "high"])
    grouped = table.groupby(["first", "second"])
    counts = grouped.agg(
        n=("low", "size"), n_interviews=("document", "nunique"), characters=("characters", "sum")
    ).reset_index()
    size = np.bincount(blocks.code, minlength=len(blocks.codes))
    names = np.array(blocks.codes, dtype=object)
    first, second = counts["first"].to_numpy(int), counts["second"].to_numpy(int)
    result = pd.DataFrame(
        {
            "code": names[first] if len(counts) else np.empty(0, object),
            "other_code": names[second] if len(counts) else np.empty(0, object),
            "n": counts["n"].to_numpy(np.int64),
            "n_interviews": counts["n_interviews"].to_numpy(np.int64),
            "characters": counts["characters"].to_numpy(np.int64),
            "share": 2 * counts["n"].to_numpy() / (size[first] + size[second]),
        }
    )
    order = np.lexsort((second, first, -result["n"]))
    result = result.iloc[order].reset_index(drop=True)
    if asked is not None:
        kept = result["code"].isin(asked) | result["other_code"].isin(asked)
        result = result[kept].reset_index(drop=True)
    return result.assign(corpus=study.mark)


@takes_study
def codes_to_review(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    covered: Any = None,
    unit: str = "segment",
    resamples: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Say which codes need work, and what kind of work.

    Returns
    -------
    pandas.DataFrame
        One row a code, the most urgent first: ``code``, ``alpha, low, high`` (float, by
        ``unit``), ``p_below_667`` (float), ``n_passages, n_same, n_other_bounds,
        n_other_code, n_one_coder_only`` (int), ``confused_with`` (str), ``verdict`` (str:
        rework, tighten, keep, cannot be judged), ``next_step`` (str), ``corpus``.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.agreement.codes_to_review(qq.load_example("two_coders"))
    >>> found[["code", "verdict"]].values.tolist()
    [['trust', 'rework'], ['work', 'keep']]
    """
    from quidqual.agreement.study_agreement import agreement

    if study.approach == "reflexive":
        raise QuidqualError.of(
            "A reflexive study has no codes to be repaired by agreement.",
            remedy="Use qq.agreement.compare_readings: where readings part is a finding, "
            "not a fault.",
        )
    alpha = agreement(
        study, coders=coders, covered=covered, unit=unit, coefficients="alpha",
        resamples=resamples, seed=seed,
    ).set_index("code")  # fmt: skip
    counts = disagreements(study, coders=coders, covered=covered, by="code").set_index("code")
    mixed = confusions(study, coders=coders, covered=covered)
    rows = []
    for code in alpha.index:
        n = counts.loc[code] if code in counts.index else pd.Series(dtype=float)
        kinds = {c: int(n.get(c, 0)) for c in _KIND_COLUMNS.values()}
        rivals = mixed[(mixed["code"] == code) | (mixed["other_code"] == code)]
        rival = ""
        if len(rivals):
            rival = next(c for c in rivals.iloc[0][["code", "other_code"]] if c != code)
        value = float(alpha.loc[code, "value"])
        verdict, step = _advice(value, kinds, rival)
        rows.append(
            {
                "code": code,
                "alpha": value,
                **{c: float(alpha.loc[code, c]) for c in ("low", "high", "p_below_667")},
                "n_passages": sum(kinds.values()),
                **kinds,
                "confused_with": rival,
                "verdict": verdict,
                "next_step": step,
            }
        )
    columns = ["code", "alpha", "low", "high", "p_below_667", "n_passages"]
    columns += [*_KIND_COLUMNS.values(), "confused_with", "verdict", "next_step"]
    table = pd.DataFrame(rows, columns=columns)
    urgent = {"rework": 0, "tighten": 1, "cannot be judged": 2, "keep": 3}
    order = np.lexsort((np.arange(len(table)), table["alpha"], table["verdict"].map(urgent)))
    return table.iloc[order].reset_index(drop=True).assign(corpus=study.mark)


def _advice(value: float, kinds: dict[str, int], rival: str) -> tuple[str, str]:
    """Read the numbers of one code as a next step."""
    if np.isnan(value):
        return "cannot be judged", "Let both coders code more: the code does not vary enough yet."
    if value >= _GOOD:
        return "keep", "Keep the definition; talk through what is left."
    verdict = "rework" if value < _LOW else "tighten"
    worst = max(list(_KIND_COLUMNS.values())[1:], key=lambda c: kinds[c])
    if kinds["n_other_code"] and worst == "n_other_code":
        return verdict, f"Say in both definitions what decides between it and {rival!r}."
    if worst == "n_other_bounds" and kinds[worst]:
        return verdict, "Agree how much to mark: the clause, the sentence or the whole passage."
    return verdict, "Add include and exclude rules with examples: one coder sees it, one does not."
