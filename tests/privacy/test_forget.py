"""Withdrawal: nothing of a participant is left in the study, and what was made of it is named."""

from __future__ import annotations

import json

import pytest

import quidqual as qq
from quidqual.privacy import forget, read_key
from quidqual.privacy.pseudonyms.key_file import Key, write_key
from quidqual.study.errors import QuidqualError
from quidqual.study.log_append import append
from tests.privacy.conftest import NOTES, small_study


@pytest.fixture
def folder(tmp_path):
    return small_study().save(tmp_path / "study")


def everything(folder):
    return "".join(p.read_text("utf-8") + p.name for p in sorted(folder.rglob("*")) if p.is_file())


def test_nothing_of_her_is_left(folder):
    done = forget(folder, "P1")
    left = everything(folder)
    assert "P1" not in left
    assert "bag closed" not in left
    assert qq.validate(folder).query("level == 'error'").empty
    study = qq.open_study(folder)
    assert set(study.participants["participant"]) == {"P2", "P3"}
    assert study.codings["code"].tolist() == ["calm"]
    assert study.text("P2-R1") == NOTES["P2-R1"]
    assert done.query("what == 'note'")["place"].tolist() == ["notes/P1-R1.md", "notes/P1-R2.md"]


def test_every_line_about_her_goes_also_edits_and_removals(folder):
    log = next((folder / "codings").glob("*.jsonl"))
    first = json.loads(log.read_text("utf-8").splitlines()[0])
    assert first["interview"].startswith("P1")
    with open(log, "a", encoding="utf-8") as stream:
        stream.write(json.dumps({"op": "edit", "id": first["id"], "memo": "so tired"}) + "\n")
        stream.write(json.dumps({"op": "remove", "id": first["id"]}) + "\n")
    aside = log.with_suffix(".aside")
    aside.write_text('{"op": "add", "interview": "P1-R1", "exact": "bag clo', "utf-8")
    forget(folder, "P1")
    assert "so tired" not in everything(folder)
    assert "bag clo" not in everything(folder)


def test_lists_of_interviews_in_the_settings_are_mended(tmp_path):
    folder = small_study().save(tmp_path / "s")
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(
        text + '\n[coders.A]\ncovers = ["P1-R1", "P2-R1",\n  "P1-R2", "P3-R1"]\n', "utf-8"
    )
    forget(folder, "P1")
    assert qq.open_study(folder).settings["coders"]["A"]["covers"] == ["P2-R1", "P3-R1"]


def test_summaries_and_suggestions_go(folder):
    (folder / "summaries").mkdir()
    (folder / "summaries/P1-trust.md").write_text("her summary", "utf-8")
    (folder / "summaries/P2-trust.md").write_text("his summary", "utf-8")
    (folder / "suggestions").mkdir()
    lines = [{"interview": "P1-R1", "code": "trust"}, {"interview": "P2-R1", "code": "calm"}]
    (folder / "suggestions/d.jsonl").write_text(
        "".join(json.dumps(x) + "\n" for x in lines), "utf-8"
    )
    forget(folder, "P1")
    assert "her summary" not in everything(folder)
    assert "his summary" in everything(folder)
    assert "P2-R1" in (folder / "suggestions/d.jsonl").read_text("utf-8")


def test_where_her_words_stand_elsewhere_is_told(folder):
    (folder / "notes/P2-R2.md").write_text(
        NOTES["P2-R2"] + " P1 told me: I keep my bag closed on the way."
    )
    (folder / "README.md").write_text("As she said, she keeps my bag closed on the bus and so on.")
    done = forget(folder, "P1").query("action == 'look'")
    assert {place.partition(",")[0] for place in done["place"]} == {"notes/P2-R2.md", "README.md"}


def test_what_was_made_of_her_is_to_be_made_anew(folder, tmp_path):
    out = tmp_path / "private/figures"
    study = qq.open_study(folder)
    table = qq.presence(study)
    qq.export_figure(qq.plot.tiles(table), "tiles", folder=out, formats=["svg"])
    (out / "other.md").write_text("3 of 3 people", "utf-8")
    done = forget(folder, "P1", outputs=out).query("what == 'output'")
    remake = done.query("action == 'remake'")["place"]
    assert sorted(remake) == ["tiles.csv", "tiles.md", "tiles.svg"]
    assert done.query("action == 'look'")["place"].tolist() == ["other.md"]  # it may count her


def test_her_row_of_the_key_goes(folder, tmp_path, passphrase):
    key = tmp_path / "k.json"
    entities = [{"participant": p, "forms": [p]} for p in ("P1", "P2", "")]
    write_key(key, Key(entities, {"P1-R1": [], "P2-R1": []}, []), passphrase)
    forget(folder, "P1", key=key, passphrase=passphrase)
    left = read_key(key, passphrase)
    assert [e["participant"] for e in left.entities] == ["P2", ""]
    assert list(left.offsets) == ["P2-R1"]


def test_a_wrong_passphrase_changes_nothing(folder, tmp_path, passphrase):
    write_key(tmp_path / "k.json", Key(), passphrase)
    before = everything(folder)
    with pytest.raises(QuidqualError, match="does not open"):
        forget(folder, "P1", key=tmp_path / "k.json", passphrase="another passphrase")
    assert everything(folder) == before


