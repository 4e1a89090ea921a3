"""From raw notes to a study under pseudonyms: queue, key, ladders, offsets, names."""

from __future__ import annotations

import json
import os
import re
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.privacy import find_identifiers, pseudonymise, read_key
from quidqual.privacy.pseudonyms.key_file import Key, destroy_key, write_key
from quidqual.privacy.pseudonyms.ladders import Ladders
from quidqual.privacy.pseudonyms.offset_map import OffsetMap, replace_all
from quidqual.study.errors import QuidqualError

RAW = {
    "Blessing Osagie-R1": "Met Blessing Osagie in Bussolengo. Her cousin Isoken helps. Tel 347 5550182.",
    "Blessing Osagie-R2": "osagie again; Isoken's room is damp. She is 34 years old.",
    "Teuta Gjoka-R1": "Teuta knows Blessing and Ms Marchetti of Caritas Verona. The albanian lawyer called.",
    "Teuta Gjoka-R2": "gjoka late. Marchetti called on 14 May 2021 and again last winter. Zbrnko sat there.",
}


def decided(queue, decision="accept"):
    return queue.assign(decision=decision, reason="looked at")


@pytest.fixture
def places(tmp_path):
    return {"study": tmp_path / "study", "key": tmp_path / "keys" / "key.json"}


def made(places, passphrase, raw=RAW, **options):
    first = pseudonymise(raw, **places, passphrase=passphrase, language="en", **options)
    if first.study is not None:
        return first
    review = decided(first.queue)
    return pseudonymise(
        raw, **places, passphrase=passphrase, language="en", review=review, **options
    )


def test_nothing_is_written_while_something_is_undecided(places, passphrase):
    first = pseudonymise(RAW, **places, passphrase=passphrase, language="en")
    assert first.study is None
    assert first.undecided == len(first.queue) > 0
    assert not places["study"].exists()
    assert not places["key"].exists()
    half = first.queue.copy()
    half.loc[0, ["decision", "reason"]] = ["ignore", "a word"]
    second = pseudonymise(RAW, **places, passphrase=passphrase, language="en", review=half)
    assert second.undecided == first.undecided - 1
    assert not places["study"].exists()


def test_no_name_number_or_place_of_the_notes_is_left(places, passphrase):
    study = made(places, passphrase).study
    everything = "\n".join(
        path.read_text("utf-8") + str(path.relative_to(places["study"]))
        for path in places["study"].rglob("*")
        if path.is_file()
    ).lower()
    for word in ("blessing", "osagie", "isoken", "teuta", "gjoka", "marchetti", "caritas",
                 "verona", "bussolengo", "5550182", "albanian", "34"):  # fmt: skip
        assert word not in everything, word
    assert qq.validate(places["study"]).query("level == 'error'").empty
    assert study.corpus == "real"


def test_one_person_has_one_pseudonym_in_every_form_note_and_round(places, passphrase):
    study = made(places, passphrase).study
    text = {i: study.text(i) for i in study.notes["interview"]}
    people = sorted(study.participants["participant"])
    one = next(p for p in people if f"Met {p} in" in text[f"{p}-R1"])
    (other,) = set(people) - {one}
    assert text[f"{one}-R2"].startswith(f"{one} again")
    cousin = re.search(r"cousin (\[\w+ \d+\]) helps", text[f"{one}-R1"])[1]
    assert f"{cousin}'s room" in text[f"{one}-R2"]
    assert f"{other} knows {one} and" in text[f"{other}-R1"]
    trainer = re.search(r"and (\[\w+ \d+\]) of \[organisation \d+\]", text[f"{other}-R1"])[1]
    assert f"{trainer} called on" in text[f"{other}-R2"]


def test_pseudonyms_are_kept_with_the_key_and_random_without(tmp_path, passphrase):
    def run(number, key):
        done = made({"study": tmp_path / str(number), "key": tmp_path / key}, passphrase)
        return {r.interview: r.text for r in done.study.notes.itertuples()}

    assert run(1, "a.json") == run(2, "a.json")
    others = [run(n, f"{n}.json") for n in range(3, 9)]
    assert (
        any(texts != run(1.5, "a.json") for texts in others[:1])
        or len({str(t) for t in others}) > 1
    )


def test_ladders_are_data_and_can_be_chosen(places, passphrase):
    study = made(places, passphrase, levels={"place": "province"}).study
    words = " ".join(study.notes["text"])
    assert "[town near Verona]" in words
    assert "[30-39 years old]" in words
    assert "[2021]" in words
    assert "[some time before]" in words
    with pytest.raises(QuidqualError, match="'street' is not a step of the ladder for place"):
        Ladders({"place": "street"})
    with pytest.raises(QuidqualError, match="there is no ladder for 'shoes'"):
        Ladders({"shoes": "x"})


