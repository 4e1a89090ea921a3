"""Agreement between the coders of a study: code by code, and round by round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks
from quidqual.agreement.coefficients import coefficients as from_ratings
from quidqual.agreement.metrics import SETS
from quidqual.agreement.span_agreement import from_blocks, ordered, unitizing_rows
from quidqual.agreement.table import Options, check_resampling, chosen
from quidqual.agreement.units import chosen_coders, read_study
from quidqual.study.arguments import one_of, takes_study
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.model import Study

ALL = "(all codes)"
# Neighbouring words and characters are marked together: no analytic interval for them.
_DEPENDENT = ("token", "character")
_MAX_CELLS = 2_000_000


@takes_study
def agreement(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    unit: str = "segment",
    codes: Sequence[str] | str | None = None,
    of: str = "code",
    level: str = "nominal",
    cluster: str = "interview",
    covered: Any = None,
    pooled: bool = False,
    unitizing: bool = False,
    programs: bool = False,
    coefficients: str | Sequence[str] | None = None,
    resamples: int = 1_000,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure how far the coders of a study agree, code by code.

    Parameters
    ----------
    study : Study
    coders : sequence of str or "A,B", optional
        Who is compared; left out: everybody who has coded, or marked a note as read.
    unit : {"segment", "sentence", "interview", "paragraph", "token", "character"}
        What is coded or not. Segments of a study are sentences; a unit counts as coded if
        a coding touches it.
    codes : sequence of str, optional
        Left out: the codes that any of the coders used.
    of : {"code", "theme"}
    level : {"nominal", "jaccard", "masi"}
        ``"jaccard"``, ``"masi"``: compare the set of codes of each unit, all codes in one row.
    cluster : {"interview", "participant"}
        What the interval resamples.
    covered : "all" or mapping, optional
        Coder -> notes she has read, also one who found nothing in them. Left out: as the study
        records it (``study.notes_read``). Elsewhere she is missing, not "no code".
    pooled : bool
        Add rows ``(all codes)``: every decision on every code counted together.
    unitizing, programs : bool
        With ``unit="character"``: add Krippendorff's unitizing family; the figures of NVivo,
        MAXQDA and ATLAS.ti.
    coefficients, resamples, seed, confidence
        As in :func:`~quidqual.agreement.coefficients.coefficients`.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~quidqual.agreement.coefficients.coefficients`, then
        ``coverage``, ``unit`` and ``corpus``; codes in the order of the codebook. A reflexive
        study gets no coefficient: its rows say how often readings met and where they part
        (``n_shared``, ``n_apart``; see ``compare_readings``), and the reason.

    Raises
    ------
    QuidqualError
        If fewer than two coders have coded, or an argument is not known.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.agreement.agreement(qq.load_example("two_coders"), unit="sentence", resamples=0)
    >>> found = found[found["coefficient"] == "cohen"]
    >>> found[["code", "value"]].round(3).values.tolist()
    [['trust', 0.467], ['work', 1.0]]
    """
    names = chosen(coefficients)
    check_resampling(resamples, seed, confidence)
    who = chosen_coders(study, coders, covered)
    if study.approach == "reflexive":
        from quidqual.agreement.coders_compared import readings_by_code

        return readings_by_code(study, coders=who, codes=codes, of=of, covered=covered)
    one_of(level, ("nominal", *SETS), field="level")
    one_of(cluster, ("interview", "participant"), field="cluster")
    for field, asked in (("unitizing", unitizing), ("programs", programs)):
        if one_of(asked, (True, False), field=field) and unit != "character":
            raise QuidqualError.of(
                f"{field}=True belongs to unit='character', not to {unit!r}.",
                remedy="Leave it out, or compare characters.",
                field=field,
            )
    one_of(pooled, (True, False), field="pooled")
    blocks = read_study(study, coders=who, unit=unit, codes=codes, covered=covered, of=of)
    numbers, n_clusters = _clusters(study, blocks, cluster)
    independent = unit not in _DEPENDENT
    options = Options(names, resamples, seed, confidence, independent, cluster, unit)
    if level in SETS:
        found = _sets(blocks, numbers, level, options)
    else:
        parts = [from_blocks(blocks, numbers, n_clusters, options)]
        if pooled and blocks.codes:
            parts.append(
                from_blocks(_pooled(blocks), *_repeat(blocks, numbers, n_clusters), options)
            )
        if unit == "character":
            parts += _by_character(blocks, numbers, n_clusters, options, unitizing, programs)
        found = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    return ordered(found, blocks, unit).assign(corpus=study.mark)


