"""Opening files that come from elsewhere: nothing extracted, run, guessed or read without a cap."""

from __future__ import annotations

import codecs
import gc
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

from quidqual.study.errors import QuidqualError

MIB = 1 << 20
_CHUNK = 1 << 18


@dataclass(frozen=True)
class Limits:
    """How much of a foreign file is read before it is refused.

    Attributes
    ----------
    members : int
        Members of an archive.
    member_bytes, total_bytes : int
        Unpacked size of one member, and of all members read.
    ratio : int
        Unpacked against packed size of a member larger than `ratio_from`; text and XML
        stay far below, a zip bomb far above.
    file_bytes : int
        Size of a file on disk that is read whole.
    """

    members: int = 20_000
    member_bytes: int = 128 * MIB
    total_bytes: int = 512 * MIB
    ratio: int = 250
    ratio_from: int = 8 * MIB
    file_bytes: int = 256 * MIB


LIMITS = Limits()
LONGEST_TEXT = 50_000_000
"""Characters of one text: more than anyone reads, less than memory holds."""

_MOST_MARKS = 300
_BEYOND_LATIN = re.compile(rf"[\u0300-\U0010ffff]{{{_MOST_MARKS},}}")


def refuse(file: str, message: str, remedy: str = "", *, field: str = "") -> QuidqualError:
    """Build the error for a file that cannot be taken as it is."""
    return QuidqualError.of(message, remedy=remedy, file=file, field=field)


@cache
def need(module: str) -> None:
    """Check that a library of the extra ``interchange`` is there, and name the install line.

    Raises
    ------
    QuidqualError
    """
    if find_spec(module) is None:
        message = f"this needs the library {module!r}, which is not installed."
        raise QuidqualError.of(message, remedy='Run: pip install "quidqual[interchange]"')


def existing(path: str | Path, *, folder: bool = False) -> Path:
    """Turn what the user gave into the path of a file (or folder) that is there.

    Raises
    ------
    QuidqualError
        If there is no such file, or it is one that only its own program can read.
    """
    try:
        target = Path(path)
        found = target.is_dir() if folder else target.is_file()
    except (TypeError, ValueError, OSError):
        raise refuse("", "this is not a usable path.", "Give the path of a file.") from None
    if not found:
        kind = "folder" if folder else "file"
        raise refuse(target.name or str(target), f"there is no such {kind}.", "Check the path.")
    check_exchangeable(target)
    return target


