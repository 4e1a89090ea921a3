"""Sources of a REFI-QDA project: where their texts are, their selections and codings."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from quidqual.interchange.document_text import docx_text
from quidqual.interchange.markup import local_name
from quidqual.interchange.names import free_column
from quidqual.interchange.project import ForeignProject, ForeignText, Marks
from quidqual.interchange.refi import NAMESPACE, WHOLE, Reader, key_of, position
from quidqual.interchange.untrusted import Archive, decode_text, read_capped, safe_member
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted

_SCHEMES = ("internal://", "relative:///", "relative://")


class Texts:
    """Finds and decodes the text of sources, transcripts and notes of one project.

    Parameters
    ----------
    archive : Archive
    path : Path
        The .qdpx itself: sources kept outside it may only lie in its own folder.
    reader : Reader
    encoding : str or None
        As the user says, for texts that are not UTF-8.

    Attributes
    ----------
    was_rich : bool
        Whether the last text was taken from a .docx, which has no line ends to be counted.
    """

    def __init__(
        self, archive: Archive, path: Path, reader: Reader, *, encoding: str | None
    ) -> None:
        self.archive = archive
        self.path = path
        self.reader = reader
        self.encoding = encoding
        self.was_rich = False
        self._missing: list[tuple[str, str, str]] = []

    def of(self, element: Any) -> str | None:
        """Text of a source or note, as the program counts it; None if there is none."""
        name = element.get("name") or element.get("guid") or ""
        self.was_rich = False
        self._missing = []
        inline = element.find(self.reader.ns + "PlainTextContent")
        plain, rich = element.get("plainTextPath"), element.get("richTextPath")
        if inline is not None and (inline.text or not plain):
            return inline.text or ""
        try:
            if plain:
                data = self._bytes(plain)
                if data is not None:
                    field = f"{name}: {plain}"
                    return decode_text(
                        data, file=self.archive.file, encoding=self.encoding, field=field
                    )
            if rich:
                found = self._rich(rich, name)
                if found is not None:
                    return found
        except QuidqualError as error:
            for problem in error.problems:
                self.reader.account.fault(name, "text", problem.message, problem.remedy)
        for kind, why, remedy in dict.fromkeys(self._missing):
            if kind == "fault":
                self.reader.account.fault(name, "text", why, remedy)
            else:
                self.reader.account.left_out(name, kind, why)
        return None

    def _rich(self, reference: str, name: str) -> str | None:
        """Fall back on the formatted text: its words are the same, its offsets may not be."""
        if not reference.casefold().endswith(".docx"):
            self._missing.append(("richTextPath", "only .docx can be read for its text", ""))
            return None
        data = self._bytes(reference)
        if data is None:
            return None
        why = "its plain text is not in the file; it was taken from the .docx"
        self.reader.account.changed(name, "richTextPath", why)
        self.was_rich = True
        return docx_text(data, file=self.archive.file).text

    def _bytes(self, reference: str) -> bytes | None:
        """Content of a file that an element names; what is wrong is told if no other is there."""
        lowered = reference.casefold()
        scheme = next((s for s in _SCHEMES if lowered.startswith(s)), "")
        bare = reference[len(scheme) :]
        if "://" in bare or (lowered.startswith("absolute:")):
            why = "it lies outside the project, on the computer that wrote it"
            self._missing.append(("text", why, ""))
            return None
        ways = dict.fromkeys((bare, unquote(bare)))  # as it stands, or escaped as in a URL
        safe = [inside for way in ways if (inside := safe_member(way)) is not None]
        if not safe:
            self._missing.append(("fault", "its path leaves the project.", "Export it again."))
            return None
        for inside in safe:
            short = inside.rpartition("/")[2]
            for candidate in (f"sources/{inside}", inside, f"sources/{short}"):
                member = self.archive.find(candidate)
                if member is not None:
                    return self.archive.read(member)
            beside = self._beside(inside) if scheme.startswith("relative") else None
            if beside is not None:
                return beside
        message = "its text is not in the project."
        self._missing.append(("fault", message, "Export the project with its sources."))
        return None

    def _beside(self, inside: str) -> bytes | None:
        """Read a file that the project keeps beside itself, and nowhere else."""
        folder = self.path.resolve().parent
        target = (folder / inside).resolve()
        if folder not in target.parents or not target.is_file():
            return None
        return read_capped(target)


_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_REGIONS = {
    "PDFSelection": "a region of a PDF page",
    "PictureSelection": "a region of a picture",
    "AudioSelection": "a stretch of sound",
    "VideoSelection": "a stretch of film",
}
_PARTS = {
    "Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue",
    "Representation", "TextDescription", "Transcript", "SyncPoint", "TranscriptSelection",
    *_REGIONS,
}  # fmt: skip


def _named_by_path(element: Any) -> str:
    """Name a source without a name as its file is called, unless that is only its GUID."""
    for attribute in ("plainTextPath", "richTextPath", "path"):
        file = re.split(r"[/\\\\]", unquote(element.get(attribute) or ""))[-1]
        name = file.rpartition(".")[0] or file
        if name.strip() and not _GUID.fullmatch(name):
            return name.strip()
    return ""


class Sources:
    """Reads all sources into the texts and marks of a project."""

    def __init__(self, reader: Reader, texts: Texts, project: ForeignProject) -> None:
        self.reader = reader
        self.texts = texts
        self.project = project
        self.account = reader.account
        self._codes = {code.key for code in project.codes}
        self._seen: set[str] = set()
        self._ids: dict[str, int] = {}
        self._dangling: Counter[tuple[str, str]] = Counter()
        self._uncoded: Counter[str] = Counter()
        self._code_ref = reader.ns + "CodeRef"
        self._code_of: dict[str | None, str] = {}
        self._coder_of: dict[str | None, str] = {}
        self._rows: list[tuple[Any, ...]] = []

    def read(self) -> None:
        """Read the sources in the order of the file."""
        for source in self.reader.part("Sources"):
            for element in source:
                self._source(element, local_name(element.tag))
        if self._rows:
            self.project.marks = Marks(*(list(column) for column in zip(*self._rows, strict=True)))
        for (kind, target), count in sorted(self._dangling.items()):
            message = f"{counted(count, 'coding')} of it, and it is not in the project."
            self.account.fault(
                target, kind, message, "Export the project again.", taken=kind == "User"
            )
        for name, count in self._uncoded.items():
            self.account.left_out(
                name, "selection", f"{counted(count, 'selection')} without a code"
            )

    def _source(self, element: Any, kind: str) -> None:
        readers = {"TextSource": self._text_source, "PDFSource": self._pdf,
                   "AudioSource": self._media,
                   "VideoSource": self._media, "PictureSource": self._picture}  # fmt: skip
        if kind not in readers:
            self.reader.unknown[kind] += 1
            return
        name, guid = element.get("name") or "", element.get("guid") or ""
        key = key_of(guid)
        if not key or key in self._seen:
            why = "its GUID is that of another one." if key else "it has no guid."
            self.account.fault(name or guid, kind, why, "Export the project again.")
            return
        self._seen.add(key)
        for tag, count in Counter(child.tag for child in element).items():
            if local_name(tag) not in _PARTS:
                self.reader.unknown[local_name(tag)] += count
        readers[kind](element, key, name.strip() or _named_by_path(element) or guid)
        if not self.project.texts or self.project.texts[-1].key != key:
            self.reader.other_sources.add(key)

    def _text_source(self, element: Any, key: str, name: str) -> None:
        text = self.texts.of(element)
        if text is None:
            count = sum(1 for _ in element.iter(self.reader.ns + "Coding"))
            self.account.left_out(
                name, "TextSource", f"it has no text ({counted(count, 'coding')})"
            )
            return
        self._add(element, key, name, text)
        self.project.texts[-1].line_ends_unknown = self.texts.was_rich
        self._selections(element, name)

    def _add(self, holder: Any, key: str, name: str, text: str) -> None:
        """Add a text with the variables, description and memos of its source."""
        variables = self.reader.values(holder)
        for variable, value in (
            ("description", self.reader.text(holder, "Description")),
            ("memo", self.reader.memo(holder, described=False)),
        ):
            if value.strip():
                variables[free_column(variable, variables)] = value
        self.project.texts.append(ForeignText(key, name, text, variables))
        for coding in holder.iterchildren(self.reader.ns + "Coding"):
            self._coding(coding, holder, 0, WHOLE, "")
            self.account.changed(
                name, "Coding", "a coding of the whole source is one of its whole text"
            )

    def _selections(self, element: Any, name: str) -> None:
        """Read the text selections of one source: the hot loop of an import."""
        ns = self.reader.ns
        coding_tag = ns + "Coding"
        for selection in element.iterchildren(ns + "PlainTextSelection"):
            start = position(selection.get("startPosition"))
            end = position(selection.get("endPosition"))
            if start is None or end is None:
                message = f"its place in {name!r} must be a number."
                self.account.fault(selection.get("guid") or "", "PlainTextSelection", message)
                continue
            if len(selection) == 1 and (only := selection[0]).tag == coding_tag:
                self._coding(only, selection, start, end, "")
                continue
            codings = [child for child in selection if child.tag == coding_tag]
            memo = self.reader.memo(selection)
            self._strange(selection)
            if not codings:
                self._without_code(name, start, end, memo)
            for coding in codings:
                self._coding(coding, selection, start, end, memo)

    def _without_code(self, name: str, start: int, end: int, memo: str) -> None:
        """Count a selection without a code; what somebody wrote about it is kept as a memo."""
        self._uncoded[name] += 1
        if memo:
            self.project.memos.append((f"{name}, {start} to {end}", memo))

    def _strange(self, selection: Any) -> None:
        for child in selection:
            if local_name(child.tag) not in ("Coding", "Description", "NoteRef"):
                self.reader.unknown[local_name(child.tag)] += 1

    def _coding(self, coding: Any, selection: Any, start: int, end: int, memo: str) -> None:
        """Add one coding; the coder is the coding's user, else the selection's."""
        target, memoed = None, False
        others: list[str | None] = []
        for child in coding:
            if child.tag != self._code_ref:
                memoed = True
            elif target is None:
                target = child.get("targetGUID")
            else:
                others.append(child.get("targetGUID"))
        code = self._code_of.get(target)
        if code is None:
            code = self._code_of[target] = self._code(target)
        if not code:
            self._dangling["CodeRef", key_of(target)] += 1
            return
        if memoed:
            own = self.reader.memo(coding, described=False)
            memo = "\n\n".join(part for part in (memo, own) if part)
        user = coding.get("creatingUser") or selection.get("creatingUser")
        for further in others:
            self._further_code(coding, selection, further, start, end, memo)
        coder = self._coder_of.get(user)
        if coder is None:
            coder = self._coder(user)
        at = coding.get("creationDateTime") or selection.get("creationDateTime") or ""
        text = len(self.project.texts) - 1
        number: str | None = key_of(coding.get("guid"))
        if number and number not in self._ids:
            self._ids[number] = len(self._rows)
        else:
            number = self._other_id(number or "", (text, start, end, code, coder))
        if number is not None:
            quote = selection.get("name") or ""
            self._rows.append((text, start, end, code, coder, at, memo, number, quote))

    def _further_code(
        self, coding: Any, selection: Any, target: str | None, start: int, end: int, memo: str
    ) -> None:
        """Take a second code of one Coding element, which the standard does not foresee."""
        alone = coding.makeelement(coding.tag, dict(coding.attrib))
        alone.set("guid", str(uuid.uuid5(NAMESPACE, f"{coding.get('guid')}\x1f{target}")))
        alone.append(alone.makeelement(self._code_ref, {"targetGUID": target or ""}))
        self._coding(alone, selection, start, end, memo)

    def _code(self, target: str | None) -> str:
        key = key_of(target)
        return key if key in self._codes else ""

    def _coder(self, user: str | None) -> str:
        """Name of a user; "" if none is told or the one told is not there."""
        key = key_of(user)
        if key and key not in self.reader.users:
            self._dangling["User", key] += 1
            return ""
        coder = self._coder_of[user] = self.reader.users.get(key, "")
        return coder

    def _other_id(self, key: str, says: tuple[Any, ...]) -> str | None:
        """Make an id where the GUID is missing or taken; None if the coding stands twice."""
        if key and self._rows[self._ids[key]][:5] == says:
            self.account.left_out(key, "Coding", "it stands twice in the file, with the same GUID")
            return None
        if key:
            message = "its GUID is that of another coding."
            self.account.fault(key, "Coding", message, "Export it again.", taken=True)
        return str(uuid.uuid5(NAMESPACE, f"{key}\x1f{len(self._rows)}"))

    def _pdf(self, element: Any, key: str, name: str) -> None:
        """Read the text layer of a PDF; a region mirrored in it (same GUID) counts once."""
        ns = self.reader.ns
        layer = element.find(ns + "Representation")
        text = self.texts.of(layer) if layer is not None else None
        if text is None:
            self._regions(element, name)
            self.account.left_out(name, "PDFSource", "the project holds no text of it")
            return
        self._add(element, key, name, text)
        self.account.changed(name, "PDFSource", "only its text was taken")
        self._mirror(element, layer)
        self._selections(layer, name)
        self._regions(element, name, mirrored=self._guids(layer))

    def _guids(self, layer: Any) -> set[str]:
        found = layer.iterchildren(self.reader.ns + "PlainTextSelection")
        return {key_of(selection.get("guid")) for selection in found}

    def _mirror(self, element: Any, layer: Any) -> None:
        """Give a text selection the codings that only its twin region carries."""
        ns = self.reader.ns
        regions = {key_of(r.get("guid")): r for r in element.iterchildren(ns + "PDFSelection")}
        for selection in layer.iterchildren(ns + "PlainTextSelection"):
            region = regions.get(key_of(selection.get("guid")))
            if region is not None and selection.find(ns + "Coding") is None:
                for coding in list(region.iterchildren(ns + "Coding")):
                    selection.append(coding)

    def _regions(self, element: Any, name: str, *, mirrored: set[str] | None = None) -> None:
        """Name the regions and stretches that no text carries, with their codings."""
        ns = self.reader.ns
        for kind, what in _REGIONS.items():
            regions = [
                region
                for region in element.iterchildren(ns + kind)
                if key_of(region.get("guid")) not in (mirrored or set())
            ]
            codings = sum(1 for r in regions for _ in r.iterchildren(ns + "Coding"))
            if regions:
                counts = f"{counted(len(regions), 'selection')} ({counted(codings, 'coding')})"
                why = f"{counts}: {what} is not text"
                self.account.left_out(name, kind, why)

    def _picture(self, element: Any, key: str, name: str) -> None:
        self._regions(element, name)
        self.account.left_out(name, "PictureSource", "a picture is not text")

    def _media(self, element: Any, key: str, name: str) -> None:
        """Take the first transcript of a recording as its text."""
        ns = self.reader.ns
        self._regions(element, name)
        transcripts = list(element.iterchildren(ns + "Transcript"))
        text = self.texts.of(transcripts[0]) if transcripts else None
        if text is None:
            self.account.left_out(name, local_name(element.tag), "a recording is not text")
            return
        if len(transcripts) > 1:
            self.account.left_out(
                name, "Transcript", counted(len(transcripts) - 1, "further transcript")
            )
        self._add(element, key, name, text)
        self.account.changed(name, local_name(element.tag), "only its transcript was taken")
        self._transcript(transcripts[0], name)

    def _transcript(self, transcript: Any, name: str) -> None:
        """Turn selections between sync points into selections of text."""
        ns = self.reader.ns
        places = {
            key_of(point.get("guid")): position(point.get("position"))
            for point in transcript.iterchildren(ns + "SyncPoint")
        }
        for selection in transcript.iterchildren(ns + "TranscriptSelection"):
            start = places.get(key_of(selection.get("fromSyncPoint")))
            end = places.get(key_of(selection.get("toSyncPoint")))
            if start is None or end is None:
                message = f"its place in the transcript of {name!r} is not told."
                self.account.fault(selection.get("guid") or "", "TranscriptSelection", message)
                continue
            memo = self.reader.memo(selection)
            codings = list(selection.iterchildren(ns + "Coding"))
            if not codings:
                self._without_code(name, start, end, memo)
            for coding in codings:
                self._coding(coding, selection, start, end, memo)