def agreement_of(
    study: Study,
    *,
    coders: list[str],
    unit: str,
    codes: Any,
    covered: Any,
    documents: list[str],
    coefficients: str | Sequence[str],
    resamples: int,
    seed: int,
) -> tuple[pd.DataFrame, int]:
    """Compute every code, and all together, on some interviews; and how many two coded."""
    check_resampling(resamples, seed, 0.95)
    blocks = read_study(
        study, coders=coders, unit=unit, codes=codes, covered=covered, documents=documents
    )
    numbers, n_clusters = _clusters(study, blocks, "interview")
    options = Options(
        chosen(coefficients),
        resamples,
        seed,
        0.95,
        unit not in _DEPENDENT,
        "interview",
        unit,
    )
    parts = [from_blocks(blocks, numbers, n_clusters, options)]
    if blocks.codes:
        parts.append(from_blocks(_pooled(blocks), *_repeat(blocks, numbers, n_clusters), options))
    found = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    both = int((blocks.covered.sum(axis=1) >= 2).sum())
    return ordered(found, blocks, unit).assign(corpus=study.mark), both


def _by_character(
    blocks: Blocks,
    numbers: np.ndarray,
    n_clusters: int,
    options: Options,
    unitizing: bool,
    programs: bool,
) -> list[pd.DataFrame]:
    """Give the rows that exist for characters alone."""
    parts = []
    if unitizing:
        parts.append(unitizing_rows(blocks, numbers, n_clusters, options))
    if programs:
        from quidqual.agreement.programs import program_rows

        parts.append(program_rows(blocks))
    return parts


def _clusters(study: Study, blocks: Blocks, cluster: str) -> tuple[np.ndarray, int]:
    """Number the interviews, or the participants, of the interviews that anybody coded."""
    used: np.ndarray = np.asarray(blocks.covered.any(axis=1))
    names = pd.Series(blocks.documents, dtype=object)
    if cluster == "participant":
        person = study.interviews.set_index("interview")["participant"]
        names = names.map(person)
    numbers = np.zeros(len(blocks.documents), dtype=np.int64)
    codes, found = pd.factorize(names[used])
    numbers[used] = codes
    return numbers, len(found)


def _pooled(blocks: Blocks) -> Blocks:
    """Lay the codes side by side as if they were documents of one code."""
    n, k = len(blocks.documents), len(blocks.codes)
    return Blocks(
        np.zeros_like(blocks.code), blocks.code * n + blocks.document, blocks.coder,
        blocks.start, blocks.end, [ALL], list(range(n * k)), blocks.coders,
        np.tile(blocks.lengths, k), np.tile(blocks.covered, (k, 1)), blocks.rule, k,
    )  # fmt: skip


def _repeat(blocks: Blocks, numbers: np.ndarray, n_clusters: int) -> tuple[np.ndarray, int]:
    """Keep an interview's decisions on all codes together when it is drawn."""
    return np.tile(numbers, len(blocks.codes)), n_clusters


def _sets(blocks: Blocks, numbers: np.ndarray, level: str, options: Options) -> pd.DataFrame:
    """Compare the sets of codes that each unit got."""
    n_docs, r = len(blocks.documents), len(blocks.coders)
    total = int(blocks.lengths.sum())
    if total * r > _MAX_CELLS:
        raise QuidqualError.of(
            f"level={level!r} compares the sets of {total} units one by one.",
            remedy="Use a larger unit, such as 'sentence'.",
            field="unit",
        )
    begin = np.concatenate([[0], np.cumsum(blocks.lengths)])
    sets: list[list[Any]] = [[set() for _ in range(total)] for _ in range(r)]
    for code, place, coder, start, end in zip(
        blocks.code, blocks.document, blocks.coder, blocks.start, blocks.end, strict=True
    ):
        for at in range(begin[place] + start, begin[place] + end):
            sets[coder][at].add(blocks.codes[code])
    where = np.repeat(np.arange(n_docs), blocks.lengths)
    read = np.asarray(blocks.covered.any(axis=1))[where]
    table = pd.DataFrame(
        {
            j: pd.Series(
                [
                    frozenset(s) if there else None
                    for s, there in zip(sets[j], blocks.covered[where, j], strict=True)
                ],
                dtype=object,
            )
            for j in range(r)
        }
    )
    table.columns = pd.Index(blocks.coders)
    kept = table[read].reset_index(drop=True)
    if kept.empty:
        raise QuidqualError.of("None of the coders has coded an interview.", field="coders")
    found = from_ratings(
        kept,
        level=level,
        clusters=pd.Series(numbers[where][read]),
        resamples=options.resamples,
        seed=options.seed,
        confidence=options.confidence,
    )
    inner = {"ac" if n in ("ac1", "ac2") else n for n in options.names}
    found = found[found["coefficient"].isin(inner)].reset_index(drop=True)
    method = found["method"].str.replace("clusters", f"{options.cluster}s")
    return found.assign(code=ALL, method=method)


