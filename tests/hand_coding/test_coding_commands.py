"""Coding from a terminal, without a line of JSON."""

from __future__ import annotations

import pytest

import quidqual as qq
from tests.cli.typed import run
from tests.hand_coding.session_study import make_folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIDQUAL_CODER", "A")
    return make_folder(tmp_path / "study")


def typed(capsys, folder, *words):
    status, out, err = run(capsys, *words, "--study", folder)
    assert status == 0, err
    return out


def test_a_passage_is_coded_changed_and_removed(capsys, folder):
    key = typed(
        capsys, folder, "code", "add", "P1-R1", "--words", "She said", "--code", "trust"
    ).split()[0]
    assert key[:8] in typed(capsys, folder, "code", "list", "P1-R1")
    typed(
        capsys,
        folder,
        "code",
        "change",
        key[:8],
        "--code",
        "work",
        "--memo",
        "why",
        "--weight",
        "2",
    )
    row = qq.open_study(folder).codings.set_index("id").loc[key]
    assert (row["code"], row["memo"], row["weight"]) == ("work", "why", 2)
    typed(capsys, folder, "code", "remove", key[:8])
    assert key not in set(qq.open_study(folder).codings["id"])
    assert typed(capsys, folder, "undo") == "undo: remove\n"
    assert typed(capsys, folder, "redo") == "redo: remove\n"


def test_notes_are_marked_as_read(capsys, folder):
    assert typed(capsys, folder, "read", "P1-R1", "P2-R1") == "A: 2 of 3 notes marked as read\n"
    assert qq.open_study(folder).notes_read("A") == {"P1-R1", "P2-R1"}
    assert typed(capsys, folder, "unread", "P2-R1") == "A: 1 of 3 notes marked as read\n"


def test_the_codebook_grows_and_tells_how(capsys, folder):
    typed(capsys, folder, "codebook", "create", "hope", "--parent", "ties", "--label", "Hope")
    typed(capsys, folder, "codebook", "rename", "work", "labour")
    assert "A      1       0      0" in typed(
        capsys, folder, "codebook", "merge", "distrust", "trust"
    )
    out = typed(capsys, folder, "codebook", "redefine", "trust", "--definition", "Relies.")
    assert "2 codings of A to read again" in out
    key = qq.open_study(folder).codings.query("code == 'labour'")["id"].iloc[0]
    typed(capsys, folder, "codebook", "split", "labour", "sewing", key)
    typed(capsys, folder, "codebook", "move", "sewing", "--under", "ties")
    typed(capsys, folder, "codebook", "retire", "labour")
    assert len(typed(capsys, folder, "codebook", "history").splitlines()) == 8
    assert "merged" in typed(capsys, folder, "codebook", "diff", "0")
    assert "trust" in typed(capsys, folder, "codebook", "reread")
    assert len(qq.validate(folder)) == 0


def test_it_must_be_said_who_codes(capsys, folder, monkeypatch):
    monkeypatch.delenv("QUIDQUAL_CODER")
    status, _, err = run(capsys, "read", "P1-R1", "--study", folder)
    assert (status, "Give --coder NAME" in err) == (1, True)


def test_two_coders_are_compared_and_decided_in_a_terminal(capsys, folder):
    pair = ("--first", "A", "--second", "B", "--coder", "agreed")
    table = typed(capsys, folder, "compare", *pair)
    assert "2 other code" not in table
    lines = [line.split() for line in table.splitlines()[1:-1]]
    assert table.splitlines()[-1] == "1 missed, 1 other code, 1 other bounds"
    case = next(line[0] for line in lines if "distrust" in line)
    status, _, err = run(capsys, "decide", case, "--take", "second", *pair, "--study", folder)
    assert (status, "needs a reason" in err) == (1, True)
    told = typed(capsys, folder, "decide", case, "--take", "second", "--reason", "trust", *pair)
    assert told == "1 decided, 1 codings added to those of agreed\n"
    assert "second" in typed(capsys, folder, "compare", *pair)
    assert run(capsys, "decide", "--take", "first", *pair, "--study", folder)[0] == 1
    agreed = qq.open_study(folder).codings.query("coder == 'agreed'")
    assert agreed["code"].tolist() == ["trust"]


def test_hits_are_listed_then_coded_but_for_those_that_are_none(capsys, folder):
    assert typed(capsys, folder, "code", "find", "trust*").count("P1-R") == 2
    told = typed(capsys, folder, "code", "find", "trust*", "--code", "work", "--except", "2")
    assert told == "1 coded, 1 rejected\n"
    assert (qq.open_study(folder).codings["exact"] == "trust").sum() == 1


def test_a_heading_is_no_code_and_a_note_has_a_short_name(capsys, folder):
    typed(capsys, folder, "codebook", "create", "body", "--heading", "--label", "Body")
    assert not qq.open_study(folder).codebook["body"].codable
    told = typed(capsys, folder, "code", "add", "P1 R1", "--words", "She said", "--code", "work")
    assert "P1-R1" in told
    status, _, err = run(capsys, "read", "P1-R9", "--study", folder)
    assert (status, "Did you mean" in err or "must be" in err) == (1, True)


def test_a_copy_is_united(capsys, folder, tmp_path):
    import shutil

    other = tmp_path / "other"
    shutil.copytree(folder, other)
    args = ("code", "add", "P1-R1", "--words", "She said", "--code", "work", "--coder", "C")
    typed(capsys, other, *args)
    assert "codings   C" in typed(capsys, folder, "unite", str(other)).replace("  ", "  ")
    assert "C" in set(qq.open_study(folder).codings["coder"])
