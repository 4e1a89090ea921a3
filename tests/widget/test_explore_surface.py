"""Exploring without a browser: the table shown is the table that the printed lines make."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

import quidqual as qq
from quidqual.widget.explore_surface import ExploreSurface


@pytest.fixture(scope="module")
def study():
    return qq.load_example()


@pytest.fixture(scope="module")
def surface(study):
    return ExploreSurface(study)


def ask(surface, op, **data):
    answer = surface.answer({"op": op, **data})
    json.dumps(answer)
    assert "error" not in answer, answer
    return answer


CHOICES = [
    dict(zip(("level", "theme", "group", "rounds", "coder"), choice, strict=True))
    for choice in product(("code", "theme"), ("", "relationships"), ("", "survivor"), ([], ["R1", "R3"]), ("", "B"))
]  # fmt: skip


@pytest.mark.parametrize("choice", CHOICES)
def test_the_lines_make_the_table_that_is_shown(study, surface, choice):
    for view in ("tiles", "prevalence", "courses"):
        answer = ask(surface, "table", view=view, **choice)
        lines = answer["code"].splitlines()
        assert len(lines) == 3
        room = {"study": study}
        exec(answer["code"], room)
        table = room["table"]
        if view == "courses":
            assert [r["label"] for r in answer["rows"]] == table["label"].tolist()
            assert [r["pattern"] for r in answer["rows"]] == table["pattern"].tolist()
            continue
        codes, rounds = answer["codes"], answer["rounds"]
        if view == "prevalence":
            table = table.set_index(["code", "round"])
            for (c, code), (r, time) in product(enumerate(codes), enumerate(rounds)):
                row = table.loc[(code, time)]
                assert (answer["k"][c][r], answer["n"][c][r]) == (row["k"], row["n"])
                assert answer["labels"][c][r] == row["label"]
            assert len(table) == len(codes) * len(rounds)
        else:
            letters = np.array(list(answer["cells"]))
            assert len(letters) == len(table) == len(answer["people"]) * len(codes) * len(rounds)
            names = {"present": "p", "absent": "a", "not_observed": "n"}
            assert letters.tolist() == [names[s] for s in table["state"]]


def test_a_group_with_any_name_is_in_the_lines(tmp_path):
    from tests.hand_coding.session_study import make_folder

    folder = make_folder(tmp_path / "study")
    table = folder / "participants.csv"
    table.write_text(table.read_text("utf-8").replace("all", 'women\'s "house"'), "utf-8")
    small = qq.open_study(folder)
    group = small.participants["group"].iloc[0]
    answer = ask(ExploreSurface(small), "table", view="tiles", level="code", group=group)
    room = {"study": small}
    exec(answer["code"], room)
    assert len(room["table"]) == len(answer["cells"]) > 0


def test_behind_a_cell_stand_its_passages_and_no_others(study, surface):
    cell = {"participants": ["S1"], "round": "R1", "code": "relationships", "coder": "A"}
    found = ask(surface, "passages", **cell)
    wanted = study.codings.query(
        "participant == 'S1' and round == 'R1' and theme == 'relationships' and coder == 'A'"
    )
    assert found["n"] == len(wanted) > 0
    assert [p["words"] for p in found["passages"]] == wanted["exact"].tolist()
    first = found["passages"][0]
    note = ask(surface, "note", **{k: first[k] for k in ("interview", "start", "end")})
    assert note["words"] == first["words"]
    assert note["before"] + note["words"] + note["after"] == study.text(first["interview"])


def test_a_present_cell_always_has_passages(study, surface):
    answer = ask(surface, "table", view="tiles", level="theme")
    people, rounds, codes = answer["people"], answer["rounds"], answer["codes"]
    for i, letter in enumerate(answer["cells"]):
        person, time, code = np.unravel_index(i, (len(people), len(rounds), len(codes)))
        found = ask(
            surface, "passages", participants=[people[person]], round=rounds[time], code=codes[code]
        )
        assert (found["n"] > 0) == (letter == "p")


def test_a_choice_that_names_nothing_is_shown_as_such(surface):
    answer = ask(surface, "table", view="tiles", group="nobody")
    assert answer["people"] == []
    assert "error" in surface.answer({"op": "table", "coder": "nobody"})


def test_explore_takes_a_study_and_keeps_no_words(study, monkeypatch):
    shown = []
    import IPython.display

    monkeypatch.setattr(IPython.display, "display", lambda thing, **_: shown.append(thing))
    widget = qq.explore(study)
    widget._received(None, {"id": "1", "op": "table", "view": "prevalence", "theme": "coping"}, [])
    assert "codes='coping'" in widget.code
    widget._ipython_display_()
    assert "9 of 9" in shown[0].data
    state = json.dumps({k: v for k, v in widget.get_state().items() if k not in ("_esm", "_css")})
    words = study.codings["exact"].iloc[0]
    assert words not in state + shown[0].data
    with pytest.raises(qq.QuidqualError, match="A study is wanted"):
        qq.explore("a folder")
