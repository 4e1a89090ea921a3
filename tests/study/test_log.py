import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.log import add_lines, coding_frame, coding_id, parse_log, replay
from quidqual.study.log_append import append


def line(**fields):
    base = {
        "op": "add",
        "id": "i",
        "at": "",
        "coder": "A",
        "interview": "P",
        "start": 0,
        "end": 2,
        "exact": "ab",
        "code": "c",
    }
    return {**base, **fields}


def standing(*entries):
    codings, _, problems = replay(entries, file="codings/A.jsonl", coder="A")
    return {c["id"]: c for c in codings}, [p.message for p in problems]


def test_replay_add_edit_remove():
    codings, problems = standing(
        line(id="1"),
        line(id="2"),
        {"op": "edit", "id": "1", "code": "d"},
        {"op": "remove", "id": "2"},
    )
    assert problems == []
    assert list(codings) == ["1"]
    assert codings["1"]["code"] == "d"
    assert codings["1"]["source"] == "hand"


def test_remove_twice_is_harmless_but_edit_of_nothing_is_not():
    _, problems = standing(line(id="1"), {"op": "remove", "id": "1"}, {"op": "remove", "id": "1"})
    assert problems == []
    _, problems = standing({"op": "edit", "id": "9", "code": "d"})
    assert problems == ["edit of a coding that is not there."]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"end": 0}, "end must be greater"),
        ({"start": -1}, "end must be greater"),
        ({"start": "0"}, "whole numbers"),
        ({"start": True}, "whole numbers"),
        ({"exact": 3}, "not text"),
        ({"coder": "B"}, "not the one whose log"),
        ({"source": "guess"}, "unknown source"),
        ({"weight": "much"}, "not a number"),
        ({"op": "paint"}, "op must be one of"),
        ({"id": ""}, "no id"),
    ],
)
def test_bad_lines_are_named(fields, words):
    codings, problems = standing(line(**fields))
    assert not codings
    assert any(words in message for message in problems)


def test_a_cut_off_last_line_stays_in_the_log_and_the_rest_loads(small):
    log = small / "codings/A.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"op": "add", "id": "c3", "exa')
    study = qq.open_study(small)
    assert len(study.codings) == 2
    assert "cut off" in study.problems["message"].iloc[0]
    assert log.read_bytes().startswith(whole)
    append(small, "A", [line(id="c4", interview="P1-R1", start=0, end=3, exact="She", code="work")])
    cut = whole + b'{"op": "add", "id": "c3", "exa\n{"op": "void"'
    assert log.read_bytes().startswith(cut)  # nothing is ever taken away
    assert len(qq.open_study(small).codings) == 3
    assert len(qq.validate(small)) == 0


def test_append_never_rewrites(small):
    log = small / "codings/A.jsonl"
    before = log.read_bytes()
    append(small, "A", [{"op": "remove", "id": "c2"}])
    assert log.read_bytes().startswith(before)
    assert qq.open_study(small).codings["id"].tolist() == ["c1"]


def test_a_broken_line_in_the_middle_is_an_error(small):
    log = small / "codings/A.jsonl"
    log.write_bytes(b"not json\n" + log.read_bytes())
    with pytest.raises(
        qq.QuidqualError, match=r"codings/A.jsonl, row 1: the line is not a JSON object"
    ):
        qq.open_study(small)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 50),
            st.integers(1, 20),
            st.sampled_from("xyz"),
            st.text(max_size=8),
            st.none() | st.integers(1, 3),
        ),
        max_size=20,
    )
)
def test_written_lines_replay_to_the_same_codings(items):
    rows = [
        line(
            id=coding_id("A", "P", start, start + length, code, n),
            start=start,
            end=start + length,
            exact="w" * length,
            code=code,
            memo=memo,
            weight=weight,
        )
        for n, (start, length, code, memo, weight) in enumerate(items)
    ]
    frame = coding_frame(
        [
            {k: v for k, v in row.items() if k != "op"}
            | {"prefix": "", "suffix": "", "source": "hand"}
            for row in rows
        ]
    )
    entries, problems = parse_log(add_lines(frame).encode(), file="l")
    codings, _, more = replay(entries, file="l", coder="A")
    assert (problems, more) == ([], [])
    assert coding_frame(codings).equals(frame)


