"""A report's own passages beside its claims, for a reader who holds the report.

The project ships no sentence of a report. A claim knows how many letters its passage has and the
hash of these letters, and the passage is found by sliding over the text: white space, line ends,
hyphens, punctuation, case, ligatures and page marks have no part in it, so that it is the same
passage in a text file, a PDF and a document that was wrapped anew.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from quidqual.study.claims import Anchor, Claim
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.text import decode

if TYPE_CHECKING:
    from quidqual.study.model import Study

_PAGE_MARK = re.compile(r"\[\[\s*page\s+([^\]\s]+)\s*\]\]", re.IGNORECASE)
_LINE = re.compile(r"[^\n\f]+")
_LONGEST_HEADER = 120
_TEXT_FROM = 1000  # a str that is longer is the text itself and no path


class _Letters(NamedTuple):
    """The folded letters of a text, the place of each, and where words begin."""

    text: str
    places: list[int]
    starts: list[int]


class Report:
    r"""The text of a report, and what is found in it.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> one, other = Report("The work-\nshop helps."), Report("[[page 2]] the “workshop” helps")
    >>> anchor = one.anchor(4, 21)
    >>> other.passage(*other.find(anchor))
    '“workshop” helps'
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def of(cls, report: str | Path | Report) -> Report:
        """Take the text itself, or read it from a text file.

        Raises
        ------
        QuidqualError
            If the file is not there or is not plain text in UTF-8.
        """
        if isinstance(report, Report):
            return report
        if isinstance(report, str) and ("\n" in report or len(report) > _TEXT_FROM):
            return cls(report)
        path = as_path(report, field="report")
        if path.suffix.lower() in (".pdf", ".docx", ".odt", ".rtf"):
            raise QuidqualError.of(
                f"a {path.suffix.lower()} is not plain text.",
                remedy="Use the command line (quidqual ledger --report FILE), which reads it, or "
                "give its text.",
                file=path.name,
            )
        try:
            return cls(decode(path.read_bytes(), file=path.name))
        except OSError:
            raise QuidqualError.of(
                "the report cannot be read.", remedy="Check the path.", file=path.name
            ) from None

    @classmethod
    def of_pages(cls, pages: Iterable[tuple[str, str]]) -> Report:
        """Take a report page by page: the label of each page and its text.

        Examples
        --------
        >>> report = Report.of_pages([("i", "Help must"), ("1", "go on.")])
        >>> report.page(report.find_letter(2)), report.page(report.find_letter(9))
        ('i', '1')
        """
        told = [("-".join(label.split()).replace("]", ")") or "-", text) for label, text in pages]
        return cls("\n".join(f"[[page {label}]]\n{text}" for label, text in told))

    @cached_property
    def _marks(self) -> list[tuple[int, int]]:
        return [match.span() for match in _PAGE_MARK.finditer(self.text)]

    @cached_property
    def _plain(self) -> _Letters:
        """Letters without page marks."""
        return _folded(self.text, self._marks)

    @cached_property
    def _running(self) -> list[tuple[int, int]]:
        """Page marks, and the lines that come back on page after page (running heads, numbers)."""
        lines = [m for m in _LINE.finditer(self.text) if len(m[0].strip()) <= _LONGEST_HEADER]
        forms = [re.sub(r"\d+", "#", m[0].strip().casefold()) for m in lines]
        often = {form for form, n in Counter(forms).items() if form and n >= 3}
        spans = [m.span() for m, form in zip(lines, forms, strict=True) if form in often]
        return sorted([*self._marks, *spans])

    @cached_property
    def _bare(self) -> _Letters:
        """Letters without page marks and without what comes back on every page."""
        return _folded(self.text, self._running)

    def anchor(self, start: int, end: int) -> Anchor:
        """Make the anchor of a passage from its place in the text (code points)."""
        letters = self._plain
        first, last = (bisect_right(letters.places, at - 1) for at in (start, end))
        words = letters.text[first:last]
        if not words:
            raise QuidqualError.of("there are no letters at that place.", field="anchor")
        return Anchor(_hash(words), len(words), first)

    def find_letter(self, at: int) -> int:
        """Give the place in the text of the letter with this number."""
        return self._plain.places[at]

    def find(self, anchor: Anchor) -> tuple[int, int] | None:
        """Find a passage: its start and end in the text, or None."""
        for letters in (self._plain, self._bare):
            at = _slide(letters, anchor)
            if at is not None:
                return letters.places[at], letters.places[at + anchor.letters - 1] + 1
        return None

    def passage(self, start: int, end: int) -> str:
        """Give the words from start to end as a reader reads them, without page marks."""
        while start and self.text[start - 1] in "“„«‘\"'(":
            start -= 1
        while end < len(self.text) and self.text[end] in ".,;:!?”’»\"')":
            end += 1
        running = self._running if self._crosses_page(start, end) else self._marks
        pieces, at = [], start
        for left, right in running:
            if left < end and right > at:
                pieces.append(self.text[at : max(at, left)])
                at = max(at, right)
        pieces.append(self.text[at : max(at, end)])
        return " ".join(self._unhyphenated("\n".join(piece.strip() for piece in pieces)).split())

    def _crosses_page(self, start: int, end: int) -> bool:
        inside = any(left < end and right > start for left, right in self._running)
        return inside and self._plain_count(start, end) != self._bare_count(start, end)

    def _plain_count(self, start: int, end: int) -> int:
        places = self._plain.places
        return bisect_right(places, end - 1) - bisect_right(places, start - 1)

    def _bare_count(self, start: int, end: int) -> int:
        places = self._bare.places
        return bisect_right(places, end - 1) - bisect_right(places, start - 1)

    def _unhyphenated(self, text: str) -> str:
        """Join words that the end of a line parted, unless they are written with a hyphen.

        They are where the text has either part as a word of its own and nowhere the whole.
        """

        def joined(match: re.Match[str]) -> str:
            whole, parts = match[1] + match[2], (match[1].casefold(), match[2].casefold())
            hyphened = whole.casefold() not in self._words and self._words.issuperset(parts)
            return f"{match[1]}-{match[2]}" if hyphened else whole

        return re.sub(r"(\w+)[-\u2010\u00ad]\s*\n\s*(\w+)", joined, text)

    @cached_property
    def _words(self) -> frozenset[str]:
        """Words that the text has in one piece."""
        whole = re.sub(r"\w+[-\u2010\u00ad]\s*\n", "\n", self.text.casefold())
        return frozenset(re.findall(r"\w+", whole))

    @cached_property
    def _page_starts(self) -> tuple[list[int], list[str]]:
        found = [(match.start(), match[1]) for match in _PAGE_MARK.finditer(self.text)]
        if not found and "\f" in self.text:
            ends = [match.end() for match in re.finditer("\f", self.text)]
            found = [(at, str(number)) for number, at in enumerate([0, *ends], 1)]
        return [at for at, _ in found], [page for _, page in found]

    def page(self, at: int) -> str:
        """Give the page that a place stands on; "" where the text marks no pages."""
        starts, pages = self._page_starts
        number = bisect_right(starts, at)
        return pages[number - 1] if number else ""


