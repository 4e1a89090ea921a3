"""The surface without a browser: messages in, messages out, the log on the disk."""

from __future__ import annotations

import json

import pytest

import quidqual as qq
from quidqual.widget.coding_surface import CodingSurface
from quidqual.widget.shown_words import interface_words
from tests.hand_coding.session_study import NOTES, make_folder, session


def ask(surface, op, **data):
    answer = surface.answer({"op": op, "id": "1", **data})
    json.dumps(answer)  # what goes to the browser
    assert "error" not in answer, answer
    return answer


def test_opening_shows_people_rounds_progress_and_codes(coding):
    coding.session.read("P1-R2")
    answer = ask(coding, "open")
    states = {i["interview"]: (i["state"], i["n"]) for i in answer["interviews"]}
    assert states == {"P1-R1": ("begun", 2), "P1-R2": ("read", 1), "P2-R1": ("open", 0)}
    assert [(c["id"], c["depth"], c["n"]) for c in answer["codes"]] == [
        ("ties", 0, 0), ("trust", 1, 1), ("distrust", 1, 1), ("daily", 0, 0), ("work", 1, 1),
    ]  # fmt: skip
    assert len({c["mark"] for c in answer["codes"][1:3]}) == 2, "told apart without colour"


def test_a_note_comes_with_its_text_speech_and_own_codings_only(coding):
    note = ask(coding, "note", interview="P1-R1")
    assert note["text"] == NOTES["P1-R1"]
    assert [note["text"][a:b] for a, b in note["verbatim"]] == ["“I trust nobody 🙂.”"]
    assert {c["coder"] for c in note["codings"]} == {"A"}
    assert note["others"] == []


def test_a_coding_is_on_the_disk_and_only_what_changed_is_answered(coding, folder):
    ask(coding, "note", interview="P1-R1")
    text = NOTES["P1-R1"]
    start = text.index("Perché")
    answer = ask(coding, "add", interview="P1-R1", start=start, end=start + 6, code="trust")
    assert [c["id"] for c in answer["put"]] == [answer["id"]]
    assert answer["counts"]["trust"] == 2
    on_disk = qq.open_study(folder).codings.set_index("id").loc[answer["id"]]
    assert (on_disk["exact"], on_disk["code"], on_disk["source"]) == ("Perché", "trust", "hand")
    assert coding.session.study.codings["id"].isin([answer["id"]]).sum() == 1
    for op, more in [
        ("bounds", {"start": start, "end": start + 9}), ("code", {"code": "work"}),
        ("memo", {"text": "why"}), ("weigh", {"weight": 2}), ("split", {"at": start + 7}),
    ]:  # fmt: skip
        ask(coding, op, interview="P1-R1", coding=answer["id"], **more)
    gone = ask(coding, "remove", interview="P1-R1", coding=answer["id"])
    assert gone["gone"] == [answer["id"]]
    undone = ask(coding, "undo", interview="P1-R1")
    assert undone["done"] == "remove"
    assert answer["id"] in {c["id"] for c in undone["note"]["codings"]}


def test_an_error_is_an_answer_in_the_words_of_the_library(coding):
    answer = coding.answer(
        {"op": "add", "interview": "P1-R1", "start": 0, "end": 3, "code": "ties"}
    )
    assert "is a heading" in answer["error"]
    assert "error" in coding.answer({"op": "__init__"})
    assert "error" in coding.answer({})


def test_the_codebook_grows_from_the_surface(coding):
    made = ask(
        coding,
        "create",
        interview="P1-R1",
        code="hope",
        label="Hope",
        definition="d",
        parent="ties",
    )
    assert "hope" in [c["id"] for c in made["codes"]]
    ask(coding, "redefine", interview="P1-R1", code="trust", fields={"definition": "Relies."})
    assert {c["code"] for c in ask(coding, "reread")["rows"]} == {"trust"}
    merged = ask(coding, "merge", interview="P1-R1", code="distrust", into="trust", overlaps="keep")
    assert merged["report"] == [{"coder": "A", "moved": 1, "joined": 0, "apart": 0}]
    ask(coding, "rename", interview="P1-R1", code="trust", into="reliance")
    ask(coding, "move", interview="P1-R1", code="hope", parent="daily")
    ask(coding, "retire", interview="P1-R1", code="hope")
    for _ in range(6):
        ask(coding, "undo", interview="P1-R1")
    assert [c["id"] for c in ask(coding, "open")["codes"]] == [
        "ties",
        "trust",
        "distrust",
        "daily",
        "work",
    ]


def test_a_slip_is_mended_at_the_place_that_was_marked(coding):
    at = NOTES["P1-R1"].index("She came", 5)
    answer = ask(coding, "mend", interview="P1-R1", start=at, end=at + 8, words="He came")
    assert answer["note"]["text"] == NOTES["P1-R1"].replace("early. She came", "early. He came")


