"""`quidqual.tag` on a Dask DataFrame: the same rows, made partition by partition when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.coding.compile import CodebookLike, engine_for, languages_of, parse_codebook
from quidqual.coding.tag import tag as tag_pandas
from quidqual.scale.corpus import plain, portable
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from dask.dataframe import DataFrame as DaskFrame


def tag(
    frame: DaskFrame,
    codebook: CodebookLike,
    *,
    language: str | None = None,
    codes: Iterable[str] | None = None,
    nlp: object = None,
    **options: Any,
) -> DaskFrame:
    """Tag a Dask DataFrame lazily: the rows of `quidqual.tag`.

    Parameters
    ----------
    frame : Dask DataFrame
        With the column ``words``, and ``language`` unless that is given.
    codebook, language, codes, **options
        As for `quidqual.tag`: ``scope, expansion, lemmas, cues``.
    nlp : None
        A pipeline is refused: it would be copied to every worker.

    Returns
    -------
    Dask DataFrame
        The columns of `quidqual.tag`, Categoricals as text.

    Raises
    ------
    QuidqualError
        At once, for all that can be told without the texts.
    """
    if not hasattr(frame, "map_partitions"):
        raise QuidqualError.of(
            f"a Dask DataFrame is wanted, not {type(frame).__name__}.", field="frame",
            remedy="Use qq.tag for everything that is in memory, qq.scale.tag_corpus for files.",
        )  # fmt: skip
    if nlp is not None:
        raise QuidqualError.of(
            "a spaCy pipeline cannot be used on a Dask frame.", field="nlp",
            remedy="Leave nlp= out, or tag the partitions one by one as pandas frames.",
        )  # fmt: skip
    rows = portable(codebook)
    patterns = parse_codebook(Codebook(rows), codes=codes)
    chosen = None if codes is None else [codes] if isinstance(codes, str) else list(codes)
    have = languages_of(patterns)
    empty = frame._meta_nonempty.iloc[:0]
    if language is None and "language" not in empty:
        if len(have) > 1:
            raise QuidqualError.of(
                "the frame has no column language, and the codebook several languages.",
                field="language", remedy=f"Say language= (one of {listed([*have, 'all'])}).",
            )  # fmt: skip
        language = have[0] if have else None
    given = {"language": language, "codes": chosen, **options}
    meta = plain(tag_pandas(empty, Codebook(rows), **given))
    _try_engines(patterns, language, given)
    return frame.map_partitions(_tag_plain, rows, meta=meta, enforce_metadata=False, **given)


def _try_engines(patterns: Any, language: str | None, given: dict[str, Any]) -> None:
    """Find now what would else break every partition."""
    have = languages_of(patterns)
    each = [have] if language == "all" else [[x] for x in have if language in (None, x)]
    for languages in each:
        own = {k: given[k] for k in ("scope", "expansion", "lemmas") if k in given}
        engine = engine_for(patterns, languages, **own)
        constrained = [p for p in engine.patterns if p.constrained]
        if constrained:
            raise QuidqualError.of(
                f"patterns with constraints cannot be used on a Dask frame: "
                f"{listed(sorted({p.source for p in constrained}))}.",
                field="codebook", remedy="Remove the [...] or tag a pandas frame with nlp=.",
            )  # fmt: skip


def _tag_plain(part: pd.DataFrame, rows: list[dict[str, Any]], **options: Any) -> pd.DataFrame:
    return plain(tag_pandas(part, Codebook(rows), **options))
