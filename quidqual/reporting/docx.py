"""The report as a DOCX, for co-authors who comment in their word processor."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quidqual.reporting.content import Content
from quidqual.reporting.finding import NAMED, Finding
from quidqual.reporting.quotes import Passage, Side
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from docx.document import Document

_EPOCH = datetime(1980, 1, 1)  # no clock: the same study, the same bytes
_WIDTH = 165  # mm between the margins
_PADDING = 4.2  # mm, the two margins of a cell


def document(content: Content) -> bytes:
    """Render the document.

    Parameters
    ----------
    content : Content

    Returns
    -------
    bytes
        Headings, tables with header rows, pictures with alternative text, and in the header
        of every page what the corpus is. The coded notes are never in it.

    Raises
    ------
    QuidqualError
        If python-docx is not installed.
    """
    try:
        import docx
        from docx.shared import Mm
    except ImportError:
        raise QuidqualError.of(
            "writing a DOCX needs python-docx.", remedy='Run: pip install "quidqual[interchange]"'
        ) from None
    paper = docx.Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - _WIDTH) / 2)
    section.header.paragraphs[0].text = content.banner
    _properties(paper, content)
    _front(paper, content)
    _study(paper, content)
    _findings(paper, content)
    _codes(paper, content)
    _figures(paper, content)
    _close(paper, content)
    return _packed(paper)


def _properties(paper: Document, content: Content) -> None:
    facts = paper.core_properties
    facts.title = _cut(f"{content.study.title} ({content.corpus})")
    facts.author, facts.last_modified_by = "", ""
    made_by = "; ".join(f"{name} {value}" for name, value in content.provenance.items())
    facts.comments = _cut(f"{content.banner}. {made_by}")
    facts.keywords, facts.language = content.corpus, "en"
    facts.created = facts.modified = _EPOCH
    facts.revision = 1


def _cut(text: str, most: int = 255) -> str:
    """Shorten to what the format allows a property to hold."""
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def _front(paper: Document, content: Content) -> None:
    paper.add_heading(content.study.title or "Interview study", 0)
    paper.add_paragraph().add_run(f"{content.corpus.upper()}. {content.banner}.").bold = True
    if content.study.settings.get("description"):
        paper.add_paragraph(str(content.study.settings["description"]))
    if content.findings:
        paper.add_heading("At a glance", 1)
        rows = [(f"{t.sign} {t.word}", str(t.n), t.meaning) for t in content.tallies]
        _table(paper, ("Verdict", "Findings", "Meaning"), rows)


def _study(paper: Document, content: Content) -> None:
    paper.add_heading("Who was interviewed when", 1)
    heads = ("Participant", "Group", "Role", "Language", *content.study.rounds["label"])
    rows = [
        (
            person.participant,
            person.group,
            person.role,
            person.language,
            *("\n".join((state, *detail)) for state, detail in person.rounds),
        )
        for person in content.people
    ]
    _table(paper, heads, rows)
    paper.add_paragraph("Missed: arranged and not held. Not due: never arranged.")


def _findings(paper: Document, content: Content) -> None:
    if not content.findings:
        return
    paper.add_heading("Findings", 1)
    for finding in content.findings:
        _finding(paper, finding)


def _codes(paper: Document, content: Content) -> None:
    if not content.codes:
        return
    paper.add_heading("Codebook", 1)
    rows = [
        (
            f"{'– ' * c.depth}{c.label}",
            f"{c.definition} {c.rules}".strip(),
            c.people,
            str(c.n_passages),
        )
        for c in content.codes
    ]
    _table(paper, ("Code", "Definition", "Participants", "Passages"), rows)
    themes, people = content.matrix
    if themes and people:
        paper.add_heading("Who speaks of what", 1)
        _table(paper, ("Participant", *themes), [(who, *cells) for who, cells in people])
    if not content.findings and any(code.passages.n for code in content.codes):
        paper.add_heading("Passages by code", 1)
        for code in content.codes:
            _side(paper, code.label, code.passages)


def _finding(paper: Document, finding: Finding) -> None:
    paper.add_heading(f"{finding.id}. {finding.summary}", 2)
    meta = [finding.kind, finding.whom] + ([f"report, page {finding.page}"] if finding.page else [])
    head = paper.add_paragraph()
    head.add_run(f"{finding.sign} {finding.verdict}").bold = True
    head.add_run(f" ({', '.join(meta)})")
    paper.add_paragraph(
        f"Stated: {finding.stated or 'in words'}. Computed: {finding.computed or 'nothing'}."
    )
    if finding.passage:
        paper.add_paragraph(f"The report’s own words: {finding.passage}")
    for check in finding.checks:
        text = f"{check.what}: {check.computed}, {check.outcome}."
        if check.counts_people:
            who, others, unseen = (
                (joined(names, limit=NAMED) if check.many else ", ".join(names)) or "nobody"
                for names in (check.who, check.others, check.unseen)
            )
            text += f" Carried by {who}; observed without it: {others}; not observed: {unseen}."
        if check.interval:
            text += f" Wilson’s 95% interval of the share: {check.interval}."
        paper.add_paragraph(text, style="List Bullet")
    for text in finding.why:
        paper.add_paragraph().add_run(text).italic = True
    for title, side in (("For", finding.speaks_for), ("Against", finding.speaks_against)):
        _side(paper, title, side)
    if finding.recommendations:
        paper.add_paragraph(
            f"Recommendations that rest on it: {', '.join(finding.recommendations)}"
        )


def _side(paper: Document, title: str, side: Side) -> None:
    if not side.n:
        return
    paper.add_paragraph().add_run(f"{title} ({side.n} passages)").bold = True
    for passage in side.shown:
        _passage(paper, passage)
    if side.further:
        paper.add_paragraph(f"{len(side.further)} further passages are in the HTML report.")


def _passage(paper: Document, passage: Passage) -> None:
    line = paper.add_paragraph(style="List Bullet")
    line.add_run(f"{passage.voice}: ").italic = True
    for piece in passage.pieces:
        run = line.add_run(f"“{piece.text}” " if piece.speech else f"{piece.text} ")
        run.bold = piece.speech
    line.add_run(f"({passage.participant}, {passage.round}: {passage.label}; {passage.place})")


def _figures(paper: Document, content: Content) -> None:
    if not content.pictures:
        return
    from docx.shared import Mm

    paper.add_heading("Figures", 1)
    for number, picture in enumerate(content.pictures, 1):
        wide, high = (float(side) * 25.4 for side in picture.figure.get_size_inches())
        shrink = min(1.0, _WIDTH / wide, 225 / high)
        data = io.BytesIO(picture.bytes("png", content.provenance))
        shape = paper.add_picture(data, width=Mm(wide * shrink), height=Mm(high * shrink))
        shape._inline.docPr.set("descr", picture.alt)
        shape._inline.docPr.set("title", picture.title)
        caption = paper.add_paragraph()
        caption.add_run(f"Figure {number}. {picture.title} ({content.corpus}). ").bold = True
        caption.add_run(picture.caption)


def _close(paper: Document, content: Content) -> None:
    paper.add_heading("Methods", 1)
    paper.add_paragraph(content.methods)
    paper.add_heading("Limits", 1)
    for text in content.limits:
        paper.add_paragraph(text, style="List Bullet")
    table = content.recommendations
    if len(table):
        paper.add_heading("Recommendations", 1)
        rows = [
            (row.recommendation, row.page, row.summary, ", ".join(row.rests_on) or "no finding")
            for row in table.itertuples()
        ]
        _table(paper, ("Id", "Page", "Recommendation", "Rests on"), rows)
    for filled in content.checklists:
        paper.add_heading(filled.name, 1)
        paper.add_paragraph(f"{filled.counts}. {filled.source}")
        if filled.numbering:
            paper.add_paragraph(
                f"Division and numbering of the items are those {filled.numbering}."
            )
        rows = [
            (str(row["item"]), str(row["topic"]), str(row["answer"]), str(row["status"]))
            for row in filled.rows
        ]
        _table(paper, ("Item", "Topic", "Answer", "Status"), rows)


def _table(paper: Document, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    table = paper.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeats on each page
    table.autofit = False
    wide, shrink = _widths([heads, *rows])
    for column, width in zip(table.columns, wide, strict=True):
        column.width = Mm(width)  # the grid, which LibreOffice goes by; Word goes by the cells
    for line, values in zip(table.rows, (heads, *rows), strict=True):
        for cell, value, width in zip(line.cells, values, wide, strict=True):
            cell.width = Mm(width)
            run = cell.paragraphs[0].add_run(str(value))
            run.font.size = Pt(max(6.0, round(17 * shrink) / 2))
            run.bold = values is heads
    paper.add_paragraph()


def _widths(rows: Sequence[Sequence[str]]) -> tuple[list[float], float]:
    """Give each column room for its longest word, then share the rest by its longest line.

    The second number is by how much the type must shrink for all words to fit.
    """
    columns = [[str(cell) for cell in column] for column in zip(*rows, strict=True)]
    words = [
        max((_long(w) for cell in column for w in cell.split()), default=0) for column in columns
    ]
    lines = [max(_long(line) for cell in column for line in cell.split("\n")) for column in columns]
    least = [word + _PADDING for word in words]
    wish = [max(0, min(line, 80) - word) for line, word in zip(lines, words, strict=True)]
    rest = max(0.0, _WIDTH - sum(least)) / max(1, sum(wish))
    wide = [room + rest * more for room, more in zip(least, wish, strict=True)]
    return [_WIDTH * one / sum(wide) for one in wide], min(1.0, _WIDTH / sum(least))


def _long(text: str) -> float:
    """Estimate how many mm a text takes in bold type of 8.5 points, whatever the font."""
    wide, narrow = sum(map(text.count, "mwMW@")), sum(map(text.count, "ijlftrI.,:;'-() "))
    upper = sum(c.isupper() for c in text)
    return 3.0 * (0.68 * len(text) + 0.35 * wide - 0.26 * narrow + 0.14 * upper)


def _packed(paper: Any) -> bytes:
    """Save, then pack again: a zip keeps the time at which each part was written."""
    first, second = io.BytesIO(), io.BytesIO()
    paper.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(entry, source.read(name))
    return second.getvalue()
