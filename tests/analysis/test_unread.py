"""A note that nobody read tells nothing, and what nobody was asked is no silence."""

from __future__ import annotations

import pandas as pd
import pytest

import quidqual as qq
from quidqual.analysis.presence import unread_notes
from quidqual.study.model import Study


def four_people(**more):
    """Four people, one round each; A coded two of the four notes."""
    people = ["S1", "S2", "S3", "S4"]
    given = {
        "title": "Half coded",
        "corpus": "synthetic",
        "rounds": [{"round": "R1"}],
        "participants": [{"participant": p, "group": "surv"} for p in people],
        "interviews": [{"interview": p, "participant": p, "round": "R1"} for p in people],
        "notes": dict.fromkeys(people, "I trust nobody here."),
        "codebook": [{"id": "c"}, {"id": "d"}],
        "codings": [
            {"coder": "A", "interview": p, "start": 2, "end": 7, "code": "c"} for p in ("S1", "S2")
        ],
    }
    return Study.from_tables(**{**given, **more})


def label(study, code="c", **arguments):
    counted = qq.prevalence(qq.presence(study, **arguments))
    return counted.loc[counted["code"] == code, "label"].item()


def test_a_half_coded_study_counts_the_notes_that_were_read():
    study = four_people()
    table = qq.presence(study)
    assert label(study) == "2 of 2"  # not "2 of 4"
    assert set(table.loc[table["participant"].isin(["S3", "S4"]), "reason"]) == {"unread"}
    assert unread_notes(table) == "2 notes unread"


def test_a_study_may_say_that_all_was_read():
    study = four_people(settings={"uncoded": "absent"})
    assert label(study) == "2 of 4"
    assert unread_notes(qq.presence(study)) == ""
    assert label(study, uncoded="not_observed") == "2 of 2"
    assert label(four_people(), uncoded="absent") == "2 of 4"


def test_notes_that_a_coder_marked_are_read_and_no_others():
    study = four_people(settings={"coders": {"A": {"covers": ["S1", "S3"]}}})
    table = qq.presence(study).set_index(["participant", "code"])
    assert table.loc[("S3", "c"), "state"] == "absent"
    # S2 holds a coding but is not finished: the code is there, the silence of d says nothing
    assert table.loc[("S2", "c"), "state"] == "present"
    assert table.loc[("S2", "d"), ["state", "reason"]].tolist() == ["not_observed", "unread"]
    assert table.loc[("S4", "c"), "reason"] == "unread"


def test_each_coder_has_her_own_reading():
    codings = [
        {"coder": coder, "interview": p, "start": 2, "end": 7, "code": "c"}
        for coder, p in (("A", "S1"), ("B", "S2"))
    ]
    study = four_people(codings=codings)
    assert label(study, coder="A") == "1 of 1"
    assert label(study, coder=["A", "B"]) == "2 of 2"


def test_unread_notes_count_in_no_table_of_codes_together():
    study = four_people()
    together = qq.cooccurrence(study, within="interview")
    assert together.empty  # d was never coded
    assert qq.richness(study).units == 2


@pytest.fixture
def volunteered(study_of):
    """The workshop is asked about in R3 only; S1 speaks of it in R1."""
    return qq.presence(study_of(codings=[("A", "S1-R1", "workshop"), ("A", "S2-R3", "workshop")]))


def test_what_was_said_unasked_is_marked_and_in_no_denominator(volunteered):
    rows = volunteered[volunteered["code"] == "workshop"]
    first = rows[(rows["participant"] == "S1") & (rows["round"] == "R1")]
    assert first[["state", "reason"]].to_numpy().tolist() == [["present", "volunteered"]]
    counted = qq.prevalence(rows, by=("code", "round"))
    assert counted["label"].tolist() == ["1 volunteered", "not observed", "1 of 3"]
    assert counted["n_volunteered"].tolist() == [1, 0, 0]
    # over all rounds S1 was asked in R3, so S1 counts, and did say it
    assert qq.prevalence(rows, by="code")["label"].tolist() == ["2 of 3"]
    mentions = qq.prevalence(rows, by=("code", "round"), denominator="mentions")
    assert mentions["label"].tolist() == ["1 of 1", "not observed", "1 of 1"]


