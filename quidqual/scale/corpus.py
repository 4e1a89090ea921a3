"""The same tags for corpora larger than memory: partition by partition, resumable.

Each input file is a partition and gives one Parquet file of tags, written elsewhere and then
renamed: a partition is there as a whole or not at all. So a run that was broken off goes on
where it stopped, and a worker that dies costs its partition's time and no row.

A partition is known by the name and the content of its file, both noted in ``_run/`` (whose
name readers of Parquet folders pass over): a file that is gone or has another name takes its
rows with it, and none is ever there twice. Files are read and written in batches, so memory
does not grow with their size.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from quidqual.coding.compile import CodebookLike, as_codebook, languages_of, parse_codebook
from quidqual.coding.tag import tag_all
from quidqual.scale.corpus_files import SUFFIXES, batches_of
from quidqual.study.arguments import must_be_number
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import as_path, part_beside, write_atomic
from quidqual.study.model import Study
from quidqual.study.release_gate import check_private

RUN = "_run"
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
    processes: int = 1,
    retries: int = 2,
) -> pd.DataFrame:
    """Tag a folder of files, one partition a file, into a folder of Parquet files.

    Parameters
    ----------
    corpus : path
        Parquet or CSV files with the column ``words`` (and, where known, ``interview,
        segment, start, language`` ...), or plain texts (``.txt``, ``.md``).
    out : path
        Gets one ``part-....parquet`` a file, so that ``pandas.read_parquet(out)`` reads all
        tags, and the folder ``_run`` with what was done. What is there already for the same
        patterns and a file of the same name and content is not done again; the tags of a
        file that is gone go.
    codebook : Codebook, Study or mapping of code to patterns
    language : str, optional
        As for `quidqual.tag`.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://...``). Default: this machine.
    processes : int, default 1
        How many files are tagged at a time where there is no scheduler. A script that
        wants more than one is to be guarded by ``if __name__ == "__main__":``.
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
        from all over the corpus; the codebook is that of a real study, and the place is not
        private. A partition that fails is listed, not raised.
    """
    folder, target = as_path(corpus), as_path(out)
    if isinstance(codebook, Study):
        check_private(target, study=codebook)
    for name, value, least in (("retries", retries, 0), ("processes", processes, 1)):
        must_be_number(value, field=name, whole=True)
        if value < least:
            raise QuidqualError.of(
                f"{name} must be {least} or more, not {value}.", field=name, remedy="Give another."
            )
    codes = portable(codebook)
    parse_codebook(Codebook(codes))
    files = [file for file in _files(folder) if target.resolve() not in file.resolve().parents]
    if not files:
        raise _no_text(folder)
    _look_at_globs(files, Codebook(codes), language)
    _claim(target, codes, language)
    names = [f.relative_to(folder).as_posix() for f in files]
    called = _interviews_of(names)
    jobs = [
        (i, str(f), str(target / part_name(name)), codes, language, called[name])
        for i, (f, name) in enumerate(zip(files, names, strict=True))
    ]
    _clear(target, {Path(job[2]).name for job in jobs})
    if scheduler is not None:
        rows = _there(jobs, retries, scheduler)
    else:
        rows = _beside(jobs, retries, processes) if processes > 1 else _here(jobs, retries)
    frame = pd.DataFrame(rows).assign(file=names)
    return frame[COLUMNS].reset_index(drop=True)


def _interviews_of(names: Sequence[str]) -> dict[str, str]:
    """Name each text as its file is called; where two are called alike, with its folder.

    Examples
    --------
    >>> _interviews_of(["a.txt", "x/t.txt", "y/t.md"])
    {'a.txt': 'a', 'x/t.txt': 'x/t.txt', 'y/t.md': 'y/t.md'}
    """
    stems = {name: PurePosixPath(name).stem for name in names}
    times = Counter(stem.casefold() for stem in stems.values())
    return {n: stem if times[stem.casefold()] == 1 else n for n, stem in stems.items()}


def part_name(name: str) -> str:
    """File of the tags of an input: its name made harmless, and what tells it from its like.

    Examples
    --------
    >>> part_name("a/b.csv") == part_name("a_b.csv")
    False
    """
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"part-{re.sub('[^0-9A-Za-z.-]', '_', name)[:80]}-{mark}.parquet"


def _clear(target: Path, wanted: set[str]) -> None:
    """Take away tags of files that are gone: those that a note says were made here."""
    for note in sorted((target / RUN).glob("part-*.parquet.json")):
        part = note.name.removesuffix(".json")
        if part not in wanted:
            (target / part).unlink(missing_ok=True)
            note.unlink()


def _files(corpus: Path) -> list[Path]:
    if not corpus.is_dir():
        raise QuidqualError.of("there is no such folder.", file=str(corpus),
                               remedy="Give the folder with the texts.")  # fmt: skip
    found = (f for f in corpus.rglob("*") if f.is_file() and f.suffix.casefold() in SUFFIXES)
    files = sorted(found)
    if not files:
        raise _no_text(corpus)
    return files


def _no_text(corpus: Path) -> QuidqualError:
    return QuidqualError.of("the folder holds no text.", file=str(corpus),
                            remedy=f"Files that can be read: {listed(SUFFIXES)}.")  # fmt: skip


def _look_at_globs(files: Sequence[Path], book: Codebook, language: str | None) -> None:
    """Refuse a glob that takes in half of all words, told from segments all over the corpus.

    Once for all: were it asked of each partition, whether one is tagged would hang on how the
    corpus is cut.
    """
    have = languages_of(parse_codebook(book))
    parts = []
    for file in files[:: -(-len(files) // FILES_LOOKED_AT)]:
        try:
            with closing(batches_of(str(file), language, have, size=SEGMENTS_LOOKED_AT)) as rows:
                part = next(rows)
        except Exception:  # a file that cannot be read is told with its partition
            continue
        parts.append(
            part[[c for c in ("words", "text", "language") if c in part]][:SEGMENTS_LOOKED_AT]
        )
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
    mark = {"patterns": hashlib.sha256(what.encode()).hexdigest(), "format": 2}
    path = target / RUN / "run.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    if (target / "run.json").is_file() or (path.is_file() and _read_json(path) != mark):
        raise QuidqualError.of("the folder holds tags of other patterns.", file=str(target),
                               remedy="Give a new folder for the output.")  # fmt: skip
    write_atomic(path, json.dumps(mark) + "\n")


def _read_json(path: Path) -> Any:
    """What a note of a run says; None where it is broken, as a killed run may leave it."""
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError:
        return None


def tag_partition(
    job: tuple[int, str, str, list[dict[str, Any]], str | None, str],
) -> dict[str, Any]:
    """Tag one file; done twice it gives the same file.

    Parameters
    ----------
    job : tuple
        Number, input, output, codes with their patterns, language, name of a plain text.

    Returns
    -------
    dict
        A row of `tag_corpus`.
    """
    number, source, target, codes, language, name = job
    mark = f"{_fingerprint(source)} {name}"
    note = _beside_run(target, ".json")
    known = _known(note, mark)
    if known and _is_whole(Path(target), known["n_tags"]):
        return {**known, "partition": number, "status": "kept", "tries": 0}
    tries = _count_try(target)
    # What is there is of another file, or broken: if this try fails, nothing is better.
    note.unlink(missing_ok=True)
    Path(target).unlink(missing_ok=True)
    book = Codebook(codes)
    partial = part_beside(_beside_run(target, ""))
    n_segments, n_tags = 0, 0
    with _Writer(partial) as writer:
        have = languages_of(parse_codebook(book))
        for given in batches_of(source, language, have, name=name):
            tags = plain(tag_all(given, book, language=language, wide_globs=True))
            writer.add(tags)
            n_segments, n_tags = n_segments + len(given), n_tags + len(tags)
    _put(partial, target)
    row = {
        "partition": number, "status": "done", "n_segments": n_segments, "n_tags": n_tags,
        "problem": "",
    }  # fmt: skip
    partial.write_text(json.dumps({**row, "source": mark}), "utf-8")
    _put(partial, note)
    _forget_tries(target)
    return {**row, "tries": tries}


def _put(partial: Path, target: str | Path) -> None:
    """Put a file in its place when it is on the disk: a power cut leaves it whole or not at all."""
    with open(partial, "rb") as stream:
        os.fsync(stream.fileno())
    os.replace(partial, target)


def _known(note: Path, mark: str) -> dict[str, Any]:
    """What was noted of a part, if it was made of this file; {} else, or where it is broken."""
    try:
        known = json.loads(note.read_text("utf-8"))
        found = {k: known[k] for k in ("n_segments", "n_tags", "problem")}
        return found if known["source"] == mark else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _is_whole(part: Path, n_tags: int) -> bool:
    """Whether the tags of a part are there, all of them."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    try:
        return bool(read_metadata(part).num_rows == n_tags)
    except (OSError, ArrowException):
        return False


