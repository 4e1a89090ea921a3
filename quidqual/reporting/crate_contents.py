"""What a crate would hold, file by file: to be read, and cut down, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import pandas as pd

from quidqual.study.errors import QuidqualError, listed

_STUDY = {
    "study.toml": "settings of the study",
    "participants.csv": "one row a participant",
    "interviews.csv": "one row an interview",
    "codebook.yaml": "the codebook",
    "claims.yaml": "the claims",
    "codings.csv": "one row a coding, without words",
}
_PARTS = {
    "study/notes/": "a whole note",
    "study/codings/": "codings, with words and memos",
    "study/": "a file of the study folder",
    "notebooks/": "a notebook",
    "figures/": "a figure",
}


def contents_frame(files: Mapping[str, bytes]) -> pd.DataFrame:
    """Tell what each file of a crate holds: ``file, holds`` (str), ``bytes`` (int)."""
    rows = [(name, _holds(name, data), len(data)) for name, data in sorted(files.items())]
    return pd.DataFrame(rows, columns=["file", "holds", "bytes"]).astype({"bytes": "int64"})


def _holds(name: str, data: bytes) -> str:
    path = PurePosixPath(name)
    if name == "report.html":
        return "the report"
    if path.suffix == ".csv" and path.parts[0] in ("tables", "figures"):
        columns = data.partition(b"\n")[0].decode("utf-8", "replace").strip().split(",")
        if "words" in columns:
            return "a table with words of notes"
        follows = {"participant", "participants", "interview"} & set(columns)
        return "a table that tells of single people" if follows else "a table"
    if name.startswith("study/") and path.name in _STUDY and len(path.parts) == 2:
        return _STUDY[path.name]
    return next((told for part, told in _PARTS.items() if name.startswith(part)), "a description")


def chosen_of(files: Mapping[str, bytes], contents: object) -> dict[str, bytes]:
    """Keep what somebody asked for, by the rows of a list or by names.

    Raises
    ------
    QuidqualError
        If something is asked for that would not be there.
    """
    if contents is None:
        return dict(files)
    if isinstance(contents, pd.DataFrame) and "file" in contents.columns:
        names: list[object] = list(contents["file"])
    elif isinstance(contents, Iterable) and not isinstance(contents, str | Mapping | pd.DataFrame):
        names = list(contents)
    else:
        raise QuidqualError.of(
            "contents must be rows of qq.reporting.crate_contents(study), or a list of files.",
            remedy="Take the rows that you want of the table it gives.",
            field="contents",
        )
    described = ("README.md", "datapackage.json", "ro-crate-metadata.json", "manifest-sha256.txt")
    unknown = [str(name) for name in names if name not in files and name not in described]
    if unknown:
        raise QuidqualError.of(
            f"the crate would not hold {listed(unknown, 5)}.",
            remedy="See qq.reporting.crate_contents(study) with the same options.",
            field="contents",
        )
    return {name: data for name, data in files.items() if name in names}


def package_of(descriptor: bytes, files: Iterable[str]) -> bytes:
    """Keep in the description of the data package the tables that are there."""
    described = json.loads(descriptor)
    there = set(files)
    described["resources"] = [
        resource
        for resource in described["resources"]
        if {resource["path"]} & there or not isinstance(resource["path"], str)
    ]
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()
