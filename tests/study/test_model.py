import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.codebook import Codebook


def test_frames_of_the_small_study(small):
    study = qq.open_study(small)
    assert study.interviews["status"].tolist() == ["held", "held", "held", "missed"]
    assert study.interviews["round"].cat.ordered
    assert study.interviews["minutes"].isna().tolist() == [False, False, False, True]
    assert study.notes["interview"].tolist() == ["P1-R1", "P1-R2", "P2-R1"]
    assert study.notes["group"].tolist() == ["one", "one", "two"]
    codings = study.codings
    assert codings["theme"].tolist() == ["work", "ties"]
    assert codings["participant"].tolist() == ["P1", "P1"]
    assert codings["speech"].tolist() == ["paraphrase", "paraphrase"]
    for frame in (
        study.participants,
        study.interviews,
        study.notes,
        study.segments,
        codings,
        study.rounds,
    ):
        assert set(frame["corpus"]) == {"synthetic"}
        assert frame.index.tolist() == list(range(len(frame)))


def test_segments_cover_the_note_and_tell_the_voice(small):
    study = qq.open_study(small)
    rows = study.segments[study.segments["interview"] == "P1-R1"]
    text = study.text("P1-R1")
    assert rows["words"].tolist() == ["She likes the work.", "“I stay,” she says.", "🙂 ok"]
    assert [text[a:b] for a, b in zip(rows["start"], rows["end"], strict=True)] == rows[
        "words"
    ].tolist()
    assert rows["speech"].tolist() == ["paraphrase", "mixed", "paraphrase"]


def test_speaker_turns_are_columns_not_text():
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}], participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": "P-R1", "participant": "P", "round": "R1"}],
        notes={"P-R1": "Anna: I stay. I do.\nInterviewer: Why?"}, settings={"notes": {"speaker_turns": True}},
    )  # fmt: skip
    assert study.segments[["speaker", "words"]].values.tolist() == [
        ["Anna", "I stay."],
        ["Anna", "I do."],
        ["Interviewer", "Why?"],
    ]


def test_one_participant_one_round_no_codebook():
    study = qq.Study.from_tables(
        title="t", corpus="real", rounds=[{"round": "R1"}], participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": "i", "participant": "P", "round": "R1"}], notes={"i": ""},
    )  # fmt: skip
    assert study.languages == ("und",)
    assert len(study.codings) == 0
    assert len(study.segments) == 0
    assert qq.presence(study).empty


def test_empty_scaffold_gives_empty_frames(tmp_path):
    study = qq.open_study(qq.new_study(tmp_path / "mine", title='With "quotes"'))
    assert study.title == 'With "quotes"'
    assert study.participants.empty
    assert study.interviews.empty
    assert study.codings.empty
    assert study.segments.empty
    assert qq.ledger(study).table.empty
    with pytest.raises(qq.QuidqualError, match="something under this name"):
        qq.new_study(tmp_path / "mine")


def test_tables_are_checked_like_files():
    with pytest.raises(qq.QuidqualError) as caught:
        qq.Study.from_tables(
            title="t", corpus="real", rounds=[{"round": "R1"}, {"round": "R2"}],
            participants=[{"participant": "P", "group": "g"}],
            interviews=[{"interview": "i", "participant": "P", "round": "R1"}], notes={"i": "abc"},
            codings=[{"interview": "i", "start": 2, "end": 9, "code": "none"}],
        )  # fmt: skip
    text = str(caught.value)
    assert "no row in interviews.csv for: 'R2'" in text
    assert "'none' is not a code" in text


def study_of(notes, codings):
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": f"P{i}", "group": "g", "x": "1"} for i in range(len(notes))],
        interviews=[{"interview": f"P{i}-R1", "participant": f"P{i}", "round": "R1", "language": "it"} for i in range(len(notes))],
        notes={f"P{i}-R1": text for i, text in enumerate(notes)}, codebook=[{"id": "c"}, {"id": "d"}], codings=codings,
    )  # fmt: skip


