"""A reading chosen in the first cell travels: printed figures against a count from the files."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict

import pytest
import yaml

from quidqual.examples import example_folder
from tests.notebooks.conftest import read_aloud

FOLDER = example_folder()
CLAIMS = yaml.safe_load((FOLDER / "claims.yaml").read_text("utf-8"))
BOOK = yaml.safe_load((FOLDER / "codebook.yaml").read_text("utf-8"))["codes"]
ASKED = {code["id"]: code.get("asked") or {} for code in BOOK}
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


def log(coder):
    lines = (FOLDER / "codings" / f"{coder}.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert {entry["op"] for entry in entries} == {"add"}
    return entries


def counted(codes, group, coder, leave_out, rounds=None):
    """k of n: who has one of the codes, of those with an interview in which it was asked."""
    people = {p["participant"] for p in table("participants.csv") if p["group"] == group}
    people -= set(leave_out)
    times = set(rounds or ("R1", "R2", "R3", "R4"))
    asked = set()
    for code in codes:
        asked |= set(ASKED[code].get("rounds") or times) & times
    talks = {
        i["interview"]: i["participant"]
        for i in table("interviews.csv")
        if i["participant"] in people and i["status"] == "held" and i["round"] in asked
    }
    having = {
        talks[entry["interview"]]
        for entry in log(coder)
        if entry["code"] in codes and entry["interview"] in talks
    }
    return f"{len(having)} of {len(set(talks.values()))}"


def plain_counts():
    """Claims whose check asks how many of a group ever carry codes, and nothing else."""
    for claim in CLAIMS["claims"]:
        check = claim.get("check")
        plain = isinstance(check, dict) and check.get("measure") == "prevalence"
        plain = plain and set(check) <= {"measure", "codes", "op", "k", "n", "rounds"}
        if plain and claim.get("group") in ("survivor", "staff"):
            yield claim["id"], check["codes"], claim["group"], check.get("rounds")


@pytest.fixture(scope="module", params=READINGS)
def printed(request, run_some, tmp_path_factory):
    """Everything that the notebooks on the report print under one reading."""
    chosen = READINGS[request.param]
    folder = tmp_path_factory.mktemp("reading")
    books = run_some(folder, "report_0*.ipynb", reading=chosen["reading"])
    return chosen, books


def sentences(books):
    """The computed figure of each claim, as it stands in the sentences."""
    found = {}
    for cells in books.values():
        for cell in cells:
            for match in re.finditer(r"\((\w+)\): ([^,;\n]+)[,;] ", read_aloud(cell)):
                found.setdefault(match[1], match[2])
    return found


def test_there_are_plain_counts_to_compare():
    assert len(list(plain_counts())) >= 12


def test_each_printed_count_is_the_count_of_the_files(printed):
    chosen, books = printed
    told = sentences(books)
    for claim, codes, group, rounds in plain_counts():
        expected = counted(codes, group, chosen["coder"], chosen["leave_out"], rounds)
        assert told[claim] == expected, claim


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
