"""What a file holds, hidden or not: its words, its tables, its metadata, each with its place."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pandas as pd

from quidqual.privacy.release.tables_held import rows_of_csv, tables_of
from quidqual.study.errors import QuidqualError
from quidqual.study.reading import load_toml
from quidqual.study.yaml_text import load_yaml

_DEEPEST = 4  # archives in archives
_CLOSED = "what it holds.closed"
_LARGEST = 256 * 2**20
_TEXT = (".md", ".txt", ".tex", ".rst", ".log", ".py", ".r", ".aside")
_MARKUP = (".html", ".htm", ".svg", ".xml", ".rels", ".qde", ".qdc", ".xhtml")
_ZIPS = (".zip", ".qdpx", ".docx", ".xlsx", ".odt", ".ods", ".pptx", ".skops", ".npz")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif")
_UNREAD = (".npy", ".db", ".sqlite3", ".qda", ".eps")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_FONTS = (".woff", ".woff2", ".ttf")


class Piece(NamedTuple):
    """Some words of a file.

    Attributes
    ----------
    place : str
        File, and row, cell, key or page in it.
    text : str
    role : str
        ``text``, ``cell`` (of a table or a data file), ``code``, ``output`` (of a notebook),
        ``metadata``, ``comment`` (hidden in markup), ``name`` (of a file or sheet), ``unread``.
    key : str
        Column or key the words stand under, "" if none.
    """

    place: str
    text: str
    role: str
    key: str = ""


def cells_of(name: str, table: pd.DataFrame) -> Iterator[Piece]:
    """Give the words of a table, cell by cell."""
    for column in table.columns:
        if pd.api.types.is_numeric_dtype(table[column]):
            continue
        for number, cell in enumerate(table[column].astype(object), 1):
            if isinstance(cell, str) and cell:
                yield Piece(f"{name}, row {number}, column {column}", cell, "cell", str(column))


def files_of(path: Path) -> dict[str, bytes]:
    """Read a file, or everything in a folder, hidden files included.

    Raises
    ------
    QuidqualError
        If there is nothing, or more than can be held.
    """
    if path.is_file():
        return {path.name: path.read_bytes()}
    if not path.is_dir():
        raise QuidqualError.of(
            "there is no such file or folder.", remedy="Check the path.", field="path"
        )
    found = [p for p in sorted(path.rglob("*")) if p.is_file() and ".git" not in p.parts]
    if sum(p.stat().st_size for p in found) > _LARGEST:
        raise QuidqualError.of(
            "the folder holds more than 256 MB.", remedy="Check it part by part.", field="path"
        )
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in found}


def unpacked(files: Mapping[str, bytes], depth: int = 0) -> dict[str, bytes]:
    """Open the archives among files, members named ``archive!member``.

    What cannot be opened (too deep, too large, locked, damaged) is a member that nobody can read,
    so that a person is asked to look: an archive that was passed over would pass.
    """
    found: dict[str, bytes] = {}
    for name, data in files.items():
        found[name] = data
        if PurePosixPath(name).suffix.lower() not in _ZIPS or not _is_zip(data):
            continue
        try:
            members = _members(name, data) if depth < _DEEPEST else None
        except Exception:  # a damaged archive makes zipfile raise nearly anything
            members = None
        if members is None:
            found[f"{name}!{_CLOSED}"] = b""
        else:
            found.update(unpacked(members, depth + 1))
    return found


def _is_zip(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _members(name: str, data: bytes) -> dict[str, bytes] | None:
    """Content of an archive, two members of one name both; None if it is too much."""
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _LARGEST:
            return None
        for number, info in enumerate(archive.infolist()):
            if not info.is_dir():
                member = f"{name}!{info.filename}"
                if member in members:
                    member = f"{name}!{number}/{info.filename}"
                members[member] = archive.read(info)
        if archive.comment:
            members[f"{name}!comment.txt"] = archive.comment
    return members


def pieces_of(name: str, data: bytes) -> Iterator[Piece]:
    """Take a file apart into its words."""
    yield Piece(name, _spoken_name(name), "name")
    ending = PurePosixPath(name).suffix.lower()
    try:
        yield from _by_ending(name, ending, data)
    except Exception:  # libraries raise nearly anything on a file that was damaged on purpose
        yield Piece(name, "", "unread")


def _spoken_name(name: str) -> str:
    """Turn a path into words: *Blessing_Osagie-R1.md* names somebody."""
    last = name.rpartition("!")[2]
    stem = _UUID.sub(" ", PurePosixPath(last).with_suffix("").as_posix())
    return " ".join(
        part
        for part in stem.replace("/", " \n ").replace("_", " ").replace("-", " ").split(" ")
        if part
    )


def _by_ending(name: str, ending: str, data: bytes) -> Iterator[Piece]:
    if ending == ".parquet":
        tables = list(tables_of(name, data))
        for place, table in tables:
            yield from cells_of(place, table)
        if not tables:
            yield Piece(name, "", "unread")
    elif ending == ".csv":
        for row, cells in enumerate(rows_of_csv(data), 2):
            for column, cell in cells.items():
                if cell:
                    yield Piece(f"{name}, row {row}, column {column}", cell, "cell", column)
    elif ending in _TEXT or not ending:
        text = data.decode("utf-8")
        held = _held(text)
        yield from _lines(name, text) if held is None else _values(name, held, "")
    elif ending in (".json", ".jsonl", ".yaml", ".yml", ".toml"):
        yield from _values(name, _parsed(ending, data), "")
    elif ending == ".ipynb":
        yield from _notebook(name, json.loads(data))
    elif ending in _MARKUP:
        yield from _markup(name, data.decode("utf-8", "replace"))
    elif ending == ".pdf":
        yield from _pdf(name, data)
    elif ending in _PICTURES:
        yield from _picture(name, data)
    elif (
        ending in _UNREAD
        or (ending in _ZIPS and not zipfile.is_zipfile(io.BytesIO(data)))
        or ending not in (*_ZIPS, *_FONTS, ".css", ".js")
    ):
        yield Piece(name, "", "unread")


def _held(text: str) -> Any:
    """Read a text that is data, as the note of a project that holds what has no place in it."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _lines(name: str, text: str) -> Iterator[Piece]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield Piece(f"{name}, line {number}", line, "text")


