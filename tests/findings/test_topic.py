"""Topics and recommendations told in sentences, on studies that can be counted by hand."""

from __future__ import annotations

import pytest

import quidqual as qq
from quidqual.findings.verdict import Telling, judge
from quidqual.study.errors import QuidqualError

NOTES = {
    "P1-R1": "She digs. She waits.", "P1-R2": "She waits.",
    "P2-R1": "He digs.", "P2-R2": "He rests.",
}  # fmt: skip


def coding(interview, words, code):
    start = NOTES[interview].index(words)
    return {"interview": interview, "start": start, "end": start + len(words), "code": code}


def claim(name, codes, k, **other):
    check = {"measure": "prevalence", "codes": codes, "k": k, "n": 2}
    own = {"id": name, "page": 1, "group": "all", "kind": "prevalence", "check": check}
    return {**own, "summary": f"So it is with {name}.", "stated": {"k": k, "n": 2}, **other}


CLAIMS = [
    claim("C1", ["dig"], 2, topic="work", against=["rest"]),
    claim("C2", ["rest"], 2, topic="work"),
    claim("C3", ["wait"], 1, topic="pause", note="waiting is read as any pause"),
    {
        "id": "C4", "page": 2, "group": "all", "kind": "qualitative", "topic": "pause",
        "summary": "It does one good.", "stated": {"text": "good"},
        "not_checkable": "nobody was asked",
    },
]  # fmt: skip
TOPICS = [
    {"id": "work", "title": "Work", "question": "Who works?"},
    {"id": "pause", "title": "Pause"},
]


def made(*, claims=CLAIMS, topics=TOPICS, recommendations=(), corpus="real"):
    return qq.Study.from_tables(
        title="Two gardens",
        corpus=corpus,
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": p, "group": "all"} for p in ("P1", "P2")],
        interviews=[
            {"interview": name, "participant": name[:2], "round": name[3:]} for name in NOTES
        ],
        notes=NOTES,
        codebook=[{"id": "dig"}, {"id": "wait"}, {"id": "rest"}],
        codings=[
            coding("P1-R1", "She digs.", "dig"),
            coding("P1-R1", "She waits.", "wait"),
            coding("P1-R2", "She waits.", "wait"),
            coding("P2-R1", "He digs.", "dig"),
            coding("P2-R2", "He rests.", "rest"),
        ],
        claims=claims,
        report={"topics": topics} if topics else None,
        recommendations=recommendations,
    )


def test_a_topic_by_number_is_that_by_id_and_several_are_one():
    book = qq.ledger(made())
    assert book.topic(1).sentences.equals(book.topic("work").sentences)
    both = book.topic(1, 2)
    assert both.title == "Work; Pause"
    assert both.sentences["claim"].tolist() == ["C1", "C2", "C3", "C4"]
    assert book.topics["claims"].tolist() == [2, 2]


def test_a_number_beyond_the_last_has_no_claims_and_says_so():
    topic = qq.ledger(made()).topic(3)
    for told in (topic.heading, topic.limits, topic.closing):
        assert list(told) == ["Two gardens states no claim here."]
    assert "states no claim here" in topic._repr_html_()
    assert topic.presence.empty
    assert topic.passages().empty
    assert topic.courses.empty


@pytest.mark.parametrize("wrong", [0, -1, True, 1.0, None])
def test_what_is_neither_an_id_nor_a_number_is_refused(wrong):
    with pytest.raises(QuidqualError, match="id or its number"):
        qq.ledger(made()).topic(wrong)


def test_an_unknown_id_is_refused():
    with pytest.raises(QuidqualError, match="topic"):
        qq.ledger(made()).topic("leisure")


def test_claims_without_a_topic_have_a_row_of_their_own():
    without = [{k: v for k, v in c.items() if k != "topic"} for c in CLAIMS]
    book = qq.ledger(made(claims=without, topics=()))
    assert book.topics["title"].tolist() == ["All claims"]
    assert len(book.topic(1).sentences) == 4
    mixed = qq.ledger(made(claims=[CLAIMS[0], *without[1:]]))
    assert mixed.topics["title"].tolist() == ["Work", "Pause", "Other claims"]
    assert mixed.topics["claims"].tolist() == [1, 0, 3]


def test_sentences_say_figure_verdict_and_who_is_against():
    assert qq.ledger(made()).topic("work").sentences["sentence"].tolist() == [
        "So it is with C1 (C1): 2 of 2, reproduced (real); against it: P2.",
        "So it is with C2 (C2): 1 of 2, contradicted.",
    ]


