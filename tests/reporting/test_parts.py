"""The parts of a report on their own: quotes, checks in words, coded notes."""

from __future__ import annotations

from dataclasses import replace

import pytest

import quidqual as qq
from quidqual.findings.ledger import Ledger
from quidqual.reporting.coded_notes import coded_notes
from quidqual.reporting.figures import inline
from quidqual.reporting.finding import find, interval_of
from quidqual.reporting.quotes import Passage, Piece, choose, pieces_of
from quidqual.study.measure import Result, measure_of
from tests.reporting.conftest import NOTES, study_of


def passage(name, code, who, speech="paraphrase"):
    return Passage(name, "for", "A", code, code, who, "R1", f"{who}-R1", "en", 0, 1, speech, ())


def test_a_span_that_cuts_through_speech_keeps_the_voices_apart():
    text = "È qui: “perché 🙂 no?” disse. “Sì.”"
    assert pieces_of(text, 0, len(text)) == (
        Piece("È qui:", False),
        Piece("perché 🙂 no?", True),
        Piece("disse.", False),
        Piece("Sì.", True),
    )
    inside = text.index("🙂")
    assert pieces_of(text, inside, inside + 4) == (Piece("🙂 no", True),)
    assert pieces_of(text, inside, text.index("disse") + 6) == (
        Piece("🙂 no?", True),
        Piece("disse.", False),
    )


def test_the_choice_spreads_over_codes_and_people_and_prefers_speech():
    rows = [
        passage("1", "a", "P1"),
        passage("2", "a", "P1", "verbatim"),
        passage("3", "a", "P2"),
        passage("4", "b", "P1"),
    ]
    shown, further = choose(rows, 3)
    assert [p.id for p in shown] == ["2", "3", "4"]
    assert [p.id for p in further] == ["1"]
    assert choose(rows, 0) == ([], rows)


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (
            {"measure": "prevalence", "codes": ["stay", "home"], "k": 1, "n": 2, "when": "fades"},
            (
                "Participants with ‘Stays & waits’ or ‘Home’ in the first observed round and not in the last",
                "1 of 2",
            ),
        ),
        (
            {"measure": "prevalence", "who": {"role": "r"}, "codes": ["home"], "op": "ge", "k": 1},
            ("Participants (role: r) with ‘Home’ in at least one observed round", "at least 1"),
        ),
        (
            {"measure": "prevalence", "where": [{"first": ["stay"], "then": ["home"]}], "k": 1},
            ("Participants with ‘Stays & waits’ and, in a later round, ‘Home’", "1"),
        ),
        (
            {"measure": "interviews", "where": {"mode": "by_phone"}, "equals": 3},
            ("Interviews held (mode: by phone)", "3"),
        ),
        (
            {"measure": "per_person", "equals": {2: 1, 1: 4}},
            (
                "How many participants were interviewed how many times",
                "1 interviewed 2 times and 4 interviewed 1 times",
            ),
        ),
    ],
)
def test_a_check_is_told_in_words(small, check, told):
    assert measure_of(check).words(check, small) == told


def test_every_check_of_the_example_can_be_told():
    study = qq.load_example()
    for claim in study.claims:
        for check in claim.checks:
            what, _ = measure_of(check).words(check, study)
            assert what, claim.id
            assert not set("{_") & set(what), claim.id


def test_the_interval_is_that_of_the_people_counted():
    # Wilson 1927: 3 of 4 gives .301 to .954 (Brown, Cai & DasGupta 2001, formula 4)
    assert interval_of(Result(True, "3 of 4", ("a", "b", "c"), ("d",))) == "0.30 to 0.95"
    assert interval_of(Result(True, "rank 1", (), ())) == ""


def test_a_drawing_keeps_its_ids_to_itself():
    svg = '<svg aria-labelledby="a b"><g id="a"/><g id="b"/><g id="b"/><use href="#b" clip-path="url(#a)"/></svg>'
    assert inline(svg, "f") == (
        '<svg aria-labelledby="f-a f-b"><g id="f-a"/><g id="f-b"/><g id="f-b.2"/>'
        '<use href="#f-b" clip-path="url(#f-a)"/></svg>'
    )


def test_a_passage_named_on_both_sides_says_so(small):
    claim = replace(small.claims[0], speaks_against=("stay",))
    found = find(Ledger(small, [claim], qq.presence(small)), claim, quotes=None)
    assert all(p.both for p in (*found.speaks_for.shown, *found.speaks_against.shown))


def test_the_runs_of_a_note_are_its_text_and_its_codings():
    study = study_of()
    book = qq.ledger(study)
    findings = tuple(find(book, claim, quotes=None) for claim in study.claims)
    for note in coded_notes(study, findings):
        text = NOTES[note.interview]
        lines = [line for line in text.split("\n") if line.strip()]
        assert ["".join(run.text for run in p.runs) for p in note.paragraphs] == lines
        own = study.codings[study.codings["interview"] == note.interview]
        for row in own.itertuples():
            marked = [r.text for p in note.paragraphs for r in p.runs if row.id in r.codings]
            assert "".join(marked) == row.exact
        numbers = [tag.number for p in note.paragraphs for tag in p.tags]
        assert numbers == list(range(1, len(own) + 1))
        assert sorted(n for p in note.paragraphs for r in p.runs for n in r.ends) == numbers
