"""Files of a corpus as segments, some at a time, so that memory does not grow with their size."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.coding.patterns import ANY_LANGUAGE
from quidqual.study.errors import QuidqualError
from quidqual.study.text import decode

SUFFIXES = (".parquet", ".csv", ".txt", ".md")
BLOCK = 100_000


def batches_of(
    path: str,
    language: str | None = None,
    languages: Sequence[str] = ("xx",),
    *,
    size: int = BLOCK,
    name: str = "",
) -> Generator[pd.DataFrame, None, None]:
    """Read a file as segments, some at a time, at least one frame.

    A plain text is cut into sentences, its name is its interview (a row of a table that has none
    is called by the name and its number); in no stated language it is
    in that of ``languages`` whose common words it holds. Every column of a CSV is text, but for
    ``segment`` and ``start``.
    """
    source, before = Path(path), 0
    kind = source.suffix.casefold()
    if kind == ".parquet":
        parts = _parquet(source, size)
    elif kind == ".csv":
        parts = _csv(source, size)
    else:
        parts = iter([_plain_text(source, language, languages, name or source.stem)])
    for part in parts:
        if "interview" not in part:  # named by the file and its number there, not in the batch
            numbers = range(before, before + len(part))
            part = part.assign(interview=[f"{name}:{n}" if name else str(n) for n in numbers])
        before += len(part)
        yield part.reset_index(drop=True)


def _parquet(source: Path, size: int) -> Iterator[pd.DataFrame]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(source) as file:
        if not file.metadata.num_rows:
            yield file.read().to_pandas()
        for batch in file.iter_batches(batch_size=size):
            yield batch.to_pandas()


def _csv(source: Path, size: int) -> Iterator[pd.DataFrame]:
    with open(source, encoding="utf-8-sig") as file:
        head = file.readline()
    sign = max(",;\t", key=head.count)
    options: Any = {
        "dtype": "str", "keep_default_na": False, "encoding": "utf-8-sig", "sep": sign,
    }  # fmt: skip
    with pd.read_csv(source, chunksize=size, **options) as parts:
        for part in parts:
            for name in {"segment", "start"} & set(part.columns):
                numbers = pd.to_numeric(part[name], errors="coerce")
                if numbers.isna().any() or (numbers % 1 != 0).any():
                    raise QuidqualError.of(
                        f"{name} holds something other than whole numbers.", file=source.name,
                        field=name, remedy="Give the number of the sentence, and its offset.",
                    )  # fmt: skip
                part[name] = numbers.astype("int64")
            yield part


def _plain_text(
    source: Path, language: str | None, languages: Sequence[str], name: str
) -> pd.DataFrame:
    from quidqual.scale.documents import language_of, sections_of

    text = decode(source.read_bytes(), file=source.name)
    if language in (None, "all"):
        named = [x for x in languages if x != ANY_LANGUAGE]
        language = language_of(text, named) if text.strip() and named else ANY_LANGUAGE
    return sections_of(text, name=name, language=language)