def test_a_day_is_told_by_the_week_of_its_round():
    rounds = [{"round": "R1", "start": "2021-05-03", "end": "2021-06-18"}]
    told = Ladders(rounds=rounds).date
    assert told("14 May 2021", "en") == "[R1, week 2]"  # the second week begins on 10 May
    assert told("10/05/2021", "it") == "[R1, settimana 2]"
    assert told("maggio 2021", "it") == "[R1]"
    assert told("3 July 2021", "en") == "[2021]"
    assert told("yesterday", "en", relative=True) == "[some time before]"
    assert Ladders({"date": "year"}, rounds).date("14 May 2021", "en") == "[2021]"


@pytest.mark.parametrize(
    ("words", "language", "told"),
    [
        ("19", "en", "[18-19 years old]"),
        ("seventeen", "en", "[under 18]"),
        ("ventitreenne", "it", "[20-29 anni]"),
        ("64 years old", "en", "[60 or over]"),
        ("8 mesi", "it", "[minore di 18 anni]"),
        ("some age", "en", "[age]"),
    ],
)
def test_ages_are_told_in_bands(words, language, told):
    assert Ladders().age(words, language) == told


@pytest.mark.parametrize(
    ("place", "language", "told"),
    [
        ("Bussolengo", "en", "[town in Veneto]"),
        ("37121 Verona (VR)", "it", "[città in Veneto]"),
        ("Benin City", "en", "[town in West Africa]"),
        ("Albania", "it", "[paese dei Balcani]"),
        ("Nowhereville", "en", ""),
    ],
)
def test_places_are_told_by_what_they_lie_in(place, language, told):
    assert Ladders().place(place, language) == told


def test_the_roster_says_who_is_who(places, passphrase):
    roster = [
        {"name": "Blessing Osagie", "participant": "S1", "aliases": "Bles"},
        {"name": "Teuta Gjoka", "participant": "S2"},
        {"name": "Isoken", "relation": "her cousin"},
        {"name": "Giulia Marchetti", "pseudonym": "T1"},
    ]
    study = made(places, passphrase, roster=roster).study
    assert sorted(study.participants["participant"]) == ["S1", "S2"]
    assert "Her cousin [her cousin] helps" in study.text("S1-R1")
    assert "T1 called on" in study.text("S2-R2")


def test_two_people_of_one_first_name_are_not_made_one(places, passphrase):
    raw = {
        "Ada Conti-R1": "Anna Rossi and Anna Ferri came. Anna laughed.",
        "Ada Conti-R2": "Ferri left.",
    }
    study = made(places, passphrase, raw=raw).study
    first = study.notes["text"].iloc[0]
    labels = re.findall(r"\[\w+ \d+\]", first)
    assert len(labels) == 3
    assert len(set(labels)) == 3  # which Anna laughed, nobody can tell
    assert labels[1] in study.notes["text"].iloc[1]


def test_decisions_replace_and_ignore(places, passphrase):
    raw = {"Mia-R1": "Then Zbrnko came. Then Qwrtzu came."}
    first = pseudonymise(raw, **places, passphrase=passphrase, language="en")
    review = first.queue.copy()
    review["decision"] = ["replace" if w == "Zbrnko" else "ignore" for w in review["words"]]
    review["replacement"] = "[the neighbour]"
    with pytest.raises(QuidqualError, match="no reason to ignore"):
        pseudonymise(raw, **places, passphrase=passphrase, language="en", review=review)
    review["reason"] = "the name of a dog"
    study = pseudonymise(raw, **places, passphrase=passphrase, language="en", review=review).study
    assert study.notes["text"].tolist() == ["Then [the neighbour] came. Then Qwrtzu came."]
    kept = read_key(places["key"], passphrase).decisions
    assert {d["reason"] for d in kept} == {"the name of a dog"}


