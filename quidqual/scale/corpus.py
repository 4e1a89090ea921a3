"""The same tags for corpora larger than memory: partition by partition, resumable.

Each input file is a partition and gives one Parquet file of tags, written beside and then
renamed: a partition is there as a whole or not at all. So a run that was broken off goes on
where it stopped, and a worker that dies costs its partition's time and no row.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.coding.compile import CodebookLike, as_codebook, languages_of, parse_codebook
from quidqual.coding.patterns import ANY_LANGUAGE
from quidqual.coding.tag import tag_all
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.text import decode

SUFFIXES = (".parquet", ".csv", ".txt", ".md")
BLOCK = 200_000
FILES_LOOKED_AT, SEGMENTS_LOOKED_AT = 20, 200
COLUMNS = ["partition", "file", "status", "n_segments", "n_tags", "tries", "problem"]


def portable(codebook: CodebookLike) -> list[dict[str, Any]]:
    """Codes, the codes above them and their patterns, as plain data that any worker can read.

    Examples
    --------
    >>> portable({"trust": {"en": ["trust*"]}})
    [{'id': 'trust', 'parent': None, 'patterns': {'en': ['trust*']}}]
    """
    return [
        {
            "id": c.id,
            "parent": c.parent,
            "patterns": {language: list(rows) for language, rows in c.patterns.items()},
        }
        for c in as_codebook(codebook)
    ]


def plain(tags: pd.DataFrame) -> pd.DataFrame:
    """Turn Categoricals into text, so that all partitions have one schema."""
    kinds = {c: "str" for c in tags if isinstance(tags[c].dtype, pd.CategoricalDtype)}
    return tags.astype(kinds)


def tag_corpus(
    corpus: str | Path,
    out: str | Path,
    codebook: CodebookLike,
    *,
    language: str | None = None,
    scheduler: str | None = None,
    retries: int = 2,
) -> pd.DataFrame:
    """Tag a folder of files, one partition a file, into a folder of Parquet files.

    Parameters
    ----------
    corpus : path
        Parquet or CSV files with the column ``words`` (and, where known, ``interview,
        segment, start, language`` ...), or plain texts (``.txt``, ``.md``).
    out : path
        Gets ``part-00000.parquet`` ... and ``run.json``. What is there already for the
        same patterns and the same file is not done again.
    codebook : Codebook, Study or mapping of code to patterns
    language : str, optional
        As for `quidqual.tag`.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://...``). Default: this process.
    retries : int, default 2
        How often a failed partition is tried again.

    Returns
    -------
    DataFrame
        One row a partition: ``partition`` (int), ``file`` (str), ``status`` (done, kept
        or failed), ``n_segments, n_tags`` (int), ``tries`` (int: in this run and, where a
        run broke off, before; a worker that died counts; 0 where kept), ``problem`` (str,
        no words of the texts).

    Raises
    ------
    QuidqualError
        If the folder holds no file that can be read, ``out`` belongs to other patterns, a
        pattern is malformed, or a glob takes in half of all different words of a sample
        from all over the corpus. A partition that fails is listed, not raised.
    """
    files = _files(Path(corpus))
    codes = portable(codebook)
    parse_codebook(Codebook(codes))
    _look_at_globs(files, Codebook(codes), language)
    target = Path(out)
    _claim(target, codes, language)
    names = [f.relative_to(Path(corpus)).as_posix() for f in files]
    jobs = [
        (i, str(f), str(target / f"part-{i:05d}.parquet"), codes, language)
        for i, f in enumerate(files)
    ]
    rows = _here(jobs, retries) if scheduler is None else _there(jobs, retries, scheduler)
    frame = pd.DataFrame(rows).assign(file=names)
    return frame[COLUMNS].reset_index(drop=True)


def _files(corpus: Path) -> list[Path]:
    if not corpus.is_dir():
        raise QuidqualError.of("there is no such folder.", file=str(corpus),
                               remedy="Give the folder with the texts.")  # fmt: skip
    files = sorted(f for f in corpus.rglob("*") if f.is_file() and f.suffix in SUFFIXES)
    if not files:
        raise QuidqualError.of("the folder holds no text.", file=str(corpus),
                               remedy=f"Files that can be read: {listed(SUFFIXES)}.")  # fmt: skip
    return files


def _look_at_globs(files: Sequence[Path], book: Codebook, language: str | None) -> None:
    """Refuse a glob that takes in half of all words, told from segments all over the corpus.

    Once for all: were it asked of each partition, whether one is tagged would hang on how the
    corpus is cut.
    """
    have = languages_of(parse_codebook(book))
    parts = []
    for file in files[:: -(-len(files) // FILES_LOOKED_AT)]:
        try:
            part = first_segments(str(file), language, have)
        except Exception:  # a file that cannot be read is told with its partition
            continue
        parts.append(part[[c for c in ("words", "text", "language") if c in part]])
    if parts:
        sample = pd.concat(parts, ignore_index=True)
        try:  # what is wrong with single rows is told with their partition
            tag_all(sample, book, language=language, cues=(), wide_globs=True)
        except QuidqualError:
            return
        tag_all(sample, book, language=language, cues=())


def _claim(target: Path, codes: list[dict[str, Any]], language: str | None) -> None:
    """Mark the output folder as that of these patterns."""
    what = json.dumps([codes, language], sort_keys=True, ensure_ascii=False)
    mark = {"patterns": hashlib.sha256(what.encode()).hexdigest(), "format": 1}
    target.mkdir(parents=True, exist_ok=True)
    path = target / "run.json"
    if path.is_file() and json.loads(path.read_text("utf-8")) != mark:
        raise QuidqualError.of("the folder holds tags of other patterns.", file=str(target),
                               remedy="Give a new folder for the output.")  # fmt: skip
    path.write_text(json.dumps(mark) + "\n", "utf-8")


def tag_partition(job: tuple[int, str, str, list[dict[str, Any]], str | None]) -> dict[str, Any]:
    """Tag one file; done twice it gives the same file.

    Parameters
    ----------
    job : tuple
        Number, input, output, codes with their patterns, language.

    Returns
    -------
    dict
        A row of `tag_corpus`.
    """
    number, source, target, codes, language = job
    mark = _fingerprint(source)
    note = Path(f"{target}.json")
    if Path(target).is_file() and note.is_file():
        known = json.loads(note.read_text("utf-8"))
        if known.pop("source") == mark:
            return {**known, "status": "kept", "tries": 0}
    tries = _count_try(target)
    book = Codebook(codes)
    given = read_partition(source, language, languages_of(parse_codebook(book)))
    blocks = range(0, max(len(given), 1), BLOCK)
    parts = [
        tag_all(given.iloc[a : a + BLOCK], book, language=language, wide_globs=True) for a in blocks
    ]  # one file may be larger than is good for one list of hits
    tags = pd.concat([plain(p) for p in parts], ignore_index=True)
    row = {
        "partition": number, "status": "done", "n_segments": len(given), "n_tags": len(tags),
        "problem": "",
    }  # fmt: skip
    _put(target, tags)
    partial = note.with_name(f"{note.name}.{os.getpid()}")
    partial.write_text(json.dumps({**row, "source": mark}), "utf-8")
    os.replace(partial, note)
    _forget_tries(target)
    return {**row, "tries": tries}


def _count_try(target: str) -> int:
    """Write a mark for each try beside the output, so that one that was killed counts too."""
    path = Path(f"{target}.tries")
    with open(path, "a", encoding="utf-8") as marks:
        marks.write("x")
    return len(path.read_text("utf-8"))


def _forget_tries(target: str) -> int:
    """How often it was tried in vain; what is tried later counts afresh."""
    path = Path(f"{target}.tries")
    tries = len(path.read_text("utf-8")) if path.is_file() else 0
    path.unlink(missing_ok=True)
    return tries


def _put(target: str, tags: pd.DataFrame) -> None:
    partial = f"{target}.{os.getpid()}.partial"
    tags.to_parquet(partial, index=False)
    os.replace(partial, target)


def _fingerprint(path: str) -> list[int]:
    state = os.stat(path)
    return [state.st_size, state.st_mtime_ns]


def read_partition(
    path: str, language: str | None = None, languages: Sequence[str] = ("xx",)
) -> pd.DataFrame:
    """Read a file as segments; a plain text is cut into sentences, its name is its interview.

    A text in no stated language is in that of ``languages`` whose common words it holds.
    """
    source = Path(path)
    if source.suffix == ".parquet":
        return pd.read_parquet(source)
    if source.suffix == ".csv":
        return pd.read_csv(source, dtype={"words": "str", "text": "str", "interview": "str"})
    from quidqual.coding.documents import language_of, sections_of

    text = decode(source.read_bytes(), file=source.name)
    if language in (None, "all"):
        named = [x for x in languages if x != ANY_LANGUAGE]
        language = language_of(text, named) if text.strip() and named else ANY_LANGUAGE
    return sections_of(text, name=source.stem, language=language)


def first_segments(path: str, language: str | None, languages: Sequence[str]) -> pd.DataFrame:
    """Read a file's first segments, and no more of it than they need where that can be."""
    if path.endswith(".parquet"):
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            return next(file.iter_batches(batch_size=SEGMENTS_LOOKED_AT)).to_pandas()
    if path.endswith(".csv"):
        return pd.read_csv(path, nrows=SEGMENTS_LOOKED_AT, dtype={"words": "str", "text": "str"})
    return read_partition(path, language, languages)[:SEGMENTS_LOOKED_AT]


def _here(jobs: list[Any], retries: int) -> list[dict[str, Any]]:
    rows = []
    for job in jobs:
        for tried in range(1, retries + 2):
            try:
                rows.append(tag_partition(job))
                break
            except Exception as error:  # any failure of one file is a row of the answer
                if tried > retries:
                    rows.append(_failed(job, error))
    return rows


def _there(jobs: list[Any], retries: int, scheduler: str) -> list[dict[str, Any]]:
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        keys = [f"quidqual-tag-{i}-{hash(str(job))}" for i, job in enumerate(jobs)]
        futures = client.map(tag_partition, jobs, key=keys, retries=retries, pure=False)
        rows = []
        for job, future in zip(jobs, futures, strict=True):
            try:
                rows.append(future.result())
            except Exception as error:  # any failure of one file is a row of the answer
                rows.append(_failed(job, error))
        return rows


def _failed(job: tuple[Any, ...], error: Exception) -> dict[str, Any]:
    told = str(error) if isinstance(error, QuidqualError) else type(error).__name__
    return {
        "partition": job[0], "status": "failed", "n_segments": 0, "n_tags": 0,
        "tries": _forget_tries(job[2]), "problem": told,
    }  # fmt: skip
