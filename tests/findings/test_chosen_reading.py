"""One reading travels: what is chosen once is seen in every table, sentence and file after it."""

import re

import pytest

import quidqual as qq

from .conftest import make

EVERYONE = ["S1", "S2", "S3", "S4", "T1", "T2", "T3", "T4", "W1"]


def test_nothing_chosen_is_the_study_itself(example):
    assert example.reading() is example


@pytest.mark.parametrize(
    "choice",
    [
        {"participants": [p for p in EVERYONE if p != "S3"]},
        {"rounds": ["R1", "R2"]},
        {"coder": "B"},
        {"speech": "verbatim"},
        {"coder": "B", "rounds": ["R1", "R3"], "participants": ["S1", "S2", "T1"]},
    ],
    ids=str,
)
def test_every_number_is_that_of_an_independent_count(example, choice):
    read = example.reading(**choice)
    codings = example.codings
    coder = choice.get("coder", "A")
    own = codings[codings["coder"] == coder]
    own = own[own["participant"].isin(choice.get("participants", EVERYONE))]
    own = own[own["round"].isin(choice.get("rounds", example.round_order))]
    parents = {code.parent for code in example.codebook}  # present wherever a code below them is
    if "speech" in choice:
        own = own[own["speech"] == "verbatim"]
    leaves = own[~own["code"].isin(parents)]
    expected = set(map(tuple, leaves[["participant", "round", "code"]].astype(str).values))
    table = qq.presence(read)
    present = table[(table["state"] == "present") & ~table["code"].isin(parents)]
    assert set(map(tuple, present[["participant", "round", "code"]].astype(str).values)) == expected
    counts = qq.prevalence(table, by=["code"]).set_index("code")["k"]
    people = leaves.groupby("code")["participant"].nunique()
    assert all(counts[code] == n for code, n in people.items())
    book = qq.ledger(read)
    assert set(book.evidence()["id"]) <= set(own["id"])
    row = book.table.set_index("claim").loc["R28"]
    survivors = own[own["group"].eq("survivor") & own["code"].eq("home_after_work")]
    assert len(row["who"]) == survivors["participant"].nunique()


def test_unread_notes_are_no_part_of_another_coders_reading(example):
    read = example.reading(coder="B")
    assert set(read.notes["interview"]) == set(example.notes_read("B"))
    assert read.coders == ("B",)
    assert read.primary_coder == "B"
    table = qq.presence(read)
    unread = set(example.notes["interview"]) - set(read.notes["interview"])
    assert table.loc[table["interview"].isin(unread), "state"].eq("not_observed").all()


def test_the_reading_is_named_in_title_hash_and_report(example, tmp_path):
    others = [p for p in EVERYONE if p != "S3"]
    read = example.reading(participants=others)
    assert read.title.endswith("[reading: without S3]")
    assert read.hash != example.hash
    assert read.hash == example.reading(participants=others).hash
    assert read.settings["reading"] == {"participants": others}
    page = qq.reporting.write_report(make_small().reading(rounds="R1"), tmp_path / "r.html")
    assert "[reading: only R1]" in page.read_text("utf-8")


CHOICES = {
    "coder B": {"coder": "B"},
    "without S3; without R4": {
        "participants": [p for p in EVERYONE if p != "S3"],
        "rounds": ["R1", "R2", "R3"],
    },
    "coder B; only S1 and T1; only R1 and R2": {
        "coder": "B",
        "participants": ["S1", "T1"],
        "rounds": ["R1", "R2"],
    },
    "verbatim speech only": {"speech": "verbatim"},
}


@pytest.mark.parametrize("words", CHOICES)
def test_every_table_and_figure_names_the_reading(example, words):
    read = example.reading(**CHOICES[words])
    seen = qq.presence(read)
    tables = [
        seen, qq.prevalence(seen), qq.change(seen), qq.transitions(seen), qq.intensity(read),
        qq.cooccurrence(read), qq.keyness(read, by="round", target="R1", least=1), read.interviews, read.codings,
        qq.ledger(read).table, qq.ledger(read).evidence(), qq.ledger(read).robustness(),
    ]  # fmt: skip
    for table in tables:
        assert set(table["corpus"]) == {f"synthetic [reading: {words}]"}
    figure = qq.plot.heat(qq.prevalence(seen, by=("theme", "round")), columns="round", rows="theme")
    (mark,) = [text for text in figure.texts if text.get_label() == "corpus"]
    said = f"Synthetic notes, not participants’ words. Reading: {words}"
    assert " ".join(mark.get_text().split()) == said
    assert f"Reading: {words}" in qq.show(qq.ledger(read).table)._repr_html_()


