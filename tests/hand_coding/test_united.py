"""Two copies of a study that were coded apart: nothing of either is lost."""

from __future__ import annotations

import shutil

import pytest

import quidqual as qq
from quidqual.hand_coding import unite
from tests.hand_coding.session_study import make_folder, session


@pytest.fixture
def copies(tmp_path):
    one = make_folder(tmp_path / "one")
    shutil.copytree(one, tmp_path / "two")
    return one, tmp_path / "two"


def files(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
            and not p.name.startswith(".")}  # fmt: skip


def told(report, what):
    rows = report[report["what"] == what]
    return {row.who: (row.n_new, row.n_there, row.n_apart) for row in rows.itertuples()}


def test_each_coder_worked_in_a_copy_of_her_own(copies):
    one, two = copies
    with session(one, coder="A") as c:
        mine = c.add("P1-R1", words="She said", code="work")
    with session(two, coder="B") as c:
        c.codes.create("hope", parent="ties", label="Hope", definition="Looks ahead.")
        theirs = c.add("P1-R2", words="It was late.", code="hope", memo="why")
        gone = next(k for k, line in c.state.standing.items() if line["interview"] == "P1-R1")
        c.remove(gone)
        c.read("P1-R1", "P1-R2")
        c.memo("of B", note="P1-R2")
    before = files(two)
    report = unite(one, two, coder="A")
    assert files(two) == before
    study = qq.open_study(one)
    assert {mine, theirs} <= set(study.codings["id"])
    assert gone not in set(study.codings["id"])
    assert study.notes_read("B") == {"P1-R1", "P1-R2"}
    hope = study.codebook["hope"]
    assert (hope.parent, hope.definition, hope.name()) == ("ties", "Looks ahead.", "Hope")
    assert told(report, "codings") == {"A": (0, 3, 0), "B": (1, 1, 0)}
    assert told(report, "codes") == {"hope": (1, 0, 0)}
    again = unite(one, two, coder="A")
    assert again["n_new"].sum() == 0
    with session(one, coder="B") as c:  # her steps came along
        assert c.memos["P1-R2"] == "of B"
        assert c.undo() == "memo"


def test_one_coder_worked_in_both_copies(copies):
    one, two = copies
    with session(one, coder="A") as c:
        mine = c.add("P1-R1", words="She said", code="work")
        edited = next(k for k, line in c.state.standing.items() if line["code"] == "trust")
        c.change_code(edited, "work")
    with session(two, coder="A") as c:
        theirs = c.add("P1-R1", words="Perché no?", code="trust")
        c.change_code(edited, "distrust")
        c.read("P1-R1")
    report = unite(one, two, coder="A")
    table = qq.open_study(one).codings.set_index("id")
    assert {mine, theirs} <= set(table.index)
    assert table.loc[edited, "code"] == "work", "what both changed stays as it is here, and is told"
    assert told(report, "codings")["A"] == (1, 2, 1)
    assert told(report, "read marks")["A"] == (1, 0, 0)
    assert unite(one, two, coder="A")["n_new"].sum() == 0
    assert unite(two, one, coder="A")["n_new"].sum() >= 1
    assert mine in set(qq.open_study(two).codings["id"])


def test_nothing_is_written_where_notes_are_missing_or_of_another_kind(copies, tmp_path):
    one, two = copies
    with session(two, coder="B") as c:
        c.add("P2-R1", words="Er sagt", code="work")
        c.codes.create("hope")
    small = make_folder(tmp_path / "small")
    for name in ("interviews.csv", "participants.csv"):
        path = small / name
        kept = [line for line in path.read_text("utf-8").splitlines() if "P2" not in line]
        path.write_text("\n".join(kept) + "\n", "utf-8")
    (small / "notes" / "P2-R1.md").unlink()
    before = files(small)
    with pytest.raises(qq.QuidqualError, match=r"not here: 'P2-R1'.*Import their notes"):
        unite(small, two, coder="A")
    assert files(small) == before
    toml = two / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("synthetic", "real"), "utf-8")
    with pytest.raises(qq.QuidqualError, match="this study is synthetic, the other real"):
        unite(one, two, coder="A")
    assert "hope" not in qq.open_study(one).codebook
