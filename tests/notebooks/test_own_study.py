"""The same notebooks on a study of one's own: they run, and nothing of the example is in them."""

from __future__ import annotations

import re

import pytest
import yaml

import quidqual as qq
from quidqual.examples import example_folder
from tests.notebooks.conftest import read_aloud

ROUNDS = ("R1", "R2", "R3")
CODES = ("soil", "water", "quarrel", "harvest")
SAID = {
    "soil": "The soil is heavy here and she digs it over each spring.",
    "water": "“I carry water from the river every evening.”",
    "quarrel": "They quarrel about the hedge, and neither gives way.",
    "harvest": "The beans came up, and the first basket went to the neighbour.",
}
PLAN = {
    "P1": ("soil quarrel", "water quarrel", "harvest water"),
    "P2": ("soil", "quarrel water", "harvest"),
    "P3": ("water quarrel", "soil", "harvest soil"),
}
CLAIMS = [
    {
        "id": "C1", "topic": "ground", "page": 1, "group": "gardeners", "kind": "prevalence",
        "summary": "All gardeners speak of the soil.", "stated": {"k": 3, "n": 3},
        "check": {"measure": "prevalence", "codes": ["soil"], "k": 3, "n": 3},
        "against": ["water"],
    },
    {
        "id": "C2", "topic": "yield", "page": 2, "group": "gardeners", "kind": "prevalence",
        "summary": "Two of three bring in a harvest.", "stated": {"k": 2, "n": 3},
        "check": {"measure": "prevalence", "codes": ["harvest"], "k": 2, "n": 3},
    },
    {
        "id": "C3", "page": 2, "group": "gardeners", "kind": "qualitative",
        "summary": "Gardens make a street friendlier.", "stated": {"text": "friendlier"},
        "not_checkable": "nobody from the street was asked",
    },
]  # fmt: skip
# Notebooks that make a few people of their own, and say so.
OWN_PEOPLE = {"tool_own_study", "tool_safe_hands", "tool_coding"}
TOPICS = [
    {"id": "ground", "title": "The ground", "question": "What is the ground like?"},
    {"id": "yield", "title": "The yield", "question": "What came of it?"},
]


def own_study(folder, *, claims=(), topics=()):
    """Three gardeners, three rounds, one interview missed; real, with codes of its own."""
    interviews, notes, codings = [], {}, []
    for person, plan in PLAN.items():
        for round_, codes in zip(ROUNDS, plan, strict=True):
            name, missed = f"{person}-{round_}", (person, round_) == ("P3", "R2")
            interviews.append({"interview": name, "participant": person, "round": round_})
            if missed:
                interviews[-1]["status"] = "missed"
                continue
            notes[name] = " ".join(SAID[code] for code in codes.split())
            for code in codes.split():
                start = notes[name].index(SAID[code])
                end = start + len(SAID[code])
                codings += [
                    {"coder": coder, "interview": name, "start": start, "end": end, "code": code}
                    for coder in (("K", "M") if round_ == "R1" else ("K",))
                ]
    study = qq.Study.from_tables(
        title="Gardens behind the station",
        corpus="real",
        settings={"primary_coder": "K"},
        rounds=[{"round": r} for r in ROUNDS],
        participants=[{"participant": p, "group": "gardeners", "role": "gardener"} for p in PLAN],
        interviews=interviews,
        notes=notes,
        codebook=[
            {"id": code, "label": {"en": code.title()}, "definition": f"About {code}.",
             "patterns": {"en": [code]}}
            for code in CODES
        ],
        codings=codings,
        claims=claims,
        report={"title": "Gardens", "topics": list(topics)} if topics else None,
        recommendations=[
            {"id": "A1", "summary": "Lay a pipe.", "rests_on": ["C1"]},
            {"id": "A2", "summary": "Plant a hedge.", "rests_on": []},
        ] if claims else (),
    )  # fmt: skip
    return study.save(folder)


def words_of_the_example():
    """Names, labels and topics that could only come from the example."""
    folder = example_folder()
    book = yaml.safe_load((folder / "codebook.yaml").read_text("utf-8"))["codes"]
    topics = yaml.safe_load((folder / "claims.yaml").read_text("utf-8"))["report"]["topics"]
    ids = {code["id"] for code in book if "_" in code["id"]}
    labels = {code["label"]["en"] for code in book if " " in code["label"]["en"]}
    titles = {topic["title"] for topic in topics if " " in topic["title"]}
    questions = {topic["question"] for topic in topics}
    single = {"survivor", "trafficking", "trainer", "welfare", "synthetic", "enterprise", "Quid"}
    return sorted(ids | labels | titles | questions | single)


@pytest.fixture(scope="module")
def own(run_some, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    study = own_study(folder / "study", claims=CLAIMS, topics=TOPICS)
    return run_some(folder, "*.ipynb", study=study)


def test_no_word_of_the_example_appears(own):
    wanted = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}s?(?!\w)" for word in words_of_the_example()),
        re.IGNORECASE,
    )
    found = {}
    for name, cells in own.items():
        if name in OWN_PEOPLE:
            continue
        for cell in cells:
            if words := wanted.findall(read_aloud(cell)):
                found[name, cell.id] = words
    assert found == {}


def test_the_parts_follow_its_own_topics(own):
    first = "\n".join(read_aloud(cell) for cell in own["report_01_method"])
    assert "What is the ground like?" in first
    assert "All gardeners speak of the soil (C1): 3 of 3, reproduced (real)" in first
    second = "\n".join(read_aloud(cell) for cell in own["report_02_programme"])
    assert "(C2): 3 of 3, contradicted" in second
    third = "\n".join(read_aloud(cell) for cell in own["report_03_new_chapter"])
    assert "Other claims" in third
    assert "(C3): not checkable; nobody from the street was asked." in third
    later = "\n".join(read_aloud(cell) for cell in own["report_05_trust_and_friendships"])
    assert "Gardens behind the station states no claim here." in later


def test_recommendations_say_what_they_rest_on(own):
    told = "\n".join(read_aloud(cell) for cell in own["report_10_recommendations"])
    told = " ".join(told.split())
    assert "Of 2 recommendations, 1 rests on findings and 1 on none." in told
    assert "A1: Lay a pipe. It rests on C1 (reproduced)." in told
    assert "A2: Plant a hedge." in told


def test_a_study_without_claims_says_so_in_a_line(run_some, tmp_path):
    cells = run_some(tmp_path, "report_*.ipynb", study=own_study(tmp_path / "study"))
    assert len(cells) == 10
    for name, book in cells.items():
        told = "\n".join(read_aloud(cell) for cell in book)
        assert re.search(r"Gardens behind the station (states no claim|lists no rec)", told), name