@takes_study
def by_round(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    unit: str = "segment",
    coefficients: str | Sequence[str] = "alpha",
    codes: Sequence[str] | str | None = None,
    covered: Any = None,
    each_code: bool = False,
    resamples: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Show whether coders grow apart (or together) from round to round.

    Parameters
    ----------
    study : Study
    coders, unit, coefficients, codes, covered, resamples, seed
        As in :func:`~quidqual.agreement.study_agreement.agreement`.
    each_code : bool
        Also give every code; otherwise all codes counted together.

    Returns
    -------
    pandas.DataFrame
        ``round`` (ordered Categorical) and the columns of
        :func:`~quidqual.agreement.study_agreement.agreement`, with ``n_interviews``
        (int: coded by two or more) and ``since_first`` (float: value less that of the first
        round that has one); sorted by code, coefficient and round.

    Raises
    ------
    QuidqualError
        For a reflexive study, which has no coefficient that could drift.

    Notes
    -----
    A round is also other people and other talk: a change is a reason to read the
    disagreements of that round together, no proof that a coder changed.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.agreement.by_round(qq.load_example("two_coders"), resamples=0)
    >>> found[["round", "value"]].round(3).values.tolist()
    [['R1', 0.727], ['R2', 0.727]]
    """
    if study.approach == "reflexive":
        raise QuidqualError.of(
            "A reflexive study has no coefficient that could drift.",
            remedy="Use qq.agreement.compare_readings, which gives the round of every reading.",
        )
    one_of(each_code, (True, False), field="each_code")
    who = chosen_coders(study, coders, covered)
    notes = study.notes[["interview", "round"]]
    parts = []
    for name in notes["round"].cat.categories:
        documents = list(notes.loc[notes["round"] == name, "interview"])
        if not documents:
            continue
        found, both = agreement_of(
            study, coders=who, unit=unit, codes=codes, covered=covered, documents=documents,
            coefficients=coefficients, resamples=resamples, seed=seed,
        )  # fmt: skip
        if not each_code:
            found = found[found["code"] == ALL]
        parts.append(found.assign(round=name, n_interviews=both))
    table = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    rounds = pd.CategoricalDtype(notes["round"].cat.categories, ordered=True)
    table["round"] = table["round"].astype(rounds)
    return _since_first(table)


def _since_first(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by code and round, and add the change since the first round with a value."""
    codes = list(dict.fromkeys(table["code"]))
    names = list(dict.fromkeys(table["coefficient"]))
    order = np.lexsort(
        (
            table["round"].cat.codes,
            table["coefficient"].map({n: i for i, n in enumerate(names)}),
            table["code"].map({c: i for i, c in enumerate(codes)}),
        )
    )
    table = table.iloc[order].reset_index(drop=True)
    first = table.groupby(["code", "coefficient"], sort=False)["value"].transform("first")
    table = table.assign(since_first=table["value"] - first)
    front = ["round", "code"]
    back = ["n_interviews", "since_first", "corpus"]
    middle = [c for c in table.columns if c not in (*front, *back)]
    return table[[*front, *middle, *back]]


def run(
    study: Study,
    coders: Sequence[str] | str | None = None,
    unit: str = "segment",
    *,
    coefficient: str | Sequence[str] | None = None,
    cluster: str = "interview",
    resamples: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compute what ``quidqual agree`` prints: every code, and all codes together.

    Parameters
    ----------
    study : Study
    coders : sequence of str or "A,B", optional
    unit : str
    coefficient : str or sequence of str, optional
        Left out: percent, Cohen (Conger with more than two coders), AC1 and alpha.
    cluster, resamples, seed
        As in :func:`agreement`.
    """
    if coefficient is None:
        kappa = "cohen" if len(chosen_coders(study, coders)) == 2 else "conger"
        coefficient = ["percent", kappa, "ac1", "alpha"]
    return agreement(
        study,
        coders=coders,
        unit=unit,
        coefficients=coefficient,
        cluster=cluster,
        pooled=True,
        unitizing=unit == "character",
        resamples=resamples,
        seed=seed,
    )


def printed(found: pd.DataFrame) -> str:
    r"""Write what :func:`run` computed for a screen: one line a code, then what to mind.

    Examples
    --------
    >>> import quidqual as qq
    >>> print(printed(run(qq.load_example("two_coders"), resamples=0)).split("\n")[0])
            code units prevalence percent cohen  ac1 alpha    interval of alpha
    """
    names = list(dict.fromkeys(found["coefficient"]))
    last = "alpha" if "alpha" in names else names[-1]
    rows = []
    for code, part in found.groupby("code", sort=False):
        of = part.set_index("coefficient")
        at = of.loc[last] if last in of.index else of.iloc[-1]
        line = {"code": code or "(whole)", "units": str(at["n_units"])}
        line["prevalence"] = _short(at["prevalence"])
        line |= {name: _short(of["value"].get(name, np.nan)) for name in names}
        low, high = _short(at["low"]), _short(at["high"])
        line[f"interval of {last}"] = f"{low} to {high}" if low != "-" else "-"
        rows.append(line)
    notes: dict[str, list[str]] = {}
    for code, note in zip(found["code"], found["note"].fillna(""), strict=True):
        for part in filter(None, str(note).split("; ")):
            notes.setdefault(part, []).append(str(code or "(whole)"))
    n_codes = found["code"].nunique()
    lines = [pd.DataFrame(rows).fillna("-").to_string(index=False)]
    for note, codes in notes.items():
        who = list(dict.fromkeys(codes))
        lines.append(f"{'all' if len(who) == n_codes else joined(who, limit=3)}: {note}")
    return "\n".join(lines)


def _short(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.3f}"
