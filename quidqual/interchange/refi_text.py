"""Where the plain text of a REFI-QDA source is: in the XML, in the archive, in a .docx."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from quidqual.interchange.decoding import decode_text
from quidqual.interchange.refi_tree import Reader
from quidqual.interchange.untrusted import Archive, read_capped, safe_member
from quidqual.interchange.word_text import docx_text
from quidqual.study.errors import QuidqualError

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
    """

    def __init__(
        self, archive: Archive, path: Path, reader: Reader, *, encoding: str | None
    ) -> None:
        self.archive = archive
        self.path = path
        self.reader = reader
        self.encoding = encoding

    def of(self, element: Any) -> str | None:
        """Text of a source or note, as the program counts it; None if there is none."""
        name = element.get("name") or element.get("guid") or ""
        inline = element.find(self.reader.ns + "PlainTextContent")
        plain, rich = element.get("plainTextPath"), element.get("richTextPath")
        if inline is not None and (inline.text or not plain):
            return inline.text or ""
        try:
            if plain:
                data = self._bytes(plain, name)
                if data is not None:
                    field = f"{name}: {plain}"
                    return decode_text(
                        data, file=self.archive.file, encoding=self.encoding, field=field
                    )
            if rich:
                return self._rich(rich, name)
        except QuidqualError as error:
            for problem in error.problems:
                self.reader.account.fault(name, "text", problem.message, problem.remedy)
        return None

    def _rich(self, reference: str, name: str) -> str | None:
        """Fall back on the formatted text: its words are the same, its offsets may not be."""
        if not reference.casefold().endswith(".docx"):
            self.reader.account.left_out(
                name, "richTextPath", "only .docx can be read for its text"
            )
            return None
        data = self._bytes(reference, name)
        if data is None:
            return None
        why = "its plain text is not in the file; it was taken from the .docx"
        self.reader.account.changed(name, "richTextPath", why)
        return docx_text(data, file=self.archive.file).text

    def _bytes(self, reference: str, name: str) -> bytes | None:
        account = self.reader.account
        lowered = reference.casefold()
        scheme = next((s for s in _SCHEMES if lowered.startswith(s)), "")
        bare = reference[len(scheme) :]
        if "://" in bare or (lowered.startswith("absolute:")):
            why = "it lies outside the project, on the computer that wrote it"
            account.left_out(name, "text", why)
            return None
        inside = safe_member(bare) or safe_member(unquote(bare))
        if inside is None:
            account.fault(name, "text", "its path leaves the project.", "Export it again.")
            return None
        short = inside.rpartition("/")[2]
        for candidate in (f"sources/{inside}", f"Sources/{inside}", inside, f"sources/{short}"):
            member = self.archive.find(candidate)
            if member is not None:
                return self.archive.read(member)
        beside = self._beside(inside) if scheme.startswith("relative") else None
        if beside is not None:
            return beside
        message = "its text is not in the project."
        account.fault(name, "text", message, "Export the project with its sources.")
        return None

    def _beside(self, inside: str) -> bytes | None:
        """Read a file that the project keeps beside itself, and nowhere else."""
        folder = self.path.resolve().parent
        target = (folder / inside).resolve()
        if folder not in target.parents or not target.is_file():
            return None
        return read_capped(target)
