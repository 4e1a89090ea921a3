"""Which files an export may replace: those that an export of this library made before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.gate import safe_path
from quidqual.study.release_gate import write_outputs

_MARK = re.compile(r"quidqual: \d")
_TABLE = re.compile(r"^Table: (?P<file>\S+), SHA-256 (?P<sum>[0-9a-f]{64})$", re.MULTILINE)
_IN_BYTES = {
    ".svg": re.compile(rb"<dc:source>[^<]*quidqual: \d"),
    ".pdf": re.compile(rb"/Creator \(quidqual\)|CreatorTool>quidqual<"),
    ".eps": re.compile(rb"^%%Creator: quidqual\s*$", re.MULTILINE),
}


def write_bundle(
    folder: Path, name: str, contents: Mapping[str, bytes | str], *, corpus: str, replace: bool
) -> None:
    """Write the files of a figure, or none of them if a file of someone else is in the way.

    Raises
    ------
    QuidqualError
        If a file is there that no export made, a folder has the name of a file, or the release
        check blocks the figure.
    """
    if folder.exists() and not folder.is_dir():
        raise QuidqualError.of(
            f"{folder.name!r} is a file, not a folder.", remedy="Name a folder.", field="folder"
        )
    problems = []
    for file, content in contents.items():
        path = safe_path(folder, file, field="name")
        data = content.encode("utf-8") if isinstance(content, str) else content
        what, remedy = "", "Choose another name"
        if path.is_dir():
            what = "a folder of this name is there"
        elif not replace and path.exists() and not _may_go(path, name, data):
            what = "another file of this name is there that no export made"
            remedy += ", or allow it with replace=True"
        if what:
            message = f"{what}, and nothing was written."
            problems.append(Problem(file, message=message, remedy=f"{remedy}."))
    if problems:
        raise QuidqualError(problems)
    write_outputs(folder, contents, of=corpus)


def table_line(file: str, content: str) -> str:
    r"""Say in the text of a bundle which table belongs to it, so that it is known again.

    Examples
    --------
    >>> table_line("trust.csv", "code\n")[:40]
    'Table: trust.csv, SHA-256 b57b236c9bcd2a'
    """
    return f"Table: {file}, SHA-256 {_sum(content.encode('utf-8'))}"


def _sum(data: bytes) -> str:
    """Checksum that the line ends of another system (as git sets them) do not change."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def _may_go(path: Path, name: str, new: bytes) -> bool:
    """Tell whether a file holds the new bytes already, or is what an export wrote."""
    if not path.is_file():
        return False
    old = path.read_bytes()
    if old == new:
        return True
    if path.suffix == ".csv":
        return _is_own_table(path, path.with_name(f"{name}.md"), old)
    if path.suffix == ".md":
        return _is_own_text(old)
    if path.suffix in _IN_BYTES:
        return _IN_BYTES[path.suffix].search(old) is not None
    return _is_own_picture(path)


def _is_own_text(data: bytes) -> bool:
    """Tell by its last line, the provenance, and by the line of the alternative text."""
    text = data.decode("utf-8", "replace")
    last = text.rstrip().rpartition("\n")[2]
    return bool(_MARK.search(last)) and "corpus: " in last and "\nAlternative text: " in text


def _is_own_table(path: Path, text: Path, data: bytes) -> bool:
    """Tell by the text of its bundle, which holds its checksum: a table has no place for a mark."""
    if not text.is_file() or not _is_own_text(text.read_bytes()):
        return False
    known = {
        found["file"]: found["sum"]
        for found in _TABLE.finditer(text.read_bytes().decode("utf-8", "replace"))
    }
    return known.get(path.name) == _sum(data)


def _is_own_picture(path: Path) -> bool:
    """Read the mark of a PNG or TIFF from its metadata."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            told = picture.info.get("Source", "")
            told = getattr(picture, "tag_v2", {}).get(270, told)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return bool(_MARK.search(str(told)))