def test_no_direction_is_read_from_what_was_said_unasked(volunteered):
    changed = qq.change(volunteered).set_index(["participant", "code"])
    # R1 was not asked, so R3 alone speaks: nothing can be said about change
    assert changed.loc[("S1", "workshop"), "kind"] == "unknown"
    assert "workshop" not in set(qq.counter_movement(volunteered)["code"].astype(str))
    moved = qq.between_rounds(volunteered).set_index("code")
    assert moved.loc["workshop", ["not_again", "n", "n_left_out"]].tolist() == [0, 0, 3]
    both = qq.cross_sections(volunteered).set_index(["code", "round"])
    assert both.loc[("workshop", "R1"), "n"] == 0


def test_never_when_asked_but_said_unasked_is_not_never():
    frame = pd.DataFrame(
        [
            ("p", "R1", "present", "volunteered"),
            ("p", "R2", "absent", ""),
            ("p", "R3", "absent", ""),
        ],
        columns=["participant", "round", "state", "reason"],
    ).assign(code="x")
    assert qq.change(frame)[["kind", "simple"]].to_numpy().tolist() == [["unknown", "not observed"]]


def test_a_topic_that_was_not_asked_is_no_gap():
    rows = [("p", "R1", "present", ""), ("p", "R3", "present", "")]
    columns = ["participant", "round", "state", "reason"]
    for reason, simple in (("not_asked", "constant"), ("not_due", "constant"),
                           ("missed", "persisted"), ("unread", "persisted")):  # fmt: skip
        frame = pd.DataFrame([*rows, ("p", "R2", "not_observed", reason)], columns=columns)
        assert qq.change(frame.assign(code="x"))["simple"].tolist() == [simple], reason


def test_a_parent_is_present_where_a_child_is(study_of):
    book = [{"id": "th"}, {"id": "mid", "parent": "th"}, {"id": "leaf", "parent": "mid"}]
    study = study_of(
        codebook=book, codings=[("A", "S1-R1", "leaf", 0, 4), ("A", "S1-R1", "mid", 0, 4)]
    )
    table = qq.presence(study, participants="S1", rounds="R1").set_index("code")
    assert table["state"].tolist() == ["present"] * 3
    assert table["n_codings"].tolist() == [1, 1, 1]  # one passage, under both
    assert table["n_own"].tolist() == [0, 1, 1]
    shares = qq.prevalence(table.reset_index(), denominator="mentions")
    assert shares["label"].tolist() == ["1 of 2", "1 of 2", "1 of 2"]
    assert qq.prevalence(table.reset_index(), by=(), denominator="mentions")["k"].item() == 2
    assert qq.richness(qq.presence(study)).observed == 2  # th is a heading here, not one code more
    measured = qq.intensity(study, participants="S1", rounds="R1").set_index("code")
    assert measured.loc["th", "words"] == measured.loc["leaf", "words"] > 0


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("it", "Dice: «mi fido».", ""),
        ("de", "Sie sagt „ja“.", ""),
        ("en", "She says: “I trust”.", ""),
        ("en", "She trusts, I think.", "no_verbatim"),
    ],
)
def test_own_words_are_marked_as_in_the_language_of_the_note(language, text, reason):
    study = Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": "P", "group": "g", "language": language}],
        interviews=[{"interview": "P", "participant": "P", "round": "R1", "language": language}],
        notes={"P": text}, codebook=[{"id": "c"}], settings={"uncoded": "absent"},
    )  # fmt: skip
    assert qq.presence(study, speech="verbatim")["reason"].tolist() == [reason]
    if not reason:
        words = qq.keyness(
            {"a": text, "b": "x x x"}, target="a", least=1
        )  # all words; beside them only the spoken ones:
        from quidqual.word_use.words import words_of

        spoken = words_of(study, speech="verbatim")["form"].tolist()
        assert 0 < len(spoken) < len(words)


def asked_at_last():
    """c is asked in R3 only; S1 speaks of it in R1. S3's first two notes were not read."""
    people, rounds = ["S1", "S2", "S3"], ["R1", "R2", "R3"]
    ids = {(p, r): f"{p}-{r}" for p in people for r in rounds}
    coded = ("S1-R1", "S2-R3")
    return Study.from_tables(
        title="t", corpus="synthetic", rounds=rounds,
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[
            {"interview": i, "participant": p, "round": r} for (p, r), i in ids.items()
        ],
        notes=dict.fromkeys(ids.values(), "I trust nobody here."),
        codebook=[{"id": "c", "asked": {"rounds": ["R3"]}}, {"id": "d"}],
        codings=[{"coder": "A", "interview": i, "exact": "trust", "code": "c"} for i in coded],
        reads=[
            {"coder": "A", "interview": i} for i in ids.values() if i not in ("S3-R1", "S3-R2")
        ],
    )  # fmt: skip