def test_the_study_itself_is_marked_by_its_corpus_alone(example):
    assert example.mark == example.corpus == "synthetic"
    assert set(qq.presence(example)["corpus"]) == {"synthetic"}


def test_a_dropped_pattern_is_named(example):
    pattern = next(p for code in example.codebook for ps in code.patterns.values() for p in ps)
    read = example.reading(drop_patterns=pattern)
    assert read.mark == f"synthetic [reading: without the pattern {pattern}]"


@pytest.mark.parametrize("words", CHOICES)
def test_a_saved_reading_is_the_same_reading(example, tmp_path, words):
    """Whom it leaves out is still known to be left out, and nothing more is known of them."""
    read = example.reading(**CHOICES[words])
    read.save(tmp_path / "read")
    again = qq.open_study(tmp_path / "read")
    assert again.problems.empty
    assert (again.mark, again.title, again.hash) == (read.mark, read.title, read.hash)
    assert qq.ledger(again).table.equals(qq.ledger(read).table)
    assert list(again.read_from.participants["participant"]) == EVERYONE
    assert again.read_from.notes.empty
    kept = (tmp_path / "read" / "read_from" / "participants.csv").read_text("utf-8")
    assert kept.splitlines()[0] == "participant,role,group"
    assert again.reading(rounds="R1").read_from is again.read_from


def test_the_hash_tells_two_readings_of_two_studies_apart(example):
    raw = example.raw
    raw.interviews.loc[raw.interviews["interview"] == "S3-R1", "status"] = "missed"
    raw.notes.pop("S3-R1")
    raw.codings = raw.codings[raw.codings["interview"] != "S3-R1"]
    raw.coding_places = None
    other = qq.Study(raw, checked=True)
    one, two = (s.reading(participants=["S1", "S2"]) for s in (example, other))
    assert one.codings.equals(two.codings)
    assert one.hash != two.hash


def test_what_a_saved_reading_keeps_of_the_whole_is_checked(example, tmp_path):
    example.reading(rounds=["R1"]).save(tmp_path / "read")
    (tmp_path / "read" / "read_from" / "interviews.csv").unlink()
    with pytest.raises(qq.QuidqualError, match="whom this reading leaves out is not known"):
        qq.open_study(tmp_path / "read")


def make_small():
    check = {"measure": "prevalence", "codes": ["c"], "k": 2, "n": 2}
    claim = {"id": "C", "kind": "prevalence", "group": "g", "summary": "s", "check": check}
    return make({"P1": {"c": "10"}, "P2": {"c": "11"}}, claims=[claim])


def test_whom_a_reading_leaves_out_contradicts_nothing(example):
    """S3 is not looked at: what could be hers is open, and what the others carry stands."""
    read = example.reading(participants=[p for p in EVERYONE if p != "S3"])
    whole = qq.ledger(example).table.set_index("claim")["verdict"]
    without = qq.ledger(read).table.set_index("claim")["verdict"]
    assert set(without.index[without == "contradicted"]) == set(
        whole.index[whole == "contradicted"]
    )
    assert without["D1"] == without["R25"] == "not decided"
    assert without["D4"] == "reproduced (synthetic)"  # it counts the staff
    rounds = qq.ledger(example.reading(rounds=["R1", "R2"])).table.set_index("claim")["verdict"]
    assert set(rounds.index[rounds == "contradicted"]) == {"D8"}


def test_readings_add_up(example):
    one = example.reading(coder="B").reading(rounds=["R1"])
    both = example.reading(coder="B", rounds=["R1"])
    assert qq.presence(one)["state"].tolist() == qq.presence(both)["state"].tolist()
    assert one.read_from is example


def test_a_dropped_pattern_finds_nothing(example):
    code = next(c for c in example.codebook if any(len(p) > 1 for p in c.patterns.values()))
    language, patterns = next((k, p) for k, p in code.patterns.items() if len(p) > 1)
    read = example.reading(drop_patterns=patterns[0])
    assert patterns[0] not in read.codebook[code.id].patterns[language]
    with pytest.raises(qq.QuidqualError, match="not a pattern of the codebook"):
        example.reading(drop_patterns="no such pattern")


@pytest.mark.parametrize(
    "choice", [{"coder": "Z"}, {"participants": []}, {"rounds": "R9"}, {"speech": "loud"}], ids=str
)
def test_what_is_not_in_the_study_is_named(example, choice):
    with pytest.raises(qq.QuidqualError, match=re.escape(next(iter(choice)))):
        example.reading(**choice)