class _Writer:
    """Writes frames one behind the other into one Parquet file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Any = None

    def __enter__(self) -> _Writer:
        return self

    def add(self, tags: pd.DataFrame) -> None:
        from pyarrow import Table
        from pyarrow.parquet import ParquetWriter

        if self._file is None:
            table = Table.from_pandas(tags, preserve_index=False)
            self._file = ParquetWriter(self._path, table.schema)
        else:
            table = Table.from_pandas(tags, schema=self._file.schema, preserve_index=False)
        self._file.write_table(table)

    def __exit__(self, *failed: object) -> None:
        if self._file is not None:
            self._file.close()
        if failed[0] is not None:
            self._path.unlink(missing_ok=True)


def _beside_run(target: str, ending: str) -> Path:
    """Where what belongs to a part is noted: not beside it, where readers would take it for one."""
    path = Path(target)
    return path.parent / RUN / f"{path.name}{ending}"


def _count_try(target: str) -> int:
    """Write a mark for each try beside the output, so that one that was killed counts too."""
    path = _beside_run(target, ".tries")
    with open(path, "a", encoding="utf-8") as marks:
        marks.write("x")
    return len(path.read_text("utf-8"))


def _forget_tries(target: str) -> int:
    """How often it was tried in vain; what is tried later counts afresh."""
    path = _beside_run(target, ".tries")
    tries = len(path.read_text("utf-8")) if path.is_file() else 0
    path.unlink(missing_ok=True)
    return tries


def _fingerprint(path: str) -> str:
    """What a file holds, whatever its name and time."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _here(jobs: list[Any], retries: int) -> list[dict[str, Any]]:
    return [_tried(job, retries) for job in jobs]


def _beside(jobs: list[Any], retries: int, processes: int) -> list[dict[str, Any]]:
    """One file a process at a time: what is handed over are names and patterns, no rows."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(_tried, jobs, [retries] * len(jobs)))


def _tried(job: Any, retries: int) -> dict[str, Any]:
    for _ in range(retries):
        try:
            return tag_partition(job)
        except Exception:  # once more
            continue
    try:
        return tag_partition(job)
    except Exception as error:  # any failure of one file is a row of the answer
        return _failed(job, error)


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