WORDS = st.text(alphabet="aè 🙂\n“”e\u0301\r,\"'", min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_saving_and_opening_gives_the_same_study(tmp_path_factory, notes, data):
    from quidqual.study.text import canonical

    codings = []
    for i, text in enumerate(notes):
        length = len(canonical(text))
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(0, max(0, length - 1)))
            end = data.draw(st.integers(start + 1, max(start + 1, length)))
            if end <= length:
                codings.append(
                    {
                        "interview": f"P{i}-R1",
                        "start": start,
                        "end": end,
                        "code": "c",
                        "coder": "È/B",
                        "memo": data.draw(WORDS),
                    }
                )
    study = study_of(notes, codings or None)
    folder = tmp_path_factory.mktemp("round") / "study"
    again = qq.open_study(study.save(folder))
    assert again == study
    assert again.hash == study.hash


def test_saving_over_another_study_is_refused(tmp_path):
    study_of(["one"], None).save(tmp_path / "s")
    with pytest.raises(qq.QuidqualError, match="other content in"):
        study_of(["two"], None).save(tmp_path / "s")
    assert (tmp_path / "s/notes/P0-R1.md").read_text("utf-8") == "one"


def test_saving_into_its_own_folder_keeps_the_log_with_its_history(small):
    log = small / "codings/A.jsonl"
    log.write_bytes(log.read_bytes() + b'{"op": "remove", "id": "c2", "at": "", "coder": "A"}\n')
    history = log.read_bytes()
    for name in ("study.toml", "codebook.yaml", "participants.csv", "interviews.csv"):
        (small / name).unlink()
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}], participants=[{"participant": "P1", "group": "g"}],
        interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
        notes={"P1-R1": (small / "notes/P1-R1.md").read_text("utf-8")}, codebook=[{"id": "work"}],
        codings=[{"id": "c1", "at": "2021-05-04T09:00:00Z", "coder": "A", "interview": "P1-R1", "start": 10, "end": 18, "code": "work"}],
    )  # fmt: skip
    study.save(small)
    assert log.read_bytes() == history


def test_equality_ignores_the_order_of_rows():
    one = study_of(["a b c", "d"], [{"interview": "P0-R1", "start": 0, "end": 1, "code": "c"}])
    frames = one.raw
    other = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}], participants=frames.participants.iloc[::-1],
        interviews=frames.interviews.iloc[::-1], notes=frames.notes, codebook=Codebook([{"id": "c"}, {"id": "d"}]),
        codings=frames.codings,
    )  # fmt: skip
    assert one == other
    assert one != study_of(["a b c", "e"], None)


def test_a_duplicate_coding_gets_its_own_id():
    twice = [{"interview": "P0-R1", "start": 0, "end": 1, "code": "c"}] * 2
    study = study_of(["abc"], twice)
    assert study.codings["id"].nunique() == 2


def test_frames_can_be_concatenated_into_tables(small):
    study = qq.open_study(small)
    codings = pd.concat([study.codings, study.codings.assign(coder="B", id="")])
    again = qq.Study.from_tables(
        title="x", corpus="synthetic", rounds=study.rounds, participants=study.participants,
        interviews=study.interviews, notes=study.raw.notes, codebook=study.codebook, codings=codings,
    )  # fmt: skip
    assert again.coders == ("A", "B")
    assert len(again.codings) == 4


def test_claims_and_raw_tables_are_handed_out_as_copies(small):
    study = qq.open_study(small)
    one = {
        "id": "C", "kind": "prevalence", "summary": "s", "stated": {"k": 1, "n": 2},
        "check": {"measure": "prevalence", "codes": [study.codebook.codable[0]], "k": 1, "n": 2},
    }  # fmt: skip
    raw = study.raw
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=study.rounds, participants=study.participants,
        interviews=study.interviews, notes=raw.notes, codebook=study.codebook,
        codings=study.codings, claims=[one],
    )  # fmt: skip
    before = study.claims
    one["check"]["k"] = 2  # the mapping the study was made of
    study.claims[0].stated["k"] = 9
    study.claims[0].checks[0]["codes"].append("x")
    study.raw.interview_rows.clear()
    study.raw.claims[0].stated.clear()
    assert study.claims == before
    assert study.claims[0].stated == {"k": 1, "n": 2}
    assert study.claims[0].checks[0]["k"] == 1
    book = qq.ledger(study)
    verdict = book.table["verdict"].tolist()
    table, presence = book.table, book.presence
    table["verdict"], presence["state"] = "no", "absent"
    book.claims[0].checks[0]["k"] = 0
    assert book.table["verdict"].tolist() == verdict
