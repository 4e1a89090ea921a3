"""The verbs of coding: what each writes, what it refuses, and that undo takes all of it back."""

from __future__ import annotations

import json
import random

import pandas as pd
import pytest

import quidqual as qq
from tests.hand_coding.session_study import CODEBOOK, NOTES, contents, make_folder, session


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "study")


def lines_of(folder, coder="A"):
    text = (folder / "codings" / f"{coder}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_words_that_stand_once_are_coded_where_they_stand(folder):
    with session(folder) as c:
        key = c.add("P1-R1", words="Perché no", code="trust")
        at = c.study.codings.set_index("id").loc[key]
    start = NOTES["P1-R1"].index("Perché no")
    assert (at["start"], at["end"], at["exact"]) == (start, start + 9, "Perché no")
    assert (at["code"], at["source"], at["anchor"]) == ("trust", "hand", "exact")


def test_words_that_stand_twice_are_asked_for_by_number(folder):
    with session(folder) as c:
        with pytest.raises(qq.QuidqualError, match=r"stand 2 times .* nth=1 to nth=2"):
            c.add("P1-R1", words="She came", code="work")
        key = c.add("P1-R1", words="She came", nth=2, code="work")
        assert c.coding(key)["start"] == NOTES["P1-R1"].rindex("She came")
        with pytest.raises(qq.QuidqualError, match=r"stand 2 times .* nth is 3"):
            c.add("P1-R1", words="She came", nth=3, code="work")


def test_offsets_count_code_points_and_leave_blanks_out(folder):
    at = NOTES["P1-R1"].index("🙂")
    with session(folder) as c:
        key = c.add("P1-R1", start=at - 1, end=at + 1, code="trust")
        assert c.coding(key)["exact"] == "🙂"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"words": "nowhere at all"}, "these words are not in the note"),
        ({"start": 5, "end": 5}, "not a passage"),
        ({"start": 0, "end": 10_000}, "not a passage"),
        ({"words": "She", "start": 0, "end": 3}, "by its words, or by start and end"),
        ({}, "by its words, or by start and end"),
        ({"words": "She said", "code": "ties"}, "is a heading"),
        ({"words": "She said", "code": "trst"}, "Did you mean 'trust'"),
    ],
)
def test_what_cannot_be_coded_is_refused_and_nothing_written(folder, given, message):
    before = (folder / "codings" / "A.jsonl").read_bytes()
    with session(folder) as c, pytest.raises(qq.QuidqualError, match=message) as caught:
        c.add("P1-R1", **{"code": "trust", **given})
    assert "nowhere" not in str(caught.value), "no word of a note or of a passage in a message"
    assert (folder / "codings" / "A.jsonl").read_bytes() == before


def test_the_same_passage_is_not_coded_twice(folder):
    with session(folder) as c, pytest.raises(qq.QuidqualError, match="has the code 'work' already"):
        c.add("P1-R1", words="She came early.", code="work")


def test_every_verb_writes_lines_that_the_study_reads(folder):
    with session(folder) as c:
        key = c.add("P1-R1", words="She said", code="trust")
        c.change_bounds(key, end=c.coding(key)["end"] + 1)
        c.change_code(key, "work")
        c.memo("why", coding=key)
        c.weigh(key, 2)
        row = c.study.codings.set_index("id").loc[key]
        assert (row["exact"], row["code"], row["memo"], row["weight"]) == (
            "She said:",
            "work",
            "why",
            2,
        )
        first, second = c.split(key, c.coding(key)["start"] + 4)
        assert [c.coding(k)["exact"] for k in (first, second)] == ["She", "said:"]
        assert [c.coding(k)["memo"] for k in (first, second)] == ["why", "why"]
        c.remove(first)
        assert first not in set(c.study.codings["id"])
    assert len(qq.validate(folder)) == 0
    assert {line["op"] for line in lines_of(folder)} == {"add", "edit", "remove"}


