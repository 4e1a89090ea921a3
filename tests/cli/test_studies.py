import re
import subprocess
import sys
import unicodedata

import pytest

import quidqual as qq
from quidqual.cli import main
from quidqual.reporting.report_passages import Report
from tests.findings.conftest import make


def test_new_validate(tmp_path, capsys):
    assert main(["new", str(tmp_path / "mine"), "--title", "Mine"]) == 0
    assert main(["validate", "--study", str(tmp_path / "mine")]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out
    (tmp_path / "mine/participants.csv").write_text("participant,group\nP1,g\n", "utf-8")
    assert main(["validate", "--study", str(tmp_path / "mine")]) == 1
    assert "participants.csv, row 2, field participant" in capsys.readouterr().out


def test_validate_tells_problems_that_have_no_row(tmp_path, capsys):
    assert main(["validate", "--study", str(tmp_path / "nowhere")]) == 1
    assert "error: " in capsys.readouterr().out
    main(["new", str(tmp_path / "mine")])
    (tmp_path / "mine/study.toml").unlink()
    assert main(["validate", "--study", str(tmp_path / "mine")]) == 1
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
    assert main(["ledger", "--study", str(tmp_path / "nowhere")]) == 1
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
    monkeypatch.setattr("quidqual.reporting.reproduce._notebooks", lambda *a, **k: 0)
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
    from quidqual.reporting.reproduce import reproduce

    main(["new", str(tmp_path / "mine")])
    assert reproduce(tmp_path / "mine", figures=tmp_path / "private/figures") == 0
    assert "Figures: 0" in capsys.readouterr().out


@pytest.fixture
def told(tmp_path):
    """A study with one claim, and the report that it is anchored in as text and as DOCX."""
    text = "Results\n\nTwo of them stayed with us.\nNobody counted the rest.\n\nAnnex\n"
    report = Report(text)
    start, end = text.index("Two"), text.index("Nobody")
    edges = {"begins": report.anchor(start, start + 11), "ends": report.anchor(end + 14, end + 24)}
    base = make({"P1": {"c": "1"}, "P2": {"c": "1"}})
    study = qq.Study.from_tables(
        title="Told", corpus="synthetic", rounds=base.rounds, participants=base.participants,
        interviews=base.interviews, notes=base.raw.notes, codebook=base.codebook,
        codings=base.codings,
        report={"sections": [{"title": "Results", **{k: dict(vars(v)) for k, v in edges.items()}}]},
        claims=[{"id": "C1", "kind": "prevalence", "summary": "Both stay.", "stated": {"k": 2, "n": 2},
                 "check": {"measure": "prevalence", "codes": ["c"], "k": 2, "n": 2},
                 "anchor": dict(vars(report.anchor(start, end)))}],
    )  # fmt: skip
    study.save(tmp_path / "told")
    (tmp_path / "report.txt").write_bytes(text.replace("\n", "\r\n").encode())
    return tmp_path


def as_docx(folder):
    docx = pytest.importorskip("docx")
    paper = docx.Document()
    for line in ("Results", "Two of them stayed with us. Nobody counted the rest.", "Annex"):
        paper.add_paragraph(line)
    paper.save(folder / "report.docx")
    return folder / "report.docx"


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_ledger_shows_the_passages_of_a_report_in_any_form(told, capsys, form):
    report = told / "report.txt" if form == "txt" else as_docx(told)
    assert main(["ledger", "--study", str(told / "told"), "--report", str(report)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"report: p\. \S*: Two of them stayed with us\.", shown)
    assert "Ledger of 1 claim: 1 reproduced (synthetic)" in shown


HEAD, LONG = "Evaluation of a programme", [
    "The eﬃcient ﬁrst group found its work-life bal-",
    "ance, no life without work, diﬃcult to describe, and none of the nine spoke of it in the",
    "two interviews; what they told of the canteen was said in pass-",
    "ing. Nobody counted the rest.",
]  # fmt: skip


def as_pdf(file, pages):
    """Lay lines out on pages, in a font that writes its ligatures as letters of their own."""
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    style = {"pdf.fonttype": 42, "font.family": "DejaVu Sans"}
    with matplotlib.rc_context(style), PdfPages(file) as book:
        for lines in pages:
            figure = Figure(figsize=(6, 8))
            for number, line in enumerate(lines):
                figure.text(0.1, 0.95 - 0.03 * number, line, size=9, parse_math=False)
            book.savefig(figure)
    return file


def test_ledger_finds_passages_in_a_pdf_and_tells_their_pages(tmp_path, capsys):
    """Hyphens at line ends, ligatures, heads and numbers on each page, a passage over two pages."""
    text = (
        "Results The efficient first group found its work-life balance, no life without work, difficult "
        "to describe, and "
        "none of the nine spoke of it in the two interviews; what they told of the canteen was "
        "said in passing. Nobody counted the rest. Annex"
    )
    report = Report(text)

    def anchor(words):
        return dict(vars(report.anchor(text.index(words), text.index(words) + len(words))))

    passages = {
        "C1": text[text.index("The eff") : text.index(" Nobody")],
        "C2": "Nobody counted the rest.",
    }
    base = make({"P1": {"c": "1"}})
    qq.Study.from_tables(
        title="Told", corpus="synthetic", rounds=base.rounds, participants=base.participants,
        interviews=base.interviews, notes=base.raw.notes, codebook=base.codebook,
        report={"sections": [
            {"title": "Results", "begins": anchor("The efficient"), "ends": anchor("the rest")}
        ]},
        claims=[
            {"id": name, "kind": "design", "summary": "s", "not_checkable": "w", "page": 9,
             "anchor": anchor(words)}
            for name, words in passages.items()
        ],
    ).save(tmp_path / "told")  # fmt: skip
    pages = [["A title page"], ["Contents"], ["Results", *LONG[:2]], LONG[2:], ["Annex"]]
    numbered = [[HEAD, *lines, str(number)] for number, lines in enumerate(pages, 1)]
    file = as_pdf(tmp_path / "report.pdf", numbered)
    words = ["ledger", "--study", str(tmp_path / "told"), "--report", str(file)]
    assert main(words) == 0
    shown = capsys.readouterr().out
    (long,) = re.findall(r"report: p\. 3: (The .*)", shown)  # where it begins
    plain = unicodedata.normalize("NFKC", long)
    assert plain == passages["C1"]
    assert HEAD not in shown
    assert "report: p. 4: Nobody counted the rest." in shown
    assert main([*words, "--coverage"]) == 0
    assert "100.0% of the findings" in capsys.readouterr().out


def test_ledger_says_when_a_text_is_not_the_report(told, capsys):
    (told / "other.txt").write_text("Another text.", "utf-8")
    words = ["ledger", "--study", str(told / "told"), "--report", str(told / "other.txt")]
    assert main(words) == 0
    assert "this is not the report that the claims are about" in capsys.readouterr().out


def test_coverage_names_what_stands_under_no_claim(told, capsys):
    words = ["ledger", "--study", str(told / "told"), "--coverage"]
    assert main([*words, "--report", str(told / "report.txt")]) == 0
    shown = capsys.readouterr().out
    assert "Results: 51.2% under a claim" in shown  # 21 of 41 letters
    assert "Nobody counted the rest." in shown
    assert "(21 of 41 letters)" in shown
    assert main(words) == 1
    assert "Add --report FILE" in capsys.readouterr().err


def test_the_study_is_the_current_folder_or_the_example_and_it_is_said(told, capsys, monkeypatch):
    monkeypatch.delenv("QUIDQUAL_STUDY", raising=False)
    monkeypatch.chdir(told)
    assert main(["checklist", "srqr"]) == 0
    assert "the synthetic example" in capsys.readouterr().err
    assert main(["reanchor"]) == 1
    assert "the current folder is not a study. Name one: --study FOLDER." in capsys.readouterr().err
    monkeypatch.chdir(told / "told")
    assert main(["ledger"]) == 0
    shown = capsys.readouterr()
    assert "Study: Told (synthetic), the folder told" in shown.err
    assert "C1" in shown.out
    assert main(["validate"]) == 0


def test_the_study_stands_in_one_place(capsys):
    for command in ("ledger", "agree", "validate", "reanchor", "reproduce"):
        with pytest.raises(SystemExit):
            main([command, "some-folder"])
    capsys.readouterr()


def test_what_would_steer_a_terminal_is_shown_as_text(tmp_path, capsys):

    study = make({"P1": {"c": "1"}})
    settings = tmp_path / "evil"
    study.save(settings)
    toml = settings / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("hand-made", "a\\u001b[2Jb\\u202e"), "utf-8")
    assert main(["checklist", "srqr", "--study", str(settings)]) == 0
    assert main(["report", str(tmp_path / "r.html"), "--study", str(settings)]) == 0
    assert main(["reproduce", "--study", str(settings), "--figures", str(tmp_path / "f")]) == 0
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert "\\x1b[2Jb\\u202e" in shown.out


def test_notebooks_of_the_package_are_put_where_there_are_none(tmp_path, monkeypatch):
    """From an installed wheel there is no clone whose notebooks could be run in place."""
    ran = []
    monkeypatch.setattr(
        "quidqual.reporting.notebooks.run_notebooks", lambda s, t, **k: ran.append((s, t)) or {}
    )
    main(["new", str(tmp_path / "mine")])
    books = tmp_path / "private/books"  # the study is real
    words = ["reproduce", "--study", str(tmp_path / "mine"), "--notebooks", str(books)]
    assert main(words) == 0
    assert ran == [(books, books)]
    assert len(list(books.glob("*.ipynb"))) >= 10
    first = sorted(books.glob("*.ipynb"))[0]
    first.write_text("mine", "utf-8")
    assert main(words) == 0
    assert first.read_text("utf-8") == "mine"


def test_reanchor_command(tmp_path, capsys):
    import quidqual as qq

    folder = qq.load_example().save(tmp_path / "copy")
    note = folder / "notes/S1-R1.md"
    note.write_text("A first line.\n\n" + note.read_text("utf-8"), "utf-8")
    assert main(["validate", "--study", str(folder)]) == 0
    assert main(["validate", "--study", str(folder), "--strict"]) == 1
    capsys.readouterr()
    assert main(["reanchor", "--study", str(folder), "--at", "2022-01-01T00:00:00Z"]) == 0
    moved = capsys.readouterr().out.splitlines()[-1]
    assert moved.endswith("codings moved, 0 lost")
    assert not moved.startswith("0 ")
    assert main(["validate", "--study", str(folder), "--strict"]) == 0


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["reproduce", "--help"]])
def test_help_is_quick_and_loads_nothing_heavy(arguments):
    code = (
        "import sys\nfrom quidqual.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "assert not {'spacy', 'sklearn', 'matplotlib', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
