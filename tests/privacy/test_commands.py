"""The commands as a person types them."""

from __future__ import annotations

import pytest

from quidqual.privacy import confidentiality
from tests.cli.typed import run
from tests.privacy.conftest import small_study
from tests.privacy.test_pseudonymise import RAW, decided


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, text in RAW.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def test_pseudonymise_asks_then_writes_then_the_key_is_destroyed(
    raw, tmp_path, capsys, monkeypatch
):
    import pandas as pd

    monkeypatch.setenv(confidentiality.PASSPHRASE, "five words that differ much")
    study, key, review = tmp_path / "study", tmp_path / "k/key.json", tmp_path / "k/review.csv"
    words = [
        "pseudonymise",
        raw,
        "--study",
        study,
        "--key",
        key,
        "--review",
        review,
        "--language",
        "en",
    ]
    status, out, _ = run(capsys, *words)
    assert status == 1
    assert "places to decide" in out
    assert "Nothing was written" in out
    decided(pd.read_csv(review, dtype=str, keep_default_na=False)).to_csv(review, index=False)
    status, out, _ = run(capsys, *words)
    assert (status, "pseudonymised" in out, study.is_dir()) == (0, True, True)
    assert run(capsys, "key", "destroy", key)[0] == 1
    assert key.exists()
    status, out, _ = run(capsys, "key", "destroy", key, "--yes")
    assert (status, key.exists()) == (0, False)
    assert "Backups" in out


def test_without_a_passphrase_nobody_is_asked_in_a_script(raw, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(confidentiality.PASSPHRASE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    words = [
        "pseudonymise",
        raw,
        "--study",
        tmp_path / "s",
        "--key",
        tmp_path / "k",
        "--review",
        tmp_path / "r.csv",
        "--language",
        "en",
    ]
    status, _, err = run(capsys, *words)
    assert (status, "nobody to ask" in err) == (1, True)


def test_forget(tmp_path, capsys):
    folder = small_study().save(tmp_path / "study")
    status, out, _ = run(capsys, "forget", "P1", "--study", folder)
    assert status == 0
    assert "deleted: note: notes/P1-R1.md" in out
    assert run(capsys, "forget", "P1", "--study", folder)[0] == 1


def test_release_check_and_override(tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("code,k,n\ntrust,2,9\n", "utf-8")
    status, out, _ = run(capsys, "release-check", table)
    assert status == 1
    assert out.startswith("block: small_cell: table.csv, row 1")
    log = tmp_path / "release_log.csv"
    override = ["--override", "small_cell", "--name", "Ada Conti", "--reason", "both agreed"]
    assert run(capsys, "release-check", table, *override)[0] == 1  # no log
    status, out, _ = run(capsys, "release-check", table, *override, "--log", log)
    assert (status, "let through by Ada Conti" in out) == (0, True)
    assert run(capsys, "release-check", table, "--log", log)[0] == 0
    table.write_text("code,k,n\ntrust,1,9\n", "utf-8")
    assert run(capsys, "release-check", table, "--log", log)[0] == 1


def test_blocks_come_first_and_many_places_are_counted(tmp_path, capsys):
    table = tmp_path / "table.csv"
    rows = "".join(f"c{i},{k},9\n" for i, k in enumerate((2, 2, 2, 2, 2, 7)))
    table.write_text("code,k,n\n" + rows, "utf-8")
    status, out, _ = run(capsys, "release-check", table)
    lines = out.splitlines()
    assert status == 1
    assert [line.partition(":")[0] for line in lines[:3]] == ["block"] * 3
    assert lines[3].strip() == "small_cell: 2 more places (--all lists them)"
    assert lines[4].startswith("review: few_others: table.csv, row 6")
    every = run(capsys, "release-check", table, "--all")[1].splitlines()
    assert len([line for line in every if line.startswith("block: small_cell")]) == 5