def _parsed(ending: str, data: bytes) -> Any:
    text = data.decode("utf-8")
    if ending == ".json":
        return json.loads(text)
    if ending == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if ending == ".toml":
        return load_toml(text)
    return load_yaml(text, file="")  # its errors are ValueErrors too


def _values(place: str, value: Any, key: str) -> Iterator[Piece]:
    """Walk over keys and values of a data file."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _values(f"{place}, {name}", inner, str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _values(f"{place} {number}", inner, key)
    elif value is not None and not isinstance(value, bool):
        text = str(value)
        if text.strip():
            yield Piece(place, text, "cell", key)


def _notebook(name: str, book: Mapping[str, Any]) -> Iterator[Piece]:
    yield from _values(f"{name}, metadata", _told(book.get("metadata", {})), "metadata")
    for number, cell in enumerate(book["cells"], 1):
        place = f"{name}, cell {number}"
        source = "".join(cell.get("source", ""))
        yield Piece(place, source, "code" if cell["cell_type"] == "code" else "text")
        yield from _values(f"{place}, metadata", _told(cell.get("metadata", {})), "metadata")
        for output in cell.get("outputs", ()):
            where = f"{place}, output"
            if output.get("output_type") == "error":
                yield Piece(where, "\n".join(output.get("traceback", ())), "output", "traceback")
                yield Piece(where, str(output.get("evalue", "")), "output", "text/plain")
            if "text" in output:
                yield Piece(where, "".join(output["text"]), "output", "text/plain")
            for kind, shown in (output.get("data") or {}).items():
                text = "".join(shown) if isinstance(shown, list | str) else json.dumps(shown)
                if kind in ("text/html", "image/svg+xml"):
                    for piece in _markup(where, text):
                        yield piece._replace(role="output", key=kind)
                elif kind.startswith("text/") or "json" in kind:
                    yield Piece(where, text, "output", kind)


def _told(metadata: Any) -> Any:
    """Leave out of a notebook's metadata what every notebook says."""
    if not isinstance(metadata, Mapping):
        return {}
    return {k: v for k, v in metadata.items() if k not in ("kernelspec", "language_info", "tags")}


class _Words(HTMLParser):
    """Words of a page: text, comments, and attributes that a reader or a program is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, str, str]] = []
        self._silent: list[str] = []
        self._under: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._under.append(tag)
        if tag in ("style", "script"):
            self._silent.append(tag)
        for name, value in attrs:
            if value and name in (
                "alt",
                "title",
                "aria-label",
                "content",
                "author",
                "name",
                "creatingusername",
                "modifyingusername",
                "basepath",
            ):
                role = (
                    "metadata" if tag == "meta" or "user" in name or name == "basepath" else "text"
                )
                self.found.append((self.getpos()[0], value, role, name))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._under:
            while self._under.pop() != tag:
                pass
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent:
            under = self._under[-1] if self._under else ""
            role = (
                "metadata"
                if under.partition(":")[0] in ("dc", "cp", "dcterms", "cc", "rdf")
                or under in ("creator", "company", "manager", "application", "template")
                else "text"
            )
            self.found.append((self.getpos()[0], data, role, under))

    def handle_comment(self, data: str) -> None:
        self.found.append((self.getpos()[0], data, "comment", "comment"))


def _markup(name: str, text: str) -> Iterator[Piece]:
    reader = _Words()
    reader.feed(text)
    reader.close()
    sheet_names = name.endswith("xl/workbook.xml")
    for line, words, role, key in reader.found:
        if key == "name" and role == "text" and not sheet_names:
            continue
        yield Piece(
            f"{name}, line {line}", words, "name" if sheet_names and key == "name" else role, key
        )


def _pdf(name: str, data: bytes) -> Iterator[Piece]:
    try:
        from pypdf import PdfReader
    except ImportError:
        yield Piece(name, "", "unread")
        return
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        for key, value in (reader.metadata or {}).items():
            yield Piece(
                f"{name}, metadata {key}", str(value), "metadata", str(key).lower().strip("/")
            )
        for number, page in enumerate(reader.pages, 1):
            for line in page.extract_text().splitlines():
                if line.strip():
                    yield Piece(f"{name}, page {number}", line, "text")
    except PyPdfError:
        yield Piece(name, "", "unread")


def _picture(name: str, data: bytes) -> Iterator[Piece]:
    """Tell the metadata of a picture; what is drawn in it, nobody reads here."""
    try:
        from PIL import ExifTags, Image
    except ImportError:
        yield Piece(name, "", "unread")
        return
    with Image.open(io.BytesIO(data)) as picture:
        for key, value in picture.info.items():
            if isinstance(value, str):
                yield Piece(f"{name}, metadata {key}", value, "metadata", str(key).lower())
        for tag, value in picture.getexif().items():
            key = ExifTags.TAGS.get(tag, str(tag))
            text = "GPS" if key == "GPSInfo" else str(value)
            yield Piece(f"{name}, metadata {key}", text, "metadata", key.lower())