def test_a_memo_and_a_weight_can_be_taken_away(folder):
    with session(folder) as c:
        key = c.add("P1-R1", words="She said", code="trust", memo="why", weight=1)
        c.memo("", coding=key)
        c.weigh(key, None)
        row = c.study.codings.set_index("id").loc[key]
    assert row["memo"] == ""
    assert pd.isna(row["weight"])


def test_read_marks_decide_what_is_absent(folder):
    text = (folder / "study.toml").read_text("utf-8").replace('uncoded = "absent"\n', "")
    (folder / "study.toml").write_text(text, encoding="utf-8")

    def state(study):
        table = qq.presence(study, coder="A").set_index(["interview", "code"])
        return table.loc[("P2-R1", "trust"), "state"]

    with session(folder) as c:
        assert state(c.study) == "not_observed"
        c.read("P2-R1")
        assert state(c.study) == "absent"
        c.undo()
        assert state(c.study) == "not_observed"
        c.redo()
        c.unread("P2-R1")
        assert state(c.study) == "not_observed"
        with pytest.raises(qq.QuidqualError, match="has no note"):
            c.read("P2-R2")


def test_memos_on_notes_codes_and_the_study(folder):
    with session(folder) as c:
        c.memo("on the note", note="P1-R1")
        c.memo("on the study")
        c.memo("on the code", code="trust")
        c.memo("on the note, again", note="P1-R1")
    with session(folder) as c:
        assert (c.memos["P1-R1"], c.memos[""]) == ("on the note, again", "on the study")
        assert c.study.codebook["trust"].memo == "on the code"
        c.undo()
        assert c.memos["P1-R1"] == "on the note"
        c.undo()
        assert c.study.codebook["trust"].memo == ""
        c.undo(), c.undo()
        assert (c.memos["P1-R1"], c.memos[""]) == ("", "")
        c.redo()
        assert c.memos["P1-R1"] == "on the note"


def random_step(c, rng):
    """Do something, whatever it is."""
    keys = sorted(c.state.standing)
    book = c.study.codebook
    codes = [code for code in book.codable if not book[code].retired]
    interview = rng.choice(sorted(NOTES))
    a, b = sorted(rng.sample(range(len(c.text(interview))), 2))
    verbs = {
        "add": lambda: c.add(interview, start=a, end=b, code=rng.choice(codes)),
        "remove": lambda: c.remove(rng.choice(keys)),
        "bounds": lambda: c.change_bounds(rng.choice(keys), start=0, end=rng.randint(3, 9)),
        "code": lambda: c.change_code(rng.choice(keys), rng.choice(codes)),
        "memo": lambda: c.memo(rng.choice(["", "a memo", "another"]), coding=rng.choice(keys)),
        "weigh": lambda: c.weigh(rng.choice(keys), rng.choice([None, 1, 2.5])),
        "read": lambda: c.read(interview),
        "unread": lambda: c.unread(interview),
        "note memo": lambda: c.memo("a memo", note=interview),
        "create": lambda: c.codes.create(f"new{rng.random()}", parent=rng.choice([None, "ties"])),
        "rename": lambda: c.codes.rename(rng.choice(book.ids), f"named{rng.random()}"),
        "redefine": lambda: c.codes.redefine(rng.choice(book.ids), definition="It: is # new"),
        "move": lambda: c.codes.move(rng.choice(book.ids), parent=rng.choice(book.ids)),
        "merge": lambda: c.codes.merge(
            rng.choice(book.ids), into=rng.choice(codes), overlaps=rng.choice(["join", "keep"])
        ),
        "retire": lambda: c.codes.retire(rng.choice(codes)),
        "mend": lambda: c.mend(interview, c.text(interview)[a:b].strip(), "à", nth=1),
    }
    rng.choice([*verbs.values(), *[verbs["add"]] * 6])()


