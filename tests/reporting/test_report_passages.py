"""A passage is found by its letters, however the report is held; no word of one is stored."""

import re
import textwrap

import pytest

import quidqual as qq
from quidqual.reporting.report_passages import Report, share_covered
from quidqual.study.claims import Anchor
from tests.findings.conftest import make

FIRST = "Efficient staff found the work-life balance of the “first” group difficult to describe."
SECOND = "Nobody, in the two interviews of 2021, spoke of the canteen; that is: none of the nine."
THIRD = "Così è la fine: it was said twice."
TEXT = f"""[[page 1]]
A title

{FIRST} Other words stand between, and they are not claimed by anyone at all.

{SECOND[:40]}
[[page 2]]
{SECOND[40:]} {THIRD}
"""


def anchor_of(text, words):
    start = re.search(r"\s+".join(map(re.escape, words.split())).replace(r"\ ", r"\s+"), text)
    return Report(text).anchor(*start.span())


def anchors():
    start = TEXT.index(SECOND[:40])
    return {
        FIRST: Report(TEXT).anchor(TEXT.index(FIRST), TEXT.index(FIRST) + len(FIRST)),
        SECOND: Report(TEXT).anchor(start, TEXT.index(SECOND[40:]) + len(SECOND[40:])),
        THIRD: Report(TEXT).anchor(TEXT.index(THIRD), TEXT.index(THIRD) + len(THIRD)),
    }


BODY = re.sub(r"\[\[page \d\]\]\n", "", TEXT)
WRAPPED = "\n\n".join(textwrap.fill(part, 31) for part in BODY.split("\n\n"))


def with_heads(text, every=4):
    lines = text.split("\n")
    for number, at in enumerate(range(every, len(lines) + every, every + 2), 1):
        lines[at:at] = [f"Evaluation report, page {number}", str(number)]
    return "\n".join(lines)


FORMS = {
    "as it is": TEXT,
    "one line": " ".join(BODY.split()),
    "wrapped anew": WRAPPED,
    "CRLF": WRAPPED.replace("\n", "\r\n"),
    "hyphens at line ends": BODY.replace("difficult", "diffi-\ncult").replace(
        "canteen", "can-\nteen"
    ),
    "ligatures": BODY.replace("ffi", "\ufb03").replace("fi", "\ufb01"),
    "other quotation marks": BODY.replace("“", "«").replace("”", "»"),
    "capitals": BODY.upper(),
    "accents of their own": BODY.replace("ì", "i\u0300").replace("è", "e\u0300"),
    "running heads between lines": with_heads(WRAPPED),
    "form feeds": WRAPPED.replace("\n\n", "\n\f"),
    "something before": "A preface of another edition.\n\n" + WRAPPED,
    "soft hyphens": BODY.replace("interviews", "inter\u00adviews"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_passage_is_found_however_the_report_is_held(form):
    report = Report(FORMS[form])
    for words, anchor in anchors().items():
        place = report.find(anchor)
        assert place is not None, words
        shown = report.passage(*place)
        assert "[[" not in shown
        assert "Evaluation report" not in shown
        assert "\n" not in shown
        plain = re.sub(r"[\W_]", "", shown.casefold())
        wanted = re.sub(r"[\W_]", "", words.casefold())
        if form not in ("accents of their own", "ligatures"):
            assert plain == wanted


def test_a_printed_passage_reads_as_it_was_written():
    report = Report(FORMS["hyphens at line ends"])
    shown = [report.passage(*report.find(anchor)) for anchor in anchors().values()]
    assert shown[0].startswith("Efficient staff found the work-life balance of the “first” group")
    assert shown[2] == THIRD


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A bal-\nance is found.", "A balance is found."),
        ("All work, a life: the work-\nlife of all.", "All work, a life: the work-life of all."),
        ("We work, we shop; the work-\nshop. A workshop.", "We work, we shop; the workshop. A workshop."),
    ],
)  # fmt: skip
def test_a_word_parted_at_the_end_of_a_line_is_joined(text, read):
    assert Report(text).passage(0, len(text)) == read


def test_other_words_are_not_found():
    anchor = anchors()[FIRST]
    assert Report(TEXT.replace("difficult", "easy")).find(anchor) is None
    assert Report("").find(anchor) is None
    assert Report(TEXT).find(Anchor(anchor.sha256, 0)) is None


