"""Readings set side by side, for a reflexive study.

In reflexive thematic analysis a code is a researcher's reading, not a measurement. Two
readings that part are two sights of the material; a coefficient would treat one of them as
error. So no coefficient is computed: the comparison shows where readings met, where they
part, and who read what.

References
----------
Braun, V., & Clarke, V. (2021). One size fits all? What counts as quality practice in
(reflexive) thematic analysis? Qualitative Research in Psychology, 18, 328-352.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks
from quidqual.agreement.compare import compare
from quidqual.agreement.table import COLUMNS
from quidqual.agreement.units import chosen_coders, read_study
from quidqual.study.arguments import takes_study

if TYPE_CHECKING:
    from quidqual.study.model import Study

REASON = (
    "no coefficient: the study is reflexive, and readings that part are not errors of measurement"
)


def _table(study: Study, blocks: Blocks) -> pd.DataFrame:
    """Count, by code and interview, the passages of each reader and those that met."""
    found = compare(blocks)
    n_docs = max(len(blocks.documents), 1)
    met = np.zeros(len(blocks.code), dtype=bool)
    renamed = np.zeros(len(blocks.code), dtype=bool)
    kind, passage = found["kind"].astype(str).to_numpy(), found["passage"].to_numpy()
    met[passage[np.isin(kind, ["same", "other bounds"])]] = True
    renamed[passage[kind == "other code"]] = True
    table = pd.DataFrame(
        {
            "key": blocks.code * n_docs + blocks.document,
            "coder": blocks.coder,
            "met": met,
            "renamed": renamed & ~met,
            "apart": ~met,
            "characters": blocks.end - blocks.start,
        }
    )
    groups = table.groupby("key")
    counts = groups.agg(
        n_passages=("met", "size"),
        n_shared=("met", "sum"),
        n_apart=("apart", "sum"),
        n_other_code=("renamed", "sum"),
    )
    counts["readers"] = groups["coder"].agg(lambda c: tuple(sorted(set(c))))
    return counts.reset_index()


@takes_study
def compare_readings(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    codes: Sequence[str] | str | None = None,
    of: str = "code",
    covered: Any = None,
) -> pd.DataFrame:
    """Show where the readings of two or more researchers met and where they part.

    Parameters
    ----------
    study : Study
        Of any approach; a reflexive study gets this instead of a coefficient.
    coders, codes, of, covered
        As in :func:`~quidqual.agreement.study_agreement.agreement`.

    Returns
    -------
    pandas.DataFrame
        One row a code and interview that more than one researcher read and at least one
        gave the code: ``code, interview, participant, group, round`` (ordered Categorical),
        ``language, read_by`` (who gave the code), ``not_read_by`` (who read the interview
        and did not), ``n_passages, n_shared`` (passages that meet one of another reader),
        ``n_apart, n_other_code`` (int: of those apart, read under another code),
        ``parting`` (str: met, met in part, apart, one reading only), ``reason`` (str: why
        there is no coefficient), ``corpus``.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.agreement.compare_readings(qq.load_example("two_coders"))
    >>> found[["code", "interview", "parting"]].values.tolist()
    [['trust', 'P1-R1', 'met in part'], ['trust', 'P1-R2', 'met in part'],
     ['work', 'P1-R1', 'met'], ['work', 'P1-R2', 'met']]
    """
    who = chosen_coders(study, coders, covered)
    blocks = read_study(study, coders=who, unit="character", codes=codes, covered=covered, of=of)
    counts = _table(study, blocks)
    n_docs = max(len(blocks.documents), 1)
    code, document = np.divmod(counts["key"].to_numpy(np.int64), n_docs)
    twice = blocks.covered.sum(axis=1)[document] >= 2 if len(counts) else np.zeros(0, bool)
    counts, code, document = counts[twice].reset_index(drop=True), code[twice], document[twice]
    names = np.array(blocks.coders, dtype=object)
    readers = [names[list(r)] for r in counts["readers"]]
    silent = [
        [c for c in names[blocks.covered[d]] if c not in set(r)]
        for d, r in zip(document, readers, strict=True)
    ]
    shared, apart = counts["n_shared"].to_numpy(int), counts["n_apart"].to_numpy(int)
    one = np.array([len(r) == 1 for r in readers], dtype=bool)
    parting = np.select(
        [one, apart == 0, shared > 0], ["one reading only", "met", "met in part"], "apart"
    )
    names_of = np.array(blocks.documents, dtype=object)
    places = names_of[document] if len(counts) else np.empty(0, dtype=object)
    facts = study.notes.set_index("interview")[["participant", "group", "round", "language"]]
    rows = facts.reindex(places).reset_index(drop=True)
    codes_read = np.array(blocks.codes, object)[code] if len(counts) else np.empty(0, object)
    return pd.DataFrame(
        {
            "code": codes_read,
            "interview": places,
            **{column: rows[column] for column in rows},
            "read_by": [", ".join(r) for r in readers],
            "not_read_by": [", ".join(r) for r in silent],
            "n_passages": counts["n_passages"].to_numpy(np.int64),
            "n_shared": shared,
            "n_apart": apart,
            "n_other_code": counts["n_other_code"].to_numpy(np.int64),
            "parting": parting.astype(object),
            "reason": REASON if study.approach == "reflexive" else "",
            "corpus": study.mark,
        }
    )


def readings_by_code(
    study: Study, *, coders: list[str], codes: Any = None, of: str = "code", covered: Any = None
) -> pd.DataFrame:
    """Sum the comparison up by code, in the columns of agreement and without a coefficient."""
    found = compare_readings(study, coders=coders, codes=codes, of=of, covered=covered)
    groups = found.groupby("code", sort=False)
    sums = groups[["n_passages", "n_shared", "n_apart", "n_other_code"]].sum()
    sums["n_units"] = groups["interview"].nunique()
    sums = sums.reset_index()
    empty = dict.fromkeys(COLUMNS, np.nan)
    frame = sums.assign(**{c: v for c, v in empty.items() if c not in sums})
    frame = frame.assign(
        coefficient="none",
        level="",
        method="none",
        weights="",
        prevalence_of="",
        note=REASON,
        n_coders=len(coders),
        n_pairable=frame["n_units"],
        n_missing=0,
        n_clusters=frame["n_units"],
        n_categories=0,
        unit="passage",
        corpus=study.mark,
        coverage=np.nan,
    )
    extra = ["n_passages", "n_shared", "n_apart", "n_other_code"]
    return frame[[*COLUMNS, "coverage", "unit", *extra, "corpus"]]