def test_who_is_not_there_is_named(folder):
    with pytest.raises(QuidqualError, match="'P9' is not a participant"):
        forget(folder, "P9")


def test_the_key_forgets_by_names_of_files_decisions_and_whom_she_alone_named(tmp_path, passphrase):
    raw = {
        "Blessing Osagie-R1": "Blessing Osagie met Isoken. Then Zbrnko sat down.",
        "Teuta Gjoka-R1": "Teuta saw osagie and Marchetti. Then Qwrtzu came. grace laughed.",
    }
    places = {"study": tmp_path / "s", "key": tmp_path / "k/key.json", "passphrase": passphrase}
    first = qq.privacy.pseudonymise(raw, **places, language="en")
    review = first.queue.assign(decision="accept", reason="looked at")
    study = qq.privacy.pseudonymise(raw, **places, language="en", review=review).study
    before = read_key(places["key"], passphrase)
    hers = next(e["participant"] for e in before.entities if "blessing osagie" in e["forms"])
    other = next(p for p in study.participants["participant"] if p != hers)
    done = forget(tmp_path / "s", hers, key=places["key"], passphrase=passphrase)
    left = read_key(places["key"], passphrase)
    words = json.dumps([left.entities, left.offsets, left.decisions, left.owners]).lower()
    for gone in ("blessing", "osagie", "isoken", "zbrnko"):
        assert gone not in words, gone
    for stays in ("teuta", "marchetti", "qwrtzu"):
        assert stays in words, stays
    assert set(left.owners.values()) == {other}
    told = done.query("what == 'key'")["place"].tolist()
    assert len(told) == 3
    assert all("row" in t or "text" in t or "decision" in t for t in told)


def test_a_key_of_before_that_knows_no_owners_goes_by_the_names_of_files(tmp_path, passphrase):
    from quidqual.privacy.pseudonyms.forget_key import forget_in_key

    decision = {"where": "Maria Conti-R1", "words": "Zbrnko"}
    entities = [
        {"participant": "P1", "forms": ["maria conti"]},
        {"participant": "P2", "forms": ["anna"]},
    ]
    key = Key(entities, {"Maria Conti-R1": [], "Anna-R1": []}, [decision])
    assert forget_in_key(key, "P1", ["P1-R1"]) == {"row": 1, "text": 1, "decision": 1}
    assert (list(key.offsets), key.decisions) == (["Anna-R1"], [])


def lines_of(*about):
    """Entries about interviews, one batch."""
    return [
        {"op": "add", "id": f"k{n}", "at": "", "coder": "B", "interview": interview, "start": 0,
         "end": 3, "exact": NOTES[interview][:3], "code": "calm"}
        for n, interview in enumerate(about)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "about",
    [
        ("P2-R1", "P2-R1", "P1-R1"),
        ("P1-R1", "P2-R1", "P1-R2"),
        ("P2-R1", "P1-R1", "P1-R2"),
        ("P2-R1", "P1-R1", "P2-R1"),
    ],
)
def test_what_was_coded_in_one_go_with_her_stays(folder, about):
    """A batch counts by its last line: when that was hers, the others' codings were lost."""
    made = lines_of(*about)
    for n, entry in enumerate(made):
        entry["start"], entry["end"] = n, n + 3
        entry["exact"] = NOTES[entry["interview"]][n : n + 3]
    append(folder, "B", made)
    before = qq.open_study(folder).codings
    forget(folder, "P1")
    after = qq.open_study(folder).codings
    kept = before[before["participant"] != "P1"]
    assert sorted(after["id"]) == sorted(kept["id"])
    append(folder, "B", lines_of("P2-R1"))  # and the log goes on
    assert len(qq.open_study(folder).codings) in (len(kept), len(kept) + 1)


def test_a_line_that_was_cut_off_goes_with_her(folder):
    log = next((folder / "codings").glob("*.jsonl"))
    with open(log, "a", encoding="utf-8") as stream:
        stream.write('{"op": "add", "id": "x", "interview": "P1-R1", "exact": "bag clo')
    forget(folder, "P1")
    assert "bag clo" not in everything(folder)
    assert len(qq.open_study(folder).codings) == 1


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-8")]
)
def test_tables_that_a_spreadsheet_saved(folder, separator, encoding):
    for name in ("participants.csv", "interviews.csv"):
        file = folder / name
        file.write_bytes(file.read_text("utf-8").replace(",", separator).encode(encoding))
    forget(folder, "P1")
    study = qq.open_study(folder)
    assert set(study.participants["participant"]) == {"P2", "P3"}
    assert "P1" not in everything(folder)


def test_her_lines_go_under_the_lock_of_the_log(folder):
    """Another program that codes meanwhile is waited for: a log is never replaced behind it."""
    import threading

    from quidqual.study.log_append import log_lock

    log = next((folder / "codings").glob("*.jsonl"))
    went = threading.Event()
    with log_lock(folder, log.stem):
        helper = threading.Thread(target=lambda: (forget(folder, "P1"), went.set()))
        helper.start()
        assert not went.wait(1)
        before = log.read_bytes()
    helper.join(60)
    assert went.is_set()
    assert log.read_bytes() != before