def test_a_decision_is_for_its_own_place(places, passphrase):
    raw = {"Mia-R1": "Then Zbrnko came. Then Zbrnko left."}
    first = pseudonymise(raw, **places, passphrase=passphrase, language="en")
    review = decided(first.queue).iloc[:1]
    again = pseudonymise(raw, **places, passphrase=passphrase, language="en", review=review)
    assert again.undecided == len(first.queue) - 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decision": "perhaps"}, "unknown decision"),
        ({"decision": "replace", "replacement": ""}, "nothing to replace with"),
    ],
)
def test_wrong_decisions_name_row_and_field_and_no_words(places, passphrase, change, message):
    first = pseudonymise(RAW, **places, passphrase=passphrase, language="en")
    with pytest.raises(QuidqualError, match=message) as caught:
        pseudonymise(
            RAW, **places, passphrase=passphrase, language="en", review=first.queue.assign(**change)
        )
    assert "row 2, field" in str(caught.value)
    assert not any(w in str(caught.value) for w in first.queue["words"])


def test_the_queue_goes_through_a_file_that_only_its_owner_reads(places, passphrase, tmp_path):
    review = tmp_path / "keys" / "review.csv"
    options = {**places, "passphrase": passphrase, "language": "en", "review": review}
    first = pseudonymise(RAW, **options)
    assert stat.S_IMODE(review.stat().st_mode) == 0o600
    import pandas as pd

    table = pd.read_csv(review, dtype=str, keep_default_na=False)
    assert len(table) == len(first.queue)
    decided(table).to_csv(review, index=False)
    assert pseudonymise(RAW, **options).study is not None


def test_codings_memos_and_further_columns_come_along(tmp_path, passphrase):
    text = "Blessing Osagie trusts Giulia Marchetti now."
    raw = qq.Study.from_tables(
        title="t", corpus="real", languages=["en"], rounds=[{"round": "R1"}],
        participants=[{"participant": "P1", "group": "g", "home": "Tirana"},
                      {"participant": "P2", "group": "g", "home": ""}],
        interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1", "language": "en",
                     "interviewer": "Giulia Marchetti"},
                    {"interview": "P2-R1", "participant": "P2", "round": "R1", "status": "missed"}],
        notes={"P1-R1": text}, codebook=[{"id": "trust"}],
        codings=[{"interview": "P1-R1", "start": 16, "end": 22, "code": "trust",
                  "memo": "Marchetti told me on +39 347 555 0182."},
                 {"interview": "P1-R1", "start": 9, "end": 44, "code": "trust"}],
    )  # fmt: skip
    done = made({"study": tmp_path / "s", "key": tmp_path / "k.json"}, passphrase, raw=raw)
    study = done.study
    first, second = study.codings.sort_values("end").itertuples()
    assert first.exact == "trusts"
    assert study.text("P1-R1")[first.start : first.end] == "trusts"
    assert "Marchetti" not in first.memo
    assert "[phone]" in first.memo
    assert second.exact == study.text("P1-R1")  # it began inside a name, and took it in whole
    assert done.report.query("kind == 'coding widened'")["n"].tolist() == [1]
    table = "".join(p.read_text("utf-8") for p in (tmp_path / "s").glob("*.csv"))
    assert "Tirana" not in table
    assert "Marchetti" not in table