def _folded(text: str, left_out: list[tuple[int, int]]) -> _Letters:
    """Keep letters and digits only, in small letters, without accents and ligatures."""
    letters: list[str] = []
    places: list[int] = []
    starts: list[int] = []
    skip = iter([*left_out, (len(text), len(text))])
    left, right = next(skip)
    inside = False
    for at, char in enumerate(text):
        while at >= right and right < len(text):
            left, right = next(skip)
        if left <= at < right:
            inside = False
            continue
        if char.isascii():
            kept = char.lower() if char.isalnum() else ""
        else:
            parts = unicodedata.normalize("NFKD", char).casefold()
            kept = "".join(c for c in parts if c.isalnum())
            if not kept and unicodedata.combining(char):
                continue  # an accent of its own parts no word
        if kept and not inside:
            starts.append(len(letters))
        inside = bool(kept)
        letters.extend(kept)
        places.extend([at] * len(kept))
    return _Letters("".join(letters), places, starts)


def _hash(letters: str) -> str:
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def _slide(letters: _Letters, anchor: Anchor) -> int | None:
    """Try the place that the anchor gives as a hint, then every beginning of a word."""
    n, text = anchor.letters, letters.text
    if not n:
        return None
    for at in (anchor.at, *letters.starts):
        part = text[at : at + n]
        if len(part) == n and _hash(part) == anchor.sha256:
            return at
    return None


def passages_of(study: Study, claims: Iterable[Claim], report: Any) -> pd.DataFrame:
    """Look up the passage of each claim; see `Ledger.passages`."""
    report, rows = Report.of(report), []
    for claim in claims:
        place = report.find(claim.anchor) if claim.anchor is not None else None
        if place is None:
            status = "no anchor" if claim.anchor is None else "not found"
            rows.append((claim.id, claim.page, claim.summary, status, ""))
        else:
            page = report.page(place[0]) or claim.page
            rows.append((claim.id, page, claim.summary, "found", report.passage(*place)))
    columns = ["claim", "page", "summary", "status", "passage"]
    return pd.DataFrame(rows, columns=columns).assign(corpus=study.mark)


def coverage_of(study: Study, claims: Iterable[Claim], report: Any) -> pd.DataFrame:
    """Cut the findings sections into stretches under a claim and under none."""
    report = Report.of(report)
    over: dict[int, list[str]] = {}
    places = report._bare.places
    for claim in claims:
        found = report.find(claim.anchor) if claim.anchor is not None else None
        if found is not None:
            for at in range(bisect_right(places, found[0] - 1), bisect_right(places, found[1] - 1)):
                over.setdefault(at, []).append(claim.id)
    rows = []
    for title, first, last in _sections(study, report):
        for (page, covered), part in groupby(
            range(first, last), key=lambda at: (report.page(places[at]), at in over)
        ):
            inside = list(part)
            ids = dict.fromkeys(name for at in inside for name in over.get(at, ()))
            words = report.passage(places[inside[0]], places[inside[-1]] + 1)
            rows.append((title, page, covered, len(inside), tuple(ids), words))
    columns = ["section", "page", "covered", "characters", "claims", "passage"]
    return pd.DataFrame(rows, columns=columns).assign(corpus=study.mark)


def _sections(study: Study, report: Report) -> Iterator[tuple[str, int, int]]:
    """Find the sections that hold findings, as places among the letters."""
    sections = list(study.raw.report.get("sections") or ())
    if not sections:
        raise QuidqualError.of(
            "the sections of the report that hold its findings are not named.",
            remedy="Name them under report: sections: with title, begins and ends.",
            file="claims.yaml",
        )
    places = report._bare.places
    for section in sections:
        ends = [report.find(Anchor.from_dict(section[name])) for name in ("begins", "ends")]
        if None in ends:
            raise QuidqualError.of(
                f"the section {section['title']!r} is not found in this text.",
                remedy="Is it the report that the claims are about?",
                file="claims.yaml",
            )
        (start, _), (_, end) = ends  # type: ignore[misc]
        yield str(section["title"]), bisect_right(places, start - 1), bisect_right(places, end - 1)


def share_covered(coverage: pd.DataFrame) -> float:
    """Give the share of the letters that stand under a claim."""
    total: Any = coverage["characters"].sum()
    return float(coverage.loc[coverage["covered"], "characters"].sum() / total) if total else 0.0