def test_suggestions_are_accepted_or_rejected_and_both_are_logged(folder):
    with session(folder) as c:
        frame = qq.tag(c.study, {"trust": ["trust"]})
        surface = CodingSurface(c, suggestions=frame)
        shown = ask(surface, "note", interview="P1-R1")["suggestions"]
        assert [NOTES["P1-R1"][s["start"] : s["end"]] for s in shown] == ["trust"]
        made = ask(surface, "accept", interview="P1-R1", key=shown[0]["key"])
        assert made["put"][0]["source"] == "rule"
        assert made["suggestions"] == []
        other = ask(surface, "note", interview="P1-R2")["suggestions"][0]
        assert ask(surface, "reject", interview="P1-R2", key=other["key"])["suggestions"] == []
    decided = qq.suggestions.decisions(folder)
    assert decided[["decision", "interview"]].values.tolist() == [
        ["accept", "P1-R1"],
        ["reject", "P1-R2"],
    ]
    with session(folder) as c:  # a rejected one does not come back
        assert (
            ask(CodingSurface(c, suggestions=frame), "note", interview="P1-R2")["suggestions"] == []
        )


def test_suggestions_are_off_by_default_and_never_shown_blind(folder):
    with session(folder, blind=True) as c:
        assert ask(CodingSurface(c), "note", interview="P1-R1")["suggestions"] == []
        for given in (
            {"suggestions": qq.tag(c.study, {"trust": ["trust"]})},
            {"compare": ("A", "B")},
        ):
            with pytest.raises(qq.QuidqualError, match="blind coding shows neither"):
                CodingSurface(c, **given)


def test_blind_answers_hold_nothing_of_others(folder):
    with session(folder, blind=True) as c:
        surface = CodingSurface(c)
        told = json.dumps(
            [ask(surface, "open"), *(ask(surface, "note", interview=i) for i in NOTES)]
        )
        theirs = c.all_states()["B"].standing
        assert not [key for key in theirs if key in told]
        merged = ask(surface, "merge", interview="P1-R1", code="trust", into="distrust")
        assert {row["coder"] for row in merged["report"]} == {"A"}


def test_two_coders_side_by_side_and_the_third_set(folder):
    with session(folder, coder="agreed") as c:
        surface = CodingSurface(c, compare=("A", "B"))
        note = ask(surface, "note", interview="P1-R1")
        assert {x["coder"] for x in note["others"]} == {"A", "B"}
        cases = ask(surface, "cases", interview="P1-R1")["cases"]
        assert sorted(x["kind"] for x in cases) == ["missed", "other code"]
        case = next(x for x in cases if x["kind"] == "other code")
        refused = surface.answer(
            {"op": "decide", "interview": "P1-R1", "case": case["case"], "take": "first"}
        )
        assert "needs a reason" in refused["error"]
        done = ask(
            surface, "decide", interview="P1-R1", case=case["case"], take="first", reason="r"
        )
        assert [x["code"] for x in done["put"]] == ["distrust"]
        assert {x["case"]: x["decided"] for x in done["cases"]}[case["case"]] == "first"
    assert set(qq.open_study(folder).codings["coder"]) == {"A", "B", "agreed"}


def test_both_languages_have_every_word_and_others_are_refused():
    assert interface_words("en").keys() == interface_words("it").keys()
    assert all(interface_words("it").values())
    with pytest.raises(qq.QuidqualError, match="does not speak 'xx'"):
        interface_words("xx")


class TestWidget:
    def test_annotate_holds_the_log_until_it_is_closed_and_a_cell_may_run_twice(self, folder):
        one = qq.annotate(folder, coder="A")
        two = qq.annotate(qq.open_study(folder), coder="A")
        assert one.session is two.session
        two.session.add("P1-R1", words="She said", code="trust")
        assert len(two.study.codings) == 6
        two.close()
        with session(folder) as c:
            assert len(c.codings) == 4

    def test_a_widget_answers_and_tells_of_changes_made_elsewhere(self, folder):
        widget = qq.annotate(folder, coder="A")
        sent = []
        widget.send = lambda message: sent.append(message)
        widget._received(None, {"id": "7", "op": "read", "interview": "P1-R1", "read": True}, [])
        assert [m["re"] for m in sent] == ["7"]
        widget.session.read("P1-R2")
        assert sent[-1] == {"kind": "stale"}
        widget.close()

    def test_no_word_of_a_note_is_in_the_state_or_in_the_saved_output(self, folder, monkeypatch):
        shown = []
        import IPython.display

        monkeypatch.setattr(IPython.display, "display", lambda thing, **_: shown.append(thing))
        widget = qq.annotate(folder, coder="A")
        widget._received(None, {"id": "7", "op": "note", "interview": "P1-R1"}, [])
        widget._ipython_display_()
        state = {k: v for k, v in widget.get_state().items() if k not in ("_esm", "_css")}
        html, bundle = shown
        told = json.dumps(state) + html.data + json.dumps({k: v for k, v in bundle.items()})
        assert "P1" in html.data
        assert "begun, 2" in html.data
        for words in ("trust nobody", "came early", "Perché", "alert("):
            assert words not in told
        widget.close()
        asked = qq.annotate(folder, coder="A", keep_words=True)
        shown.clear()
        asked._ipython_display_()
        assert "I trust nobody" in shown[0].data
        asked.close()

    def test_suggestions_may_be_the_patterns_of_the_codebook(self, tmp_path):
        folder = make_folder(tmp_path / "s")
        with session(folder) as c:
            c.codes.redefine("trust", patterns={"und": ["trust"], "xx": ["trust"]})
        widget = qq.annotate(folder, coder="A", suggestions="patterns")
        assert widget.surface.answer({"op": "open"})["suggested"] == 2
        widget.close()
        with pytest.raises(qq.QuidqualError, match="must be a table or 'patterns'"):
            qq.annotate(folder, coder="A", suggestions="models")