@settings(max_examples=200)
@given(st.data())
def test_a_stretch_outside_what_was_replaced_comes_back_exactly(data):
    text = data.draw(st.text("abc è🙂\n", max_size=60))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    parts = [
        (a, b, data.draw(st.text("XY", min_size=1, max_size=9)))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    new, offsets = replace_all(text, parts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    there = offsets.to_new(start, end)
    back = offsets.to_old(*there)
    inside = any(a < x < b for a, b, _ in parts for x in (start, end))
    if not inside and start < end:
        assert back == (start, end)
        assert not offsets.cuts(start, end)
    if start < end:
        assert back[0] <= start <= end <= back[1]
        kept = [(a, b) for a, b, _ in parts if start <= a and b <= end]
        expected = text[back[0] : back[1]]
        for a, b in reversed(
            kept if not inside else [(a, b) for a, b, _ in parts if a < end and b > start]
        ):
            instead = next(w for x, _, w in parts if x == a)
            expected = expected[: a - back[0]] + instead + expected[b - back[0] :]
        assert new[there[0] : there[1]] == expected
    assert OffsetMap([list(p) for p in offsets.pieces]).to_new(start, end) == there


def test_the_key_is_sealed_and_for_its_owner(tmp_path, passphrase):
    key = tmp_path / "key.json"
    write_key(key, Key(entities=[{"forms": ["secret name"]}]), passphrase)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert b"secret" not in key.read_bytes()
    assert read_key(key, passphrase).entities == [{"forms": ["secret name"]}]
    with pytest.raises(QuidqualError, match="does not open"):
        read_key(key, "another passphrase")
    outer = json.loads(key.read_text())
    outer["sealed"] = outer["sealed"][:-8] + "AAAAAAA="
    key.write_text(json.dumps(outer))
    with pytest.raises(QuidqualError, match="does not open"):
        read_key(key, passphrase)


def test_equal_content_is_sealed_differently(tmp_path, passphrase):
    for name in "ab":
        write_key(tmp_path / name, Key(), passphrase)
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_a_key_that_others_may_read_is_refused(tmp_path, passphrase):
    key = tmp_path / "key.json"
    write_key(key, Key(), passphrase)
    key.chmod(0o640)
    with pytest.raises(QuidqualError, match="others than its owner"):
        read_key(key, passphrase)


@pytest.mark.parametrize("marker", [".git", ".hg", "study.toml"])
def test_a_key_in_a_repository_or_study_is_refused(tmp_path, passphrase, marker):
    (tmp_path / "work/deep").mkdir(parents=True)
    (tmp_path / "work" / marker).mkdir()
    with pytest.raises(QuidqualError, match="the key would lie in"):
        write_key(tmp_path / "work/deep/key.json", Key(), passphrase)
    with pytest.raises(QuidqualError, match="the key would lie in"):
        pseudonymise(
            RAW, study=tmp_path / "s", key=tmp_path / "work/deep/k", passphrase=passphrase,
            language="en",
        )  # fmt: skip


def test_a_key_inside_the_new_study_is_refused(tmp_path, passphrase):
    with pytest.raises(QuidqualError, match="in the study folder"):
        pseudonymise(
            RAW,
            study=tmp_path / "s",
            key=tmp_path / "s/k.json",
            passphrase=passphrase,
            language="en",
        )


@pytest.mark.parametrize("passphrase", ["", "short", None, 12345678901234])
def test_a_short_passphrase_is_refused(tmp_path, passphrase):
    with pytest.raises(QuidqualError, match="at least 12 characters"):
        write_key(tmp_path / "k", Key(), passphrase)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"quidqual_key": 1}', "no json"])
def test_what_is_no_key_is_said(tmp_path, passphrase, content):
    key = tmp_path / "k"
    key.write_text(content)
    key.chmod(0o600)
    with pytest.raises(QuidqualError, match="not a key file"):
        read_key(key, passphrase)
    with pytest.raises(QuidqualError, match="not a key file"):
        destroy_key(key) if not content.startswith('{"quid') else read_key(key, passphrase)


def test_destroying_leaves_nothing(tmp_path, passphrase):
    key = tmp_path / "key.json"
    write_key(key, Key(), passphrase)
    link = tmp_path / "same-file"
    os.link(key, link)
    before = link.read_bytes()
    destroy_key(key)
    assert not key.exists()
    assert link.read_bytes() != before
    assert b"sealed" not in link.read_bytes()


@pytest.mark.parametrize(
    ("raw", "options", "message"),
    [
        ({}, {"language": "en"}, "there are no notes"),
        ({"Maria": "x"}, {"language": "en"}, "whose note of which round"),
        ({"Maria-R1": "x"}, {}, "language of the notes is not told"),
        ("/nowhere/at/all", {"language": "en"}, "no such folder"),
    ],
)
def test_wrong_notes_are_named(places, passphrase, raw, options, message):
    with pytest.raises(QuidqualError, match=message):
        pseudonymise(raw, **places, passphrase=passphrase, **options)


def test_an_occupied_folder_is_left_alone(places, passphrase):
    places["study"].mkdir()
    (places["study"] / "mine.txt").write_text("mine")
    with pytest.raises(QuidqualError, match="not empty"):
        pseudonymise(RAW, **places, passphrase=passphrase, language="en")


def test_what_was_replaced_is_not_found_again(places, passphrase):
    study = made(places, passphrase).study
    for row in study.notes.itertuples():
        finds = find_identifiers(row.text, "en")
        left = [
            (row.text[f.start : f.end], f.kind) for f in finds.itertuples() if f.certainty == "sure"
        ]
        assert [w for w, kind in left if kind in ("person", "phone", "email")] == []


NAMED = {
    "Teuta Gjoka-R1": "Oksana Kovalenko's sister met Giulia Marchetti. Oksana laughed. Then Adaobi came.",
    "Teuta Gjoka-R2": "Marchetti and Luca Ferri spoke of Oksana's bag; L. was there. Favour waited.",
}


def test_names_stand_for_names_of_the_same_gender_and_tradition(places, passphrase):
    from quidqual.privacy.identifiers.gazetteers import fold, given_names

    study = made(places, passphrase, raw=NAMED, replacements="names").study
    drawn = study.settings["privacy"]["pseudonyms"]
    text = " ".join(study.notes.sort_values("interview")["text"])
    told = [(given_names()[fold(n)].gender, given_names()[fold(n)].tradition) for n in drawn]
    assert sorted(told) == [("f", "edo"), ("f", "igbo"), ("f", "italian"), ("f", "ukrainian"),
                            ("m", "italian")]  # fmt: skip
    oksana = re.match(r"(\w+)'s sister", text)[1]
    assert given_names()[fold(oksana)] == ("f", "ukrainian")
    assert text.count(oksana) == 3
    assert f"{oksana}'s bag" in text
    spoken = " ".join([*NAMED, *NAMED.values()]).lower()
    assert not [name for name in drawn if name.lower() in spoken]
    assert re.search(r"\[person \d+\] was there", text)  # of L. nobody knows more


def test_names_are_never_those_of_the_notes_or_the_roster():
    from quidqual.privacy.identifiers.roster import Roster
    from quidqual.privacy.pseudonyms.fitting_names import FittingNames, _names

    every = _names("ukrainian", "f")
    left = every[3]
    some = FittingNames([" and ".join(every[:3])], Roster.of([n for n in every[4:] if n != left]))
    assert some.draw("oksana", "f", []) == left
    assert some.draw("oksana", "f", [left]) == ""
    assert some.draw("oksana", "n", []) == ""
    assert some.draw("zbrnko", "f", []) == ""


def test_a_vowel_stands_for_a_vowel_so_that_articles_still_fit(places, passphrase):
    raw = {"Teuta Gjoka-R1": "L'amica dell'Annalisa Ferri è qui. Ho sentito l'Annalisa."}
    options = {**places, "passphrase": passphrase, "language": "it", "replacements": "names"}
    first = pseudonymise(raw, **options)
    study = first.study or pseudonymise(raw, **options, review=decided(first.queue)).study
    assert re.fullmatch(
        r"L'amica dell'([AEIOU]\w+) è qui\. Ho sentito l'\1\.", study.notes["text"].iloc[0]
    )


def test_the_release_check_knows_names_that_stand_for_names(places, passphrase):
    study = made(places, passphrase, raw=NAMED, replacements="names").study
    name = study.settings["privacy"]["pseudonyms"][0]
    words = f"Then {name} came in."
    assert qq.privacy.release_check(words).result == "block"
    assert qq.privacy.release_check(words, study=study).result == "pass"


def test_what_stands_for_people_is_one_of_two(places, passphrase):
    with pytest.raises(QuidqualError, match="replacements must be"):
        pseudonymise(RAW, **places, passphrase=passphrase, language="en", replacements="funny")


def test_a_key_that_is_used_again_keeps_what_it_knew(tmp_path, passphrase):
    key = tmp_path / "keys/key.json"
    for number, raw in enumerate(({"Mia-R1": "Then Zbrnko came."}, {"Mia-R2": "Qwrtzu left."})):
        made({"study": tmp_path / str(number), "key": key}, passphrase, raw=raw)
    kept = read_key(key, passphrase)
    assert set(kept.offsets) == set(kept.owners) == {"Mia-R1", "Mia-R2"}
    assert {d["where"] for d in kept.decisions} == {"Mia-R1", "Mia-R2"}


def test_whose_file_has_a_first_name_is_known_by_her_full_name_in_her_notes(places, passphrase):
    raw = {
        "Zlata-R1": "Zlata Kravchuk is quiet. Kravchuk sews.",
        "Teuta-R1": "Zlata helps. Teuta Hoxha and Teuta Leka came.",
    }
    study = made(places, passphrase, raw=raw).study
    text = {i[: i.index("-")]: study.text(i) for i in study.notes["interview"]}
    zlata = next(p for p in text if text[p].startswith(f"{p} is quiet"))
    assert text[zlata] == f"{zlata} is quiet. {zlata} sews."
    (teuta,) = set(text) - {zlata}
    assert text[teuta].startswith(f"{zlata} helps.")
    assert teuta not in text[teuta]  # two are called Teuta there: it is not guessed who is meant


def test_a_full_name_in_the_notes_of_others_alone_is_nobody_s(places, passphrase):
    raw = {"Teuta-R1": "She is well.", "Ada Conti-R1": "Teuta Hoxha came."}
    study = made(places, passphrase, raw=raw).study
    assert any(re.match(r"\[woman \d+\] came", text) for text in study.notes["text"])
