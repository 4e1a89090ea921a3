import subprocess
import sys

import pytest

from quidqual.cli import main


def test_new_validate(tmp_path, capsys):
    assert main(["new", str(tmp_path / "mine"), "--title", "Mine"]) == 0
    assert main(["validate", str(tmp_path / "mine")]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out
    (tmp_path / "mine/participants.csv").write_text("participant,group\nP1,g\n", "utf-8")
    assert main(["validate", str(tmp_path / "mine")]) == 1
    assert "participants.csv, row 2, field participant" in capsys.readouterr().out


def test_validate_tells_problems_that_have_no_row(tmp_path, capsys):
    assert main(["validate", str(tmp_path / "nowhere")]) == 1
    assert "error: " in capsys.readouterr().out
    main(["new", str(tmp_path / "mine")])
    (tmp_path / "mine/study.toml").unlink()
    assert main(["validate", str(tmp_path / "mine")]) == 1
    assert "error: " in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("new", "{file}/x"),
        ("report", "{file}/x.html", "--study", "{mine}"),
        ("ledger", "--csv", "{file}/x.csv"),
        ("convert", "{mine}", "{file}/x.qdpx"),
        ("reproduce", "--study", "{mine}", "--out", "{file}/private"),
        ("export", "{file}/x", "--study", "{mine}"),
    ],
)
def test_a_place_that_cannot_be_written_is_a_message(tmp_path, capsys, words):
    (tmp_path / "file").write_text("mine", "utf-8")
    main(["new", str(tmp_path / "mine")])
    capsys.readouterr()
    places = {"file": tmp_path / "file", "mine": tmp_path / "mine"}
    assert main([word.format(**places) for word in words]) == 1
    assert "file" in capsys.readouterr().err
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_a_mistake_is_a_message_not_a_traceback(tmp_path, capsys):
    assert main(["ledger", str(tmp_path / "nowhere")]) == 1
    shown = capsys.readouterr()
    assert "there is no such folder" in shown.err
    assert "Traceback" not in shown.err


def test_results_are_never_written_into_the_study(tmp_path, capsys):
    main(["new", str(tmp_path / "mine")])
    assert (
        main(["reproduce", "--study", str(tmp_path / "mine"), "--out", str(tmp_path / "mine/out")])
        == 1
    )
    assert "into the study folder" in capsys.readouterr().err


def test_results_go_into_a_folder_of_their_own(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("quidqual.cli.reproduce._notebooks", lambda *a, **k: 0)
    main(["new", str(tmp_path / "mine")])
    out = tmp_path / "private/out"
    words = ["reproduce", "--study", str(tmp_path / "mine"), "--out", str(out)]
    assert main(words) == 0
    assert "keep them as confidential as the notes" in (out / "RESULTS.md").read_text("utf-8")
    assert main(words) == 0  # again into its own
    (tmp_path / "private/theirs/figures").mkdir(parents=True)
    (tmp_path / "private/theirs/figures/themes.md").write_text("mine", "utf-8")
    assert main([*words[:-1], str(tmp_path / "private/theirs")]) == 1
    assert "the folder holds other files: 'figures'" in capsys.readouterr().err
    assert (tmp_path / "private/theirs/figures/themes.md").read_text("utf-8") == "mine"


def test_reproduce_an_empty_study(tmp_path, capsys):
    from quidqual.cli.reproduce import reproduce

    main(["new", str(tmp_path / "mine")])
    assert reproduce(tmp_path / "mine", figures=tmp_path / "private/figures") == 0
    assert "Figures: 0" in capsys.readouterr().out


def test_ledger_command_shows_verdicts_and_passages(capsys, shared):
    assert main(["ledger", "--claim", "D8", "--report", str(shared / "report/report.txt")]) == 0
    shown = capsys.readouterr().out
    assert "contradicted" in shown
    assert "report: Participants were generally interviewed" in shown


def test_ledger_says_when_a_text_is_not_the_report(tmp_path, capsys, shared):
    (tmp_path / "other.txt").write_text("Another text.", "utf-8")
    assert main(["ledger", "--claim", "D8", "--report", str(tmp_path / "other.txt")]) == 0
    assert "This is not the text in which the claims have their places" in capsys.readouterr().out
    main(["ledger", "--claim", "D8", "--report", str(shared / "report/report.txt")])
    assert "This is not the text" not in capsys.readouterr().out


def test_reanchor_command(tmp_path, capsys):
    import quidqual as qq

    folder = qq.load_example().save(tmp_path / "copy")
    note = folder / "notes/S1-R1.md"
    note.write_text("A first line.\n\n" + note.read_text("utf-8"), "utf-8")
    assert main(["validate", str(folder)]) == 0
    assert main(["validate", str(folder), "--strict"]) == 1
    capsys.readouterr()
    assert main(["reanchor", str(folder), "--at", "2022-01-01T00:00:00Z"]) == 0
    moved = capsys.readouterr().out.splitlines()[-1]
    assert moved.endswith("codings moved, 0 lost")
    assert not moved.startswith("0 ")
    assert main(["validate", str(folder), "--strict"]) == 0


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["reproduce", "--help"]])
def test_help_is_quick_and_loads_nothing_heavy(arguments):
    code = (
        "import sys\nfrom quidqual.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "assert not {'spacy', 'sklearn', 'matplotlib', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
