"""A reading chosen in the first cell travels: printed figures against a count from the files."""

from __future__ import annotations

import csv
import html
import re
from collections import defaultdict

import pytest
import yaml

import quidqual as qq
from quidqual.examples import example_folder
from tests.notebooks.conftest import read_aloud
from tests.notebooks.counted import Counted

FOLDER = example_folder()
CLAIMS = yaml.safe_load((FOLDER / "claims.yaml").read_text("utf-8"))
PEOPLE = ("S1", "S2", "S3", "S4", "T1", "T2", "T3", "T4", "W1")
VERDICTS = "reproduced|contradicted|not decided|arithmetic"
READINGS = {
    "coder A": {"coder": "A", "leave_out": (), "reading": '(coder="A")'},
    "without S3": {
        "coder": "A",
        "leave_out": ("S3",),
        "reading": '(participants=["S1", "S2", "S4", "T1", "T2", "T3", "T4", "W1"])',
    },
    "coder B": {"coder": "B", "leave_out": (), "reading": '(coder="B")'},
}


def table(name):
    with open(FOLDER / name, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module", params=READINGS)
def printed(request, run_some, tmp_path_factory):
    """Everything that the notebooks on the report print under one reading."""
    chosen = READINGS[request.param]
    folder = tmp_path_factory.mktemp("reading")
    books = run_some(folder, "report_0*.ipynb", reading=chosen["reading"])
    return chosen, books


def sentences(books):
    """What was computed for each claim, as it stands in the sentences."""
    found = {}
    for cells in books.values():
        for cell in cells:
            for output in cell.get("outputs", ()):
                for line in re.findall(r"<li>(.*?)</li>", output.data.get("text/html", "")):
                    match = re.search(rf"\((\w+)\): (.*?), (?:{VERDICTS})", html.unescape(line))
                    if match:
                        found.setdefault(match[1], match[2])
    return found


def test_each_printed_count_is_the_count_of_the_files(printed):
    chosen, books = printed
    told = sentences(books)
    counted = Counted(FOLDER, chosen["coder"], chosen["leave_out"])
    compared = 0
    for claim in CLAIMS["claims"]:
        expected = counted.counts(claim)
        if expected is not None:
            compared += 1
            printed_counts = re.findall(r"\d+ of \d+|not observed", told[claim["id"]])
            assert printed_counts == expected, (claim["id"], told[claim["id"]])
    assert compared > 70


@pytest.mark.parametrize("coder", ["A", "B"])
@pytest.mark.parametrize("leave_out", [(), *((p,) for p in PEOPLE), ("R4",), ("S2", "W1", "R1")])
def test_each_count_of_the_ledger_is_the_count_of_the_files(coder, leave_out):
    study = qq.load_example()
    kept = [p for p in PEOPLE if p not in leave_out]
    rounds = [r for r in study.round_order if r not in leave_out]
    book = qq.ledger(study.reading(coder=coder, participants=kept, rounds=rounds))
    computed = book.table.set_index("claim")["computed"]
    counted = Counted(FOLDER, coder, leave_out)
    for claim in CLAIMS["claims"]:
        expected = counted.counts(claim)
        if expected is not None:
            found = re.findall(r"\d+ of \d+|not observed", computed[claim["id"]])
            assert found == expected, (claim["id"], computed[claim["id"]])


def test_who_is_left_out_is_named_only_where_a_claim_hangs_on_her(printed):
    chosen, books = printed
    for name, cells in books.items():
        for cell in cells:
            for output in cell.get("outputs", ()):
                shown = output.data.get("text/html") or output.data["text/plain"]
                for line in re.split(r"</li>|</tr>|\n", shown):
                    named = [who for who in chosen["leave_out"] if re.search(rf"\b{who}\b", line)]
                    told = re.search("not decided|this reading leaves|[Rr]eading: without", line)
                    assert not named or told, (name, line)


def test_the_interviews_are_counted_as_the_table_has_them(printed):
    chosen, books = printed
    status = defaultdict(int)
    for row in table("interviews.csv"):
        if row["participant"] not in chosen["leave_out"]:
            status[row["round"], row["status"]] += 1
    text = next(
        read_aloud(cell) for cell in books["report_01_method"] if "not_due" in read_aloud(cell)
    )
    for round_ in ("R1", "R2", "R3", "R4"):
        row = [status[round_, word] for word in ("held", "missed", "not_due")]
        assert re.search(rf"{round_}\s+{row[0]}\s+{row[1]}\s+{row[2]}\b", text), round_


def test_every_heading_names_the_reading(printed):
    _, books = printed
    for name, cells in books.items():
        heading = read_aloud(next(c for c in cells if c.cell_type == "code"))
        assert "[reading:" in heading, name


def test_the_closing_counts_the_sentences_above_it(printed):
    _, books = printed
    for name, cells in books.items():
        told = read_aloud(cells[3])
        closing = re.search(
            r"(?:Of|All) (\d+) claims?,? (.*?)\. ", read_aloud(cells[-1]).replace("\n", " ")
        )
        lines = len(re.findall(r"<li>", cells[3].outputs[0].data["text/html"]))
        assert int(closing[1]) == lines, name
        for word in ("contradicted", "not decided"):
            number = re.search(rf"(\d+) (?:is|are) {word}", closing[2])
            shown = len(re.findall(rf", {word}[.;]", told))
            assert int(number[1] if number else 0) == shown, (name, word)