def study_with(sections=True):
    found = anchors()
    first = Report(TEXT).anchor(TEXT.index("Efficient"), TEXT.index("Efficient") + 15)
    last = Report(TEXT).anchor(TEXT.index("it was said"), TEXT.index("it was said") + 18)
    report = {"title": "R"}
    if sections:
        report["sections"] = [
            {"title": "Results", "begins": dict(vars(first)), "ends": dict(vars(last))}
        ]
    base = make({"P1": {"c": "1"}})
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=base.rounds, participants=base.participants,
        interviews=base.interviews, notes=base.raw.notes, codebook=base.codebook, report=report,
        claims=[
            {"id": f"C{i}", "kind": "design", "summary": "s", "not_checkable": "w", "page": 9,
             "anchor": dict(vars(found[words]))}
            for i, words in enumerate((FIRST, SECOND))
        ],
    )  # fmt: skip


def test_passages_carry_the_page_of_the_text(tmp_path):
    book = qq.ledger(study_with())
    found = book.passages(TEXT)
    assert found["status"].tolist() == ["found", "found"]
    assert found["page"].tolist() == ["1", "1"]
    assert book.passages(WRAPPED)["page"].tolist() == ["9", "9"]  # the claim says it
    file = tmp_path / "report.txt"
    file.write_text(TEXT, "utf-8")
    assert book.passages(file)["passage"].tolist() == found["passage"].tolist()
    assert book.passages("Another text.\n")["status"].tolist() == ["not found", "not found"]
    with pytest.raises(qq.QuidqualError, match="cannot be read"):
        book.passages(tmp_path / "none.txt")
    with pytest.raises(qq.QuidqualError, match="not plain text"):
        book.passages(tmp_path / "report.pdf")


@pytest.mark.parametrize("form", ["as it is", "wrapped anew", "running heads between lines"])
def test_coverage_counts_the_letters_under_an_anchor(form):
    table = qq.ledger(study_with()).coverage(FORMS[form])
    letters = {w: sum(c.isalnum() for c in w) for w in (FIRST, SECOND, THIRD)}
    between = sum(
        c.isalnum() for c in "Other words stand between, and they are not claimed by anyone at all."
    )
    covered = letters[FIRST] + letters[SECOND]
    assert table["characters"].sum() == covered + between + letters[THIRD]
    assert share_covered(table) == pytest.approx(covered / table["characters"].sum())
    bare = table[~table["covered"]]
    assert "not claimed by anyone" in " ".join(bare["passage"])
    assert bare["claims"].map(len).sum() == 0
    if form == "as it is":
        assert bare["page"].tolist() == ["1", "2"]


def test_without_sections_coverage_says_what_to_name():
    with pytest.raises(qq.QuidqualError, match="Name them under report: sections"):
        qq.ledger(study_with(sections=False)).coverage(TEXT)
    with pytest.raises(qq.QuidqualError, match="'Results' is not found in this text"):
        qq.ledger(study_with()).coverage("Another text.\n")


def with_claim(**fields):
    base = make({"P1": {"c": "1"}})
    claim = {"id": "C", "kind": "design", "summary": "s", "not_checkable": "w", **fields}
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=base.rounds, participants=base.participants,
        interviews=base.interviews, notes=base.raw.notes, codebook=base.codebook, claims=[claim],
        report={"topics": [{"id": "soil", "title": "Soil"}]},
    )  # fmt: skip


def test_an_anchor_of_offsets_is_read_and_said_to_find_nothing(tmp_path):
    """As they were noted before anchors went by letters."""
    with_claim().save(tmp_path / "old")
    claims = tmp_path / "old" / "claims.yaml"
    old = f"{{start: 4, end: 21, sha256: {'a' * 64}}}"
    claims.write_text(claims.read_text("utf-8") + f"  anchor: {old}\n", "utf-8")
    study = qq.open_study(tmp_path / "old")
    (problem,) = study.problems[study.problems["file"] == "claims.yaml"].to_dict("records")
    assert problem["field"] == "C.anchor"
    assert "offsets hold in one text file only" in problem["message"]
    assert qq.ledger(study).passages(TEXT)["status"].tolist() == ["not found"]


def test_a_topic_that_the_report_does_not_name_is_refused():
    assert "claims.yaml" not in set(with_claim(topic="soil").problems["file"])
    with pytest.raises(qq.QuidqualError, match=r"C.topic.*'soul' is not a topic.*'soil'"):
        with_claim(topic="soul")
