"""Rules about words anywhere: identifiers, known names, memos, metadata, paths, left-overs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from quidqual.privacy.identifiers.find import marks_of
from quidqual.privacy.identifiers.marks import DIRECT, SURE, Mark
from quidqual.privacy.identifiers.ordinary_words import everyday, is_ordinary
from quidqual.privacy.identifiers.roster import Roster
from quidqual.privacy.release.contents import Piece
from quidqual.privacy.release.rules import Finding, Settings

_PATH = re.compile(
    r"(?:/home/|/Users/|/root/|/tmp/|/var/folders/|/private/var/|[A-Z]:\\+Users\\+|[A-Z]:\\+Documents|"
    r"\\\\[\w-]+\\|~/|/media/|/mnt/|file://|site-packages)\S*"
)
_LEFT_OVER = re.compile(
    r"(?:^|[/!])(?:\.ipynb_checkpoints|__pycache__|\.pytest_cache|\.cache|\.tmp[^/]*|\.~lock[^/]*|~\$[^/]*|"
    r"\.DS_Store|Thumbs\.db|\.Rhistory|\.Trash[^/]*|__MACOSX)(?:/|$)|(?:\.aside|\.bak|\.orig|\.swp|\.tmp|~)$"
)
_MEMO_KEYS = (
    "memo",
    "memos",
    "journal",
    "fieldnotes",
    "field_notes",
    "comment",
    "remarks",
    "diary",
)
_NAMING_KEYS = ("author", "creator", "artist", "lastmodifiedby", "cp:lastmodifiedby", "dc:creator",
                "manager", "company", "copyright", "xpauthor", "gpsinfo", "creatingusername",
                "modifyingusername", "hostcomputer", "basepath", "cameraownername",)  # fmt: skip
_OURS = re.compile(
    r"^(?:Creator: )?(?:quidqual|matplotlib|python-docx|openpyxl|pdf|image/|cc:)",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"Traceback \(most recent call last\)|^\s*File \".+\", line \d+|-{20,}", re.MULTILINE
)
_OWN = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b|(?<![\d.])\d+\.\d{2,}(?![\d.])"
    r"|(?<=\d)T\d\d:\d\d(?::\d\d)?Z?\b|\bwilson\b|\bWilson (?:score|interval)|\bquidqual\b"
    r"|\b(?:matplotlib|json|toml|yaml|csv|svg|png|html|utf|sha|markdown|spacy|numpy|pandas|ipynb)\b",
    re.IGNORECASE,
)
_SNAKE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_PUBLIC = re.compile(
    r"creativecommons\.org|w3id\.org|doi\.org|datapackage\.org|w3\.org|schema\.org|spdx\.org|"
    r"matplotlib\.org|python\.org|purl\.org|openxmlformats\.org|microsoft\.com|iana\.org|orcid\.org"
)
_FRACTION = re.compile(r"\d{1,2}/\d{1,2}")
_REFERENCE = re.compile(  # a published work, as reporting checklists cite it
    r"\s*[A-Z][\w'’-]+(?: [A-Z]\b|, )[^\n]*\b(?:19|20)\d\d\b[^\n]*(?:\bdoi\b|"
    r"\d+ ?\(\d+\) ?[:,]|:\d+[-–]\d+)"
)
_NO_WORDS = ("colour", "color", "contentSize", "sha256", "checksum", "@id", "@type")
_MANY, _SHARED = 20_000, 200  # letters that are searched at once, and twice at a cut


def word_findings(pieces: Iterable[Piece], settings: Settings, roster: Roster) -> Iterator[Finding]:
    """Check the words of files, piece by piece."""
    for piece in pieces:
        if piece.role == "name" and _LEFT_OVER.search(piece.place):
            yield settings.finding("left_over", piece.place, "left over by a program")
        if piece.role == "unread":
            yield settings.finding("not_read", piece.place, "not read")
            continue
        if piece.key.lower() in _MEMO_KEYS and piece.role == "cell":
            yield settings.finding("memo", piece.place, "memo")
        if piece.key == "traceback" or (piece.role == "output" and _FRAME.search(piece.text)):
            yield settings.finding("traceback", piece.place, "traceback")
        if _PATH.search(piece.text):
            yield settings.finding("machine_path", piece.place, "path of a machine")
        if (
            piece.role == "metadata"
            and piece.key.lower() in _NAMING_KEYS
            and not _OURS.match(piece.text)
        ):
            yield settings.finding("metadata", piece.place, f"metadata {piece.key}")
        yield from _identifiers(piece, settings, roster)


def _identifiers(piece: Piece, settings: Settings, roster: Roster) -> Iterator[Finding]:
    if piece.key in _NO_WORDS or _REFERENCE.match(piece.text):
        return
    for start, part in _stretches(piece.text):
        text = _searched(part)
        language = language_told(text)
        for mark in roster.marks(text, language):
            if mark.certainty == SURE:
                yield settings.finding("known_name", _at(piece, mark, start), mark.kind)
        for mark in _marks(text, language):
            if text[mark.start : mark.end].lower() in settings.pseudonyms:
                continue
            rule = rule_of(mark, piece)
            if rule and not _is_harmless(mark, text[mark.start : mark.end], piece):
                yield settings.finding(rule, _at(piece, mark, start), mark.kind)


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    """Cut a long piece between words; what a cut may have parted is in both stretches."""
    start = 0
    while len(text) - start > _MANY:
        end = text.rfind(" ", start, start + _MANY)
        end = end if end > start + _SHARED else start + _MANY
        yield start, text[start:end]
        begins = text.find(" ", end - _SHARED, end)
        start = begins + 1 if begins >= 0 else end - _SHARED
    yield start, text[start:]


def _is_harmless(mark: Mark, words: str, piece: Piece) -> bool:
    """Tell what in an output is a label, a fraction or a link of the program itself."""
    if mark.layer == "capitals":
        return _ordinary(words)
    if mark.layer == "rare_word":  # the beginning of a word, as patterns of codes are written
        return piece.role == "cell" and " " not in piece.text.strip()
    if mark.layer == "relative":
        return _FRACTION.fullmatch(words) is not None
    return mark.kind == "url" and _PUBLIC.search(words) is not None


def _searched(text: str) -> str:
    """Blank out what programs write: ids, checksums, decimals, and names of codes in words."""
    text = _OWN.sub(lambda found: " " * len(found.group()), text)
    return _SNAKE.sub(
        lambda found: (
            " " * len(found.group())
            if all(_ordinary(part) for part in found.group().split("_"))
            else found.group()
        ),
        text,
    )


def _ordinary(words: str) -> bool:
    """Tell whether words are ordinary ones of either language: what passed the first search."""
    return all(
        is_ordinary(word, "en") or is_ordinary(word, "it")
        for word in re.findall(r"[^\W\d_]+", words)
    )


def rule_of(mark: Mark, piece: Piece) -> str:
    """Tell which rule a find falls under, by how sure it is and where it stands."""
    direct = mark.kind in DIRECT and mark.kind != "url"
    if piece.role in ("code", "comment") and not (direct and mark.certainty == SURE):
        return (
            "identifier"
            if mark.kind == "person" and mark.certainty == SURE and piece.role == "comment"
            else ""
        )
    if piece.role == "name":
        named = (
            mark.kind in ("person", "place", "organisation", "address") and mark.certainty == SURE
        )
        return "file_name" if named or (direct and mark.certainty == SURE) else ""
    if mark.certainty == SURE and (direct or mark.kind == "person"):
        return "metadata" if piece.role == "metadata" else "identifier"
    if piece.key in ("id", "at", "sha256", "hash", "start", "end", "created", "date", "round"):
        return ""
    return "maybe_identifier"


def _at(piece: Piece, mark: Mark, start: int) -> str:
    return f"{piece.place}, characters {start + mark.start}-{start + mark.end}"


@lru_cache(maxsize=20_000)
def _marks(text: str, language: str) -> tuple[Mark, ...]:
    return tuple(marks_of(text, language))


def language_told(text: str) -> str:
    """Tell English from Italian by the small words of every page."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return (
        "it"
        if sum(w in _only("it") for w in words) > sum(w in _only("en") for w in words)
        else "en"
    )


@lru_cache(maxsize=2)
def _only(language: str) -> frozenset[str]:
    other = "en" if language == "it" else "it"
    return frozenset(w for w in everyday(language) - everyday(other) if len(w) < 7)