@given(st.binary(max_size=200))
def test_any_bytes_give_problems_not_exceptions(data):
    entries, problems = parse_log(data, file="l")
    replay(entries, file="l", coder="A")
    for problem in problems:
        assert problem.file == "l"


def test_lines_are_json_with_letters_as_they_are():
    frame = coding_frame(
        [
            {
                **line(exact="perché"),
                "prefix": "",
                "suffix": "",
                "source": "hand",
                "memo": "",
                "weight": 2.0,
            }
        ]
    )
    text = add_lines(frame)
    assert "perché" in text
    assert json.loads(text)["weight"] == 2


def test_ids_are_uuid5_of_what_the_coding_says():
    import uuid

    from quidqual.study.log import NAMESPACE

    name = "\x1f".join(["È", "P-1", "3", "9", "trust", "0"])
    assert coding_id("È", "P-1", 3, 9, "trust") == str(uuid.uuid5(NAMESPACE, name))


BY_HAND = {"op": "add", "interview": "P1-R1", "exact": "home", "code": "trust"}


@pytest.fixture
def spoken(tmp_path):
    """A study with one note, in which `home` stands once and `I stay` twice."""
    study = qq.Study.from_tables(
        title="T", corpus="synthetic", rounds=[{"round": "R1"}], codebook=[{"id": "trust"}],
        participants=[{"participant": "P1", "group": "g"}],
        interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
        notes={"P1-R1": "I stay at\nhome. I stay."},
    )  # fmt: skip
    folder = study.save(tmp_path / "s")
    (folder / "codings").mkdir()
    return folder


def written(folder, *entries):
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    (folder / "codings/Eva.jsonl").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({}, (10, 14)),
        ({"start": None, "end": None}, (10, 14)),
        ({"exact": "at home"}, (7, 14)),
        ({"exact": " home "}, (10, 14)),
        ({"exact": "I stay", "prefix": "home. "}, (16, 22)),
        ({"exact": "I stay", "suffix": " at"}, (0, 6)),
        ({"id": "x", "at": "2024-01-01T00:00:00Z", "coder": "Eva", "later": [1]}, (10, 14)),
    ],
)
def test_a_line_written_by_hand_needs_no_offsets(spoken, more, place):
    """It was refused: the session writes offsets, a person does not count them."""
    written(spoken, {**BY_HAND, **more}, {"op": "read", "interview": "P1-R1"})
    study = qq.open_study(spoken)
    row = study.codings.iloc[0]
    assert (row["start"], row["end"]) == place
    assert row["exact"] == study.text("P1-R1")[slice(*place)]
    assert row["coder"] == "Eva"
    assert qq.validate(spoken).empty
    with qq.coding_session(spoken, coder="Eva") as session:
        assert session.codings[["start", "end"]].values.tolist() == [list(place)]
        session.remove(row["id"])
        session.undo()
    assert qq.open_study(spoken).codings[["start", "end"]].values.tolist() == [list(place)]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"exact": "I stay"}, "row 1, field 'exact': these words stand 2 times"),
        ({"exact": "gone"}, "row 1, field 'exact': these words are not in the note"),
        ({"exact": "  "}, "row 1, field 'exact': the coding has neither words"),
        ({"start": 3}, "row 1, field 'start': start and end must be whole numbers"),
    ],
)
def test_a_line_written_by_hand_that_cannot_be_placed_is_named(spoken, more, message):
    written(spoken, {**BY_HAND, **more})
    with pytest.raises(qq.QuidqualError, match=r"codings/Eva\.jsonl, " + message) as refused:
        qq.open_study(spoken)
    assert len(refused.value.problems) == 1
    assert "gone" not in str(refused.value)