@pytest.mark.parametrize("seed", range(12))
def test_undo_takes_everything_back_and_redo_makes_it_again(folder, seed):
    rng = random.Random(seed)
    before, done = contents(folder), 0
    with session(folder) as c:
        while done < 25:
            size = c._stack._last
            try:
                random_step(c, rng)
            except (qq.QuidqualError, IndexError):
                continue
            done += c._stack._last > size
    after = contents(folder)
    with session(folder) as c:  # a new session knows the steps of the one before
        for _ in range(done):
            assert c.undo()
        assert c.undo() == ""
        assert contents(folder) == before
        for _ in range(done):
            assert c.redo()
        assert c.redo() == ""
        assert contents(folder) == after
        while c.undo():
            pass
    assert contents(folder) == before
    assert (folder / "codebook.yaml").read_text("utf-8") == CODEBOOK


def test_a_new_step_ends_redo(folder):
    with session(folder) as c:
        c.read("P1-R1")
        c.undo()
        c.read("P1-R2")
        assert c.redo() == ""


def test_code_every_hit_after_looking(folder):
    with session(folder) as c:
        hits = c.find('"trust"')
        assert hits["keep"].tolist() == [True, True]
        assert hits["interview"].tolist() == ["P1-R1", "P1-R2"]
        hits.loc[0, "keep"] = False
        done = c.code_hits(hits, "work")
        assert done["done"].tolist() == ["rejected", "coded"]
        new = c.study.codings.set_index("id").loc[done["id"][1]]
        assert (new["exact"], new["code"], new["source"]) == ("trust", "work", "rule")
        assert c.code_hits(hits, "work")["done"].tolist() == ["rejected", "there already"]
        assert c.undo() == "hits"
        assert len(c.codings) == 3
    decided = qq.suggestions.decisions(folder)
    assert decided["decision"].tolist() == ["reject", "accept", "reject"]


def test_a_hit_must_say_whether_it_is_kept(folder):
    with session(folder) as c:
        hits = c.find('"trust"').astype({"keep": object})
        hits.loc[0, "keep"] = "perhaps"
        with pytest.raises(qq.QuidqualError, match="1 rows do not say whether to keep them"):
            c.code_hits(hits, "work")


def test_a_slip_in_a_note_is_mended_and_every_passage_goes_along(folder):
    note = folder / "notes" / "P1-R1.md"
    before = contents(folder)
    with session(folder) as c:
        table = c.mend("P1-R1", "I trust nobody", "I trusted hardly anybody")
        assert sorted(zip(table["coder"], table["change"], strict=True)) == [
            ("A", "reworded"), ("B", "reworded"),
        ]  # fmt: skip
        study = c.study
        exact = study.codings.set_index(["coder", "code"])["exact"]
        assert exact["A", "distrust"] == "I trusted hardly anybody 🙂"
        assert exact["B", "trust"].tolist()[0] == "She said: “I trusted hardly anybody 🙂.”"
        assert exact["A", "work"] == "She came early."
        moved = c.mend("P1-R1", "She came early. ", "")
        assert set(moved["change"]) == {"lost", "moved"}
        assert study.codings["anchor"].eq("exact").all()
        assert len(c.study.lost) == 0
        assert len(qq.validate(folder)) == 0
        c.undo(), c.undo()
    assert note.read_text("utf-8") == NOTES["P1-R1"]
    assert contents(folder) == before


def test_blind_coding_shows_nothing_of_others(folder):
    with session(folder, blind=True) as c:
        assert set(c.states()) == {"A"}
        with pytest.raises(qq.QuidqualError, match="a blind session shows no codings of others"):
            c.compare("A", "B")
    with session(folder) as c:
        assert set(c.states()) == {"A", "B"}


def test_study_is_fresh_and_sees_what_another_program_wrote(folder):
    from quidqual.study.log_append import append

    with session(folder, coder="A") as c:
        n = len(c.study.codings)
        assert c.study is c.study
        line = {k: v for k, v in lines_of(folder, "B")[0].items() if k != "more"}
        append(folder, "B", [{**line, "id": "another", "code": "work"}])
        assert len(c.study.codings) == n + 1


def test_a_study_without_a_folder_is_refused(folder):
    study = qq.open_study(folder)
    study.folder = None
    with pytest.raises(qq.QuidqualError, match="no folder to log in"):
        qq.coding_session(study, coder="A")