def alt(figure):
    return qq.plot.drawn(figure)[0].alt


def test_what_was_said_unasked_is_in_no_n_of_a_picture():
    table = qq.presence(asked_at_last(), codes="c")
    by_round = qq.prevalence(table, by=("code", "round"))
    told = "R1 1 volunteered, R2 not observed, R3 1 of 3"
    for figure in (qq.plot.icons(table), qq.plot.heat(by_round), qq.plot.prevalence(by_round)):
        assert told in alt(figure)
    # S1 was asked in R3 as well, so she is one of those who could have said it.
    assert "c: g 2 of 3" in alt(qq.plot.icons(table, by_round=False))
    first = table[table["round"] == "R1"]
    assert "of those observed: c not observed" in alt(qq.plot.tiles(first))
    with pytest.raises(qq.QuidqualError, match="Nobody was observed"):
        qq.plot.upset(first)


def test_what_was_said_unasked_makes_no_state():
    found = qq.states(asked_at_last(), {"low": ["d"], "high": ["c"]})
    states = found.set_index(["participant", "round"])["state"]
    assert states["S1", "R1"] == "not_observed"
    assert states["S1", "R3"] == "none"
    assert states["S2", "R3"] == "high"
    reasons = found.set_index(["participant", "round"])["reason"]
    assert reasons["S3", "R2"] == "unread"


def test_an_event_stays_a_state():
    study = asked_at_last()
    told = qq.Codebook([{"id": "c", "kind": "event"}, {"id": "d"}])
    raw = study.raw
    study = Study.from_tables(
        title="t", corpus="synthetic", rounds=study.rounds, participants=study.participants,
        interviews=study.interviews, notes=raw.notes, codebook=told, codings=raw.codings,
        settings={"uncoded": "absent"},
    )  # fmt: skip
    found = qq.states(study, {"it happened": ["c"]})
    assert found.loc[found["participant"] == "S1", "state"].tolist() == ["it happened"] * 3


@pytest.mark.parametrize(
    "draw",
    [
        lambda t: qq.plot.icons(t),
        lambda t: qq.plot.tiles(t),
        lambda t: qq.plot.trajectories(t),
        lambda t: qq.plot.change_bars(t),
        lambda t: qq.plot.heat(qq.prevalence(t, by=("code", "round"))),
        lambda t: qq.plot.prevalence(qq.prevalence(t)),
        lambda t: qq.plot.slope(qq.prevalence(t, by=("code", "round"))),
    ],
)
def test_every_figure_says_how_many_notes_were_not_read(draw):
    figure = draw(qq.presence(asked_at_last()))
    mark = [text.get_text() for text in figure.texts if text.get_label() == "corpus"]
    assert "2 notes unread" in mark[0].replace("\n", " ")
    assert alt(figure).endswith("2 notes unread.")


def test_figures_of_a_study_that_was_read_say_nothing():
    study = four_people(settings={"uncoded": "absent"})
    assert "unread" not in alt(qq.plot.icons(qq.presence(study)))


def test_unread_notes_are_counted_in_each_cell():
    table = qq.presence(asked_at_last())
    by_round = qq.prevalence(table, by=("code", "round"))
    assert by_round["n_unread"].tolist() == [1, 1, 0] * 2
    assert qq.prevalence(table)["n_unread"].tolist() == [2, 2]


def test_a_heading_in_a_construct_stands_for_what_is_beneath_it():
    book = [{"id": "h", "codable": False}, {"id": "c", "parent": "h"}, {"id": "d"}]
    found = qq.states(four_people(codebook=book), {"there": ["h"]})
    assert found["state"].tolist() == ["there", "there", "not_observed", "not_observed"]
    with pytest.raises(qq.QuidqualError, match="no state can be called 'none'"):
        qq.states(four_people(), {"none": ["c"]})
