"""Rules about tables: how few a cell counts, who stands alone, whom a row follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from quidqual.privacy.release.recoverable import recoverable_cells
from quidqual.privacy.release.rules import Finding, Settings
from quidqual.study.wording import corpus_and_reading

_SEGMENTS = ("n_codings", "codings", "segments", "passages", "n_passages", "hits", "n_segments")
_SHARES = ("share", "percent", "percentage", "%", "proportion", "rate", "pct")
_DETAILS = ("date", "place", "location", "interviewer", "time", "setting", "start_time", "address")
_WORDS = ("exact", "words", "quote", "quotes", "passage", "text", "before", "after", "summary")
_PLAIN = ("participant", "corpus", "note", "interview", "round", "status", "id")
_FOLLOWED = ("round", "code", "theme", "state", "present", "category", "profile", "label")
_OF = re.compile(
    r"(?<![\d.,])(\d{1,2}) (?:of|di|su|out of) (?:the |all |i |le |gli )?(\d{1,2})(?!\d|[.,]\d| ?%)"
)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,3})?) ?%")
_HIDDEN = re.compile(r"\s*(?:<\s*\d+|–|-|—|\*|x|hidden|nascosto|n/?a|)\s*", re.IGNORECASE)


def table_findings(
    table: pd.DataFrame,
    place: str,
    settings: Settings,
    *,
    people: int = 20,
    ids: Collection[str] | None = None,
) -> Iterator[Finding]:
    """Check one table.

    Parameters
    ----------
    table : DataFrame
        As an analysis gives it, or as it was read from a file.
    place : str
        What it is called in the findings.
    settings : Settings
    people : int
        How many participants there are at most: a percentage is tried against that many.
    ids : collection of str, optional
        Participants and interviews of the study it was made from, if that is known.
    """
    names = {str(c).lower(): c for c in table.columns}
    marks = table[names["corpus"]].astype(str) if "corpus" in names else []
    if ids is None and any(corpus_and_reading(mark)[0] == "real" for mark in marks):
        for column in (c for c in _WORDS if c in names and _filled(table[names[c]])):
            told = "words of real notes, and no study that tells whose"
            yield settings.finding("words_of_notes", f"{place}, column {column}", told)
    if ids and len({str(c) for c in table.columns} & set(ids)) > 1:
        yield settings.finding("person_pattern", place, "columns that follow a person")
    if "k" in names and "n" in names:
        yield from _counts(table, names, place, settings)
    elif any(c in names for c in _SEGMENTS):
        yield settings.finding("segments_counted", place, "counts of passages")
    if "participant" in names:
        yield from _persons(table, names, place, settings)
    for column in _DETAILS:
        if column in names and _filled(table[names[column]]):
            yield settings.finding("interview_details", f"{place}, column {column}", column)
    if ("coder" in names and "at" in names) and _filled(table[names["coder"]]):
        yield settings.finding("coder", f"{place}, column coder", "coder")
    if "n" not in names:
        for share in (c for c in _SHARES if c in names):
            yield from _shares(table[names[share]], f"{place}, column {share}", settings, people)


def _filled(column: pd.Series) -> bool:
    return bool((column.astype(object).fillna("").astype(str).str.strip() != "").any())


def _counts(
    table: pd.DataFrame, names: dict[str, str], place: str, settings: Settings
) -> Iterator[Finding]:
    k = pd.to_numeric(table[names["k"]], errors="coerce")
    n = pd.to_numeric(table[names["n"]], errors="coerce")
    for number, (row, few, all_) in enumerate(zip(table.index, k, n, strict=True), 1):
        if pd.notna(few) and pd.notna(all_) and all_ > 0:
            del row
            yield from cell_findings(int(few), int(all_), f"{place}, row {number}", settings)


def cell_findings(k: int, n: int, place: str, settings: Settings) -> Iterator[Finding]:
    """Check one count of participants, k of n."""
    if 0 < k < settings.k or (0 < n < settings.k):
        yield settings.finding("small_cell", place, "count of participants")
    if k in (0, n):
        yield settings.finding("whole_group", place, "count of participants")
    elif n - k < settings.k:
        yield settings.finding("few_others", place, "count of participants")


def _persons(
    table: pd.DataFrame, names: dict[str, str], place: str, settings: Settings
) -> Iterator[Finding]:
    person = table[names["participant"]].astype(str)
    followed = [names[c] for c in _FOLLOWED if c in names]
    if followed and "status" not in names:
        columns = [
            c for c in table.columns if c not in (names["participant"], "corpus", "interview")
        ]
        patterns = (
            table[columns]
            .astype(str)
            .agg("\x1f".join, axis=1)
            .groupby(person)
            .agg(lambda s: "\x1e".join(sorted(s)))
        )
        alone = int((patterns.map(patterns.value_counts()) < settings.k).sum())
        if alone:
            yield settings.finding("person_pattern", place, "rows that follow a person")
    if not person.is_unique:
        return
    columns = [c for c in table.columns if str(c).lower() not in _PLAIN]
    columns = [c for c in columns if _filled(table[c])]
    if columns:
        together = table[columns].astype(str).agg("\x1f".join, axis=1)
        for number, shared in enumerate(together.map(together.value_counts()), 1):
            if shared < settings.k:
                told = "a combination of attributes"
                yield settings.finding("sample_unique", f"{place}, row {number}", told)


def _shares(column: pd.Series, place: str, settings: Settings, people: int) -> Iterator[Finding]:
    for number, cell in enumerate(column.astype(str), 1):
        found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?) ?%?\s*", cell)
        if not found:
            continue
        told = found[1].replace(",", ".")
        share = float(told)
        digits = len(told.partition(".")[2])
        if share <= 1 and "%" not in cell:
            share, digits = share * 100, max(0, digits - 2)
        if percent_tells(share, digits, people, settings.k):
            yield settings.finding("percent_tells_n", f"{place}, row {number}", "percentage")


def percent_tells(share: float, digits: int, people: int, k: int) -> bool:
    """Tell whether a percentage leaves one n, or only counts below k.

    Examples
    --------
    >>> percent_tells(14.3, 1, 9, 3), percent_tells(50, 0, 9, 3)
    (True, False)
    """
    pairs = [
        (count, n)
        for n in range(2, people + 1)
        for count in range(n + 1)
        if round(100 * count / n, digits) == round(share, digits)
    ]
    if not pairs or share in (0, 100):
        return False
    return len({n for _, n in pairs}) == 1 or all(count < k for count, _ in pairs)


def sentence_findings(
    text: str, place: str, settings: Settings, *, people: int
) -> Iterator[Finding]:
    """Check counts and percentages that stand in a sentence: *3 of 4*, *14.3 %*."""
    for found in _OF.finditer(text):
        k, n = int(found[1]), int(found[2])
        if k <= n <= people:
            at = f"{place}, characters {found.start()}-{found.end()}"
            yield from cell_findings(k, n, at, settings)
    if _OF.search(text):
        return
    for found in _PERCENT.finditer(text):
        told = found[1].replace(",", ".")
        digits = len(told.partition(".")[2])
        if percent_tells(float(told), digits, people, settings.k):
            at = f"{place}, characters {found.start()}-{found.end()}"
            yield settings.finding("percent_tells_n", at, "percentage")


def hidden_findings(
    tables: Sequence[tuple[str, pd.DataFrame]], settings: Settings, additive: Sequence[str]
) -> Iterator[Finding]:
    """Check the hidden cells of all tables that go out together."""
    counted = []
    for place, table in tables:
        if "k" in table.columns:
            cells = table["k"].astype(object).where(table["k"].notna(), "")
            hidden = [bool(_HIDDEN.fullmatch(str(cell))) for cell in cells]
            numbers = pd.to_numeric(cells.where([not h for h in hidden], None), errors="coerce")
            counted.append((place, table.reset_index(drop=True).assign(k=numbers.to_numpy())))
    if not any(table["k"].isna().any() for _, table in counted):
        return
    found = recoverable_cells([table for _, table in counted], additive=additive)
    for row in found[found["recoverable"]].itertuples():
        place = f"{counted[row.table][0]}, row {int(row.row) + 1}"
        yield settings.finding("recoverable", place, "hidden cell")