def test_the_closing_counts_what_stands_above_it():
    book = qq.ledger(made())
    assert list(book.topic(1).closing) == [
        "Of 2 claims, 1 is reproduced (real) and 1 is contradicted (C2).",
        "Coded passages speak for 2 of them, and for 1 there are passages against as well (C1).",
    ]
    assert book.topic(2).closing.sentences[0] == (
        "Of 2 claims, 1 is reproduced (real) and 1 cannot be checked (C4)."
    )
    both = [CLAIMS[0], {**CLAIMS[0], "id": "C0"}]
    assert qq.ledger(made(claims=both)).topic(1).closing.sentences[0] == (
        "All 2 claims are reproduced (real)."
    )
    synthetic = qq.ledger(made(corpus="synthetic")).topic(1).closing
    assert list(synthetic)[-1].startswith("The notes are synthetic")


def test_limits_tell_what_nothing_decides_before_how_words_were_read():
    assert list(qq.ledger(made()).topic(2).limits) == [
        "C4 cannot be checked: nobody was asked.",
        "C3 as it was read: waiting is read as any pause.",
    ]


def test_a_reading_travels_into_the_sentences():
    topic = qq.ledger(made().reading(participants="P1")).topic(1)
    assert "[reading: only P1]" in list(topic.heading)[-1]
    assert ": 1 of 1," in topic.sentences["sentence"][0]


def test_what_has_happened_is_told_before_and_not_gone():
    study = qq.load_example()
    courses = qq.ledger(study).topic("self_future").courses
    lines = courses[courses["code"] == "status_gained"].set_index("round")["state"]
    assert lines.tolist() == ["not there", "not there", "there", "told before"]
    blame = courses[courses["code"] == "need_to_please"]
    assert blame["state"].tolist()[-1] == "not there"


def test_states_are_of_those_seen_and_need_a_construct():
    book = qq.ledger(qq.load_example())
    assert set(book.topic("self_future").states["participant"]) == {"S1", "S2", "S3", "S4"}
    with pytest.raises(QuidqualError, match="no construct"):
        book.topic("community").states  # noqa: B018


ADVICE = [
    {"id": "A1", "page": 3, "summary": "Dig deeper.", "rests_on": ["C1"]},
    {"id": "A2", "page": 3, "summary": "Rest.", "rests_on": ["C2", "C4"], "note": "as it seems"},
    {"id": "A3", "page": 4, "summary": "Paint the fence.", "rests_on": []},
]


def test_recommendations_name_their_findings_with_the_verdict():
    told = qq.ledger(made(recommendations=ADVICE)).recommended
    assert list(told.resting) == [
        "A1, page 3: Dig deeper. It rests on C1 (reproduced).",
        "A2, page 3: Rest. It rests on C2 (contradicted) and C4 (not checkable). As it seems.",
    ]
    assert list(told.without) == ["A3, page 4: Paint the fence."]
    assert list(told.closing)[:2] == [
        "Of 3 recommendations, 2 rest on findings and 1 on none.",
        "Of these, A2 rests on no finding that was reproduced.",
    ]
    rested = told.findings.set_index("claim")["recommendations"]
    assert rested.to_dict() == {"C1": ("A1",), "C2": ("A2",), "C4": ("A2",)}
    assert told.counts.drop(columns="corpus").values.tolist() == [["3", 2, 0], ["4", 0, 1]]
    none = qq.ledger(made()).recommended
    assert list(none.closing) == ["Two gardens lists no recommendation."]


def test_the_example_has_64_recommendations_22_of_which_rest_on_nothing():
    told = qq.ledger(qq.load_example()).recommended
    assert (len(told.resting), len(told.without)) == (42, 22)


def test_markup_in_a_sentence_is_shown_as_it_is_written():
    told = Telling(["a < b & c"], heading="<b>", listed=True)
    assert told._repr_html_() == (
        "<p><strong>&lt;b&gt;</strong></p><ul><li>a &lt; b &amp; c</li></ul>"
    )


def test_no_claim_is_judged_twice_for_its_topic(monkeypatch):
    judged = []

    def counted(claim, *rest):
        judged.append(claim.id)
        return judge(claim, *rest)

    monkeypatch.setattr("quidqual.findings.judged.judge", counted)
    book = qq.ledger(qq.load_example())
    topics = [book.topic(name) for name in book.topics["topic"]]
    assert [topic.closing.sentences for topic in topics]
    assert len(book.table) == len(judged)
    assert len(set(judged)) == len(judged)
