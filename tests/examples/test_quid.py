"""What the data card of the example promises, counted from its files."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter

import pytest

import quidqual as qq
from quidqual.examples import example_folder
from quidqual.study.log import coding_id
from quidqual.study.schema import check_document
from quidqual.study.validate import validate

FOLDER = example_folder()
NOTES = {path.stem: path.read_text("utf-8") for path in sorted((FOLDER / "notes").glob("*.md"))}
LOGS = {
    coder: [
        json.loads(line)
        for line in (FOLDER / "codings" / f"{coder}.jsonl").read_text("utf-8").splitlines()
    ]
    for coder in "AB"
}
CARD = (FOLDER / "README.md").read_text("utf-8")


def rows(name):
    with open(FOLDER / name, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def example():
    return qq.load_example()


def test_nothing_is_wrong_and_nothing_is_doubtful():
    assert validate(FOLDER).empty


@pytest.mark.parametrize("coder", ["A", "B"])
def test_each_coding_stands_on_its_words_and_has_the_id_they_give(coder):
    log = LOGS[coder]
    for entry in log:
        text = NOTES[entry["interview"]]
        start, end = entry["start"], entry["end"]
        assert text[start:end] == entry["exact"]
        assert entry.get("prefix", "") == text[max(0, start - 32) : start]
        assert entry.get("suffix", "") == text[end : end + 32]
        assert entry["id"] == coding_id(coder, entry["interview"], start, end, entry["code"])
    times = [entry["at"] for entry in log]
    assert times == sorted(times)
    assert len({entry["id"] for entry in log}) == len(log)


def test_both_coders_have_read_every_note():
    for log in LOGS.values():
        assert {entry["interview"] for entry in log} == set(NOTES)
    settings = tomllib.loads((FOLDER / "study.toml").read_text("utf-8"))
    assert {each["covers"] for each in settings["coders"].values()} == {"all"}
    assert {each["kind"] for each in settings["coders"].values()} == {"machine"}
    assert settings["uncoded"] == "absent"


def test_the_second_reading_is_of_one_piece_in_two_sittings():
    """The card: all notes were coded blind, survivors first, after everything else was done."""
    log = LOGS["B"]
    assert min(entry["at"] for entry in log) > max(entry["at"] for entry in LOGS["A"])
    sittings = {
        who: [e["at"] for e in log if (e["interview"][0] == "S") is (who == "survivors")]
        for who in ("survivors", "staff")
    }
    assert max(sittings["survivors"]) < min(sittings["staff"])
    talks = [row["interview"] for row in rows("interviews.csv") if row["status"] == "held"]
    places = [(talks.index(entry["interview"]), entry["start"], entry["end"]) for entry in log]
    assert places == sorted(places)


def test_what_the_two_coders_have_in_common_is_told():
    cells = {who: {(e["interview"], e["code"]) for e in log} for who, log in LOGS.items()}
    told = re.search(r"A has (\d+) and B (\d+); (\d+) are the same", CARD)
    a, b = cells["A"], cells["B"]
    assert [int(number) for number in told.groups()] == [len(a), len(b), len(a & b)]
    esteem = [{i for i, code in cells[who] if code == "self_esteem"} for who in "AB"]
    assert f"of {len(esteem[0] | esteem[1])} interviews\n  that either coded" in CARD
    assert f"that either coded, {len(esteem[0] & esteem[1])})" in CARD


def test_what_no_longer_holds_when_b_reads_is_told(example):
    """R11 and R35 both ask for self-esteem, which B finds in fewer notes."""
    verdicts = {
        who: qq.ledger(example.reading(coder=who)).table.set_index("claim")["verdict"]
        for who in "AB"
    }
    apart = verdicts["A"][verdicts["A"] != verdicts["B"]].index
    assert f"read by B, {' and '.join(sorted(apart))} no longer hold" in CARD


def test_the_numbers_of_the_card(example):
    lengths = sorted(len(text.split()) for text in NOTES.values())
    assert f"{lengths[0]} to {lengths[-1]} words" in CARD
    book = example.codebook
    assert f"{len(book.themes)} themes, {len(book.codable)} codes" in CARD
    talks = [row for row in rows("interviews.csv") if row["status"] == "held"]
    places = Counter((row["participant"][0] == "S", row["place"]) for row in talks)
    assert len(talks) == len(NOTES) == 27
    assert places[False, "office"] == 8
    assert places[True, "room of her choice"] == 13
    assert places[True, "video"] == 1
    assert "8 of\nthe 13 interviews with staff are in offices" in CARD


def test_every_code_is_used_but_the_one_that_nobody_has_noticed(example):
    used = {entry["code"] for entry in LOGS["A"]}
    parents = {code.parent for code in example.codebook}
    assert set(example.codebook.codable) - used - parents == {"unhealthy_relationships"}


def test_a_topic_of_one_round_is_asked_in_one_round(example):
    once = [code for code in example.codebook if code.kind == "prompted_once"]
    assert {code.id for code in once} >= {"none_noticed", "workshop_motivated"}
    assert all(len(code.asked.rounds) == 1 for code in once)
    assert {code.id for code in example.codebook if len(code.asked.rounds) == 1} == {
        c.id for c in once
    }
    assert example.codebook["learning_new_tasks"].kind == "event"
    assert example.codebook["limbo"].kind == "state"


def test_another_kind_is_refused():
    document = {"codes": [{"id": "c", "kind": "mood"}]}
    assert check_document(document, "codebook", file="codebook.yaml")
    document["codes"][0]["kind"] = "event"
    assert not check_document(document, "codebook", file="codebook.yaml")


def test_a_kind_is_kept_and_the_usual_one_not_written():
    book = qq.Codebook([{"id": "a"}, {"id": "b", "kind": "event"}])
    assert [code.kind for code in book] == ["state", "event"]
    assert [code.to_dict() for code in book] == [{"id": "a"}, {"id": "b", "kind": "event"}]


def test_no_two_notes_share_a_sentence_or_a_long_run_of_words():
    runs = {}
    for name, text in NOTES.items():
        words = re.findall(r"\w+", text.lower())
        for at in range(len(words) - 6):
            runs.setdefault(tuple(words[at : at + 7]), set()).add(name)
    assert [(run, names) for run, names in runs.items() if len(names) > 1] == []


def test_the_notes_are_of_their_year_and_not_all_alike():
    told = " ".join(NOTES.values()).lower()
    for word in (
        "mask",
        "mascherin",
        "green pass",
        "certificato verde",
        "lockdown",
        "quaranti",
        "quarantena",
        "distanze",
    ):
        assert word in told, word
    lists = [name for name, text in NOTES.items() if len(re.findall(r"(?m)^- ", text)) > 5]
    assert lists == ["T3-R3"]
    lengths = {name: len(text.split()) for name, text in NOTES.items()}
    assert {name for name, length in lengths.items() if length < 450} == {"S1-R2", "S3-R2", "T2-R2"}


@pytest.mark.parametrize(
    ("note", "gone"),
    [
        ("S3-R1", "Attacca bottoni"), ("S3-R2", "quando il terzo"), ("S3-R3", "in un gruppo con l'ufficio"),
        ("T1-R2", "al rientro, ha detto"), ("T1-R3", "nessuna era la mia"), ("T1-R3", "A tenerle"),
        ("T1-R3", "presenze girati"), ("T2-R1", "Discussioni da banco"), ("T2-R3", "smosso niente"),
        ("T3-R3", "e la salute"), ("T4-R1", "ascoltato il futuro"), ("T4-R2", "una riuscita diversa"),
        ("T4-R3", "Chi entrava per prima"), ("T4-R3", "con l'ufficio acquisti"), ("W1-R1", "si sente al sicuro"),
    ],
)  # fmt: skip
def test_idioms_that_a_native_reader_would_not_write(note, gone):
    assert gone not in NOTES[note]


def test_a_newcomer_has_been_there_for_months_and_not_a_year():
    band = {row["participant"]: row["months_at_work"] for row in rows("participants.csv")}
    assert band["S4"] == band["S1"] == band["S2"] == "0-6"


def test_she_who_teaches_how_a_fault_is_found_is_capable():
    """A gap of the coding once made this the only loss of ability in the study."""
    found = [e for e in LOGS["A"] if e["interview"] == "S4-R3" and e["code"] == "capable_at_work"]
    assert ["how a fault is found" in entry["exact"] for entry in found] == [True]