def read_capped(path: Path, *, limits: Limits = LIMITS) -> bytes:
    """Read a file whole unless it is larger than the cap.

    Raises
    ------
    QuidqualError
        If it cannot be read or is too large.
    """
    try:
        with open(path, "rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError:
        raise refuse(path.name, "the file cannot be read.", "Check that it may be read.") from None
    if len(data) > limits.file_bytes:
        size = limits.file_bytes // MIB
        raise refuse(path.name, f"the file is larger than {size} MiB.", "Split it.")
    return data


def check_text(text: str, file: str) -> None:
    """Refuse a text that would cost too much to bring into canonical form.

    Putting marks that stand on one letter in order takes the square of their number.
    """
    if len(text) > LONGEST_TEXT:
        raise refuse(file, f"it holds more than {LONGEST_TEXT:,} characters.", "Split it.")
    if len(text) < _MOST_MARKS or text.isascii():
        return
    for run in _BEYOND_LATIN.finditer(text):
        stacked = 0
        for char in run.group():
            stacked = stacked + 1 if unicodedata.combining(char) else 0
            if stacked >= _MOST_MARKS:
                message = f"{_MOST_MARKS} accents stand on one letter."
                raise refuse(file, message, "Check that this is a text.")


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause the cyclic garbage collector while many small objects are made at once.

    None of them is in a cycle; each full collection would visit everything else that a
    notebook holds, which costs as much as the import itself.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def foreign_parser(file: str, kind: str) -> Iterator[None]:
    """Turn whatever a third-party parser raises on a broken file into one error of ours.

    These libraries document no closed list of exceptions, and a fuzzed file finds the
    undocumented ones; the cause stays chained for whoever debugs it.
    """
    try:
        with warnings.catch_warnings():  # they would print parts of the file
            warnings.simplefilter("ignore")
            yield
    except QuidqualError:
        raise
    except (Exception, RecursionError) as error:
        message = f"this cannot be read as {kind} ({type(error).__name__})."
        remedy = "Open it in its own program and save it again."
        raise refuse(file, message, remedy) from error


class Archive:
    """A zip file whose members are read by exact name and never extracted.

    Parameters
    ----------
    source : Path or bytes
    file : str, optional
        Name for messages; needed for bytes.
    limits : Limits, optional

    Raises
    ------
    QuidqualError
        If it is no zip file, is cut off, or has more members than allowed.

    Notes
    -----
    Only stored and deflated members are read: the decoders for the other methods may
    claim memory before a single byte can be counted.
    """

    def __init__(self, source: Path | bytes, *, file: str = "", limits: Limits = LIMITS) -> None:
        self.file = file or (source.name if isinstance(source, Path) else "")
        self.limits = limits
        self._read = 0
        with _zip_errors(self.file):
            self._zip = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        self.names = tuple(info.filename for info in self._zip.infolist())
        if len(self.names) > limits.members:
            self.close()
            message = f"the archive has more than {limits.members} members."
            raise refuse(self.file, message, "Export the project in parts.")

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    @cached_property
    def _folded(self) -> dict[str, list[zipfile.ZipInfo]]:
        folded: dict[str, list[zipfile.ZipInfo]] = {}
        for info in self._zip.infolist():
            folded.setdefault(_on_disk(info.filename), []).append(info)
        return folded

    def find(self, name: str) -> str | None:
        """Find a member by its name in any letter case; its name in the archive, or None.

        Raises
        ------
        QuidqualError
            If several members of other content have it: which of them counts is not told.
        """
        found = self._folded.get(_on_disk(name))
        if not found:
            return None
        self._check_alone(found)
        return name if name in self._zip.NameToInfo else found[0].filename

    def _check_alone(self, found: list[zipfile.ZipInfo]) -> None:
        if len({(info.CRC, info.file_size) for info in found}) > 1:
            message = f"the archive has {len(found)} members of this name, and they differ."
            remedy = "Export the project again."
            raise refuse(self.file, message, remedy, field=found[0].filename)

    def read(self, name: str) -> bytes:
        """Unpack one member, counting bytes while they come.

        Raises
        ------
        QuidqualError
            If it is not there, encrypted, damaged, or larger than allowed.
        """
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise refuse(self.file, "the archive has no such member.", field=name)
        self._check_alone(self._folded[_on_disk(name)])
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            message = "the member is packed by an unusual method."
            raise refuse(self.file, message, "Pack the archive again as a plain zip.", field=name)
        if info.flag_bits & 0x1:
            message = "the member is encrypted."
            raise refuse(self.file, message, "Remove the password first.", field=name)
        chunks = []
        with _zip_errors(self.file, name), self._zip.open(info) as stream:
            for chunk in iter(lambda: stream.read(_CHUNK), b""):
                chunks.append(chunk)
                self._count(info, name, len(chunk), sum_of=chunks)
        return b"".join(chunks)

    def _count(self, info: zipfile.ZipInfo, name: str, more: int, *, sum_of: list[bytes]) -> None:
        self._read += more
        size = (len(sum_of) - 1) * _CHUNK + more
        limits = self.limits
        inflated = size > limits.ratio_from and size > limits.ratio * max(info.compress_size, 1)
        if size > limits.member_bytes or self._read > limits.total_bytes or inflated:
            message = "unpacked, the member is larger than allowed."
            raise refuse(self.file, message, "This looks like a zip bomb.", field=name)


def _on_disk(name: str) -> str:
    """Form of a name that some disk takes for the same: capitals, accents, separators."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()


@contextmanager
def _zip_errors(file: str, name: str = "") -> Iterator[None]:
    """Name file and member for the many ways in which zipfile stumbles over damage."""
    try:
        yield
    except QuidqualError:
        raise
    except (
        zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError,
        NotImplementedError, RuntimeError, LookupError, OverflowError, MemoryError,
        ArithmeticError, TypeError, AttributeError, AssertionError,
    ) as error:  # fmt: skip
        what = "the member is damaged." if name else "this is not a zip file, or it is cut off."
        raise refuse(file, what, "Export or download it again.", field=name) from error
    except Exception as error:
        if type(error).__module__ != "struct":  # struct.error: a cut-off record
            raise
        raise refuse(file, "the archive is cut off.", "Export it again.", field=name) from error


def safe_member(reference: str) -> str | None:
    r"""Reduce a reference found in a file to a path inside it; None if it would leave it.

    Examples
    --------
    >>> safe_member("a/b.txt"), safe_member("../../etc/passwd"), safe_member("C:\\x.txt")
    ('a/b.txt', None, None)
    """
    if "\\" in reference or "\x00" in reference or ":" in reference:
        return None
    path = PurePosixPath(reference)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return None
    return str(path)


def text_of(value: Any) -> str:
    """Give a cell of a foreign table as text; "" for nothing."""
    return "" if value is None else str(value)


# Each ending as its program writes it, the year or version behind it where there is one.
_PROGRAMS = {
    r"\.(atlproj\d*|atlasti|hpr\d)": "ATLAS.ti",
    r"\.nvpx?": "NVivo",
    r"\.(mx\d\d|mex\d\d)": "MAXQDA",
    r"\.rqda": "RQDA",
}


def program_of(path: Path) -> str:
    """Name the program whose own format a file has, by its ending; "" if it is none.

    Examples
    --------
    >>> program_of(Path("study.atlproj23")), program_of(Path("study.qdpx"))
    ('ATLAS.ti', '')
    """
    kind = path.suffix.casefold()
    return next((name for ending, name in _PROGRAMS.items() if re.fullmatch(ending, kind)), "")


def check_exchangeable(path: Path) -> None:
    """Refuse a program's own project file, and say how its project is brought in.

    These formats are described nowhere, change with each version, and there is no file to
    check a reader against: offsets would be guessed, which is worse than not read.

    Raises
    ------
    QuidqualError
    """
    program = program_of(path)
    if program:
        # RQDA has no such export and is no longer kept; QualCoder imports its files.
        opened = "QualCoder (Import, RQDA project)" if program == "RQDA" else program
        reads = "only QualCoder" if program == "RQDA" else f"only {program}"
        raise QuidqualError.of(
            f"this is a file of {program}, which {reads} can read.",
            remedy=f"Open it in {opened}, export it as a REFI-QDA project (.qdpx) and read that.",
            file=path.name,
        )


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "mac-roman")


def decode_text(data: bytes, *, file: str, encoding: str | None = None, field: str = "") -> str:
    r"""Decode a text, leaving out one byte-order mark and touching nothing else.

    Parameters
    ----------
    data : bytes
    file : str
        For messages.
    encoding : str, optional
        One of `ENCODINGS`, where the user knows it; a mark in the file still wins.
    field : str, optional
        Member or element, for messages.

    Returns
    -------
    str
        Line ends and composed letters as they are in the file.

    Raises
    ------
    QuidqualError
        If the bytes are not of that encoding. A statistical guess is never made: it
        turns ``è`` into ``č`` without a word.

    Examples
    --------
    >>> decode_text("città".encode("utf-16"), file="a.txt")
    'città'
    >>> decode_text(b"citt\xe0", file="a.txt", encoding="windows-1252")
    'città'
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], name, file, field)
    wanted = (encoding or "utf-8").casefold().replace("_", "-")
    wanted = {"cp1252": "windows-1252", "utf8": "utf-8", "latin-1": "iso-8859-1"}.get(
        wanted, wanted
    )
    if wanted not in ENCODINGS:
        message = f"{encoding!r} is not an encoding that is read."
        raise refuse(file, message, f"Use one of: {', '.join(ENCODINGS)}.", field="encoding")
    return _decode(data, wanted, file, field)


def _decode(data: bytes, name: str, file: str, field: str) -> str:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, UnicodeError):
        remedy = (
            "Save it as UTF-8, or say what it is, such as encoding='windows-1252'."
            if name == "utf-8"
            else "Save it as UTF-8."
        )
        raise refuse(file, f"the text is not {name}.", remedy, field=field) from None
