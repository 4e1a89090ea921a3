"""Whatever leaves the house goes by the one door: every public writer, every command, every call."""

from __future__ import annotations

import ast
import inspect
import shutil

import pandas as pd
import pytest

import quidqual as qq
from quidqual.cli import main
from quidqual.examples import example_folder
from quidqual.privacy.release import before_writing
from quidqual.study.errors import QuidqualError
from tests.privacy.conftest import small_study

PLACES = ("path", "folder", "target", "out", "file", "fname")

# Public functions with a place in their signature that write no output of a study, and why.
NO_OUTPUT = {
    **dict.fromkeys(
        ("open_study", "read", "read_qdpx", "import_notes", "tag_file", "load_model",
         "load_sentence_model", "validate", "read_key", "release_check", "read_summaries",
         "framework_matrix", "keyness", "decisions"),
        "reads",
    ),
    "coding_session": "the coding log of the study itself",
    "write_summary": "a summary in the study folder",
    "unite": "another copy of the same study, into the study folder",
    "new_study": "makes an empty study",
    "import_files": "makes the study folder itself, or adds to it",
    "reanchor": "changes the logs of the study itself",
    "pseudonymise": "makes the study folder itself",
    "destroy_key": "takes a file away",
}  # fmt: skip


@pytest.fixture(scope="module")
def study():
    return small_study()


@pytest.fixture(scope="module")
def suggester():
    from quidqual.suggestions.suggest import Suggester

    class Model:
        features = None

    card = "# Model card\n\nCorpus: **real**.\n"
    return Suggester(Model(), ("trust",), ((1.0, 0.0),), (0.5,), card)


def _matrix(study):
    return qq.framework_matrix(study)


def _figure(study, folder):
    qq.export_figure(qq.plot.tiles(qq.presence(study)), "tiles", folder=folder, formats=["svg"])


def _own_axes(study, folder):
    from matplotlib.figure import Figure

    figure = Figure()
    qq.plot.prevalence(qq.prevalence(qq.presence(study)), ax=figure.subplots())
    folder.mkdir(exist_ok=True)
    figure.savefig(folder / "own.png")


def _save_figure(study, folder):
    folder.mkdir(exist_ok=True)
    qq.plot.tiles(qq.presence(study)).savefig(str(folder / "tiles.png"))


def _corpus(study, folder):
    texts = folder.parent / "texts"
    texts.mkdir(exist_ok=True)
    (texts / "a.txt").write_text("She trusts nobody yet.", "utf-8")
    patterned = small_study(codebook=[{"id": "trust", "patterns": {"en": ["trusts"]}}], codings=[])
    qq.scale.tag_corpus(texts, folder, patterned, language="en")


def _written(name):
    return lambda study, folder: qq.write(study, folder / name)


WRITERS = {
    "write": _written("quotes.csv"),
    "write, .parquet": _written("quotes.parquet"),
    "write, .xlsx": _written("quotes.xlsx"),
    "write, .docx": _written("quotes.docx"),
    "convert": lambda study, folder: qq.interchange.convert(
        study.save(folder.parent / "source"), folder / "project.qdpx"
    ),
    "write_table": lambda study, folder: qq.write_table(qq.presence(study), folder / "a.csv"),
    "write_framework": lambda study, folder: qq.reporting.write_framework(
        _matrix(study), folder / "a.html"
    ),
    "write_framework, .xlsx": lambda study, folder: qq.reporting.write_framework(
        _matrix(study), folder / "a.xlsx"
    ),
    "write_report": lambda study, folder: qq.reporting.write_report(study, folder / "report.html"),
    "export_crate": lambda study, folder: qq.reporting.export_crate(study, folder / "crate"),
    "export_figure": _figure,
    "savefig of a chart": _save_figure,
    "savefig of somebody's own figure": _own_axes,
    "write_qdpx": lambda study, folder: qq.interchange.write_qdpx(study, folder / "a.qdpx"),
    "write_qdc": lambda study, folder: qq.interchange.write_qdc(study, folder / "a.qdc"),
    "write_quote_report": lambda study, folder: qq.interchange.write_quote_report(
        study, folder / "a.md"
    ),
    "save_model": None,  # below: it takes what a study made
    "tag_corpus": _corpus,
}


def _public():
    """Every public function, with the parameters that may be a place."""
    for room in (qq, *(getattr(qq, wing) for wing in (*qq._ROOMS_AS_NAMESPACES, *qq._WINGS))):
        for name in room.__all__:
            thing = getattr(room, name)
            if inspect.isfunction(thing):
                yield name, set(inspect.signature(thing).parameters) & set(PLACES)


def test_every_public_function_with_a_place_is_gated_or_says_why_not():
    """A new writer fails here until it stands in one of the two lists."""
    with_place = {name for name, places in _public() if places}
    known = {name.partition(",")[0] for name in WRITERS}
    assert with_place - set(NO_OUTPUT) - known == set()


@pytest.fixture
def asked(monkeypatch):
    """Let the check refuse all that it is asked about, whatever it holds."""

    def refuse(*_, **__):
        raise QuidqualError.of("the check was asked.")

    monkeypatch.setattr(before_writing, "refuse_blocked", refuse)
    monkeypatch.setattr(before_writing, "refuse_public", refuse)


@pytest.mark.parametrize("name", [n for n in WRITERS if WRITERS[n]])
def test_a_writer_asks_before_it_writes(name, study, tmp_path, asked):
    folder = tmp_path / "public"
    with pytest.raises(QuidqualError, match="the check was asked"):
        WRITERS[name](study, folder)
    assert not [p for p in folder.rglob("*") if p.is_file()]


@pytest.mark.parametrize("name", [n for n in WRITERS if WRITERS[n] and n != "convert"])
def test_a_writer_of_real_notes_writes_in_private(name, study, tmp_path):
    folder = tmp_path / "private"
    WRITERS[name](study, folder)
    assert [p for p in folder.rglob("*") if p.is_file()]
    assert not list(folder.rglob(".quidqual-*"))


def test_a_saved_model_is_asked_about(suggester, tmp_path, asked, monkeypatch):
    from quidqual.suggestions import storage

    monkeypatch.setattr(storage, "embedding_of", lambda _: None)
    monkeypatch.setattr(storage, "_default", lambda _: None)
    monkeypatch.setattr(storage, "write_pipeline", lambda *_: b"pipeline")
    with pytest.raises(QuidqualError, match="the check was asked"):
        qq.suggestions.save_model(suggester, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def _typed(study, folder, *words):
    source = folder.parent / "study"
    if not source.exists():
        study.save(source)
    return main([str(w) for w in words] + ["--study", str(source)])


COMMANDS = {
    "ledger": lambda s, f: _typed(s, f, "ledger", "--csv", f / "ledger.csv"),
    "tag": lambda s, f: _typed(s, f, "tag", "--out", f / "hits.csv"),
    "report": lambda s, f: _typed(s, f, "report", f / "report.html"),
    "export": lambda s, f: _typed(s, f, "export", f / "crate", "--yes"),
    "reproduce": lambda s, f: _typed(s, f, "reproduce", "--out", f / "results"),
    "convert": lambda s, f: main(
        ["convert", str(s.save(f.parent / "source")), str(f / "project.qdpx")]
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_asks_before_it_writes(name, tmp_path, asked, capsys):
    real = small_study(
        codebook=[{"id": "trust", "patterns": {"en": ["trusts"]}}],
        codings=[{"interview": "P1-R1", "start": 0, "end": 22, "code": "trust"}],
    )
    folder = tmp_path / "public"
    assert COMMANDS[name](real, folder) == 1
    assert "the check was asked" in capsys.readouterr().err
    assert not [p for p in folder.rglob("*") if p.is_file()]


def test_agree_asks_before_it_writes(tmp_path, asked, capsys):
    folder = tmp_path / "study"
    shutil.copytree(example_folder(), folder)
    path = folder / "study.toml"
    path.write_text(path.read_text("utf-8").replace('"synthetic"', '"real"', 1), "utf-8")
    words = ["agree", "--study", str(folder), "--csv", str(tmp_path / "a.csv"), "--resamples", "10"]
    assert main(words) == 1
    assert "the check was asked" in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


# Modules that write by themselves, and what: nothing of it is an output of a study.
OWN = {
    "study/files.py": "the atomic write itself",
    "study/release_gate.py": "the door",
    "study/save.py": "the study folder",
    "hand_coding/scaffold.py": "a new study folder",
    "study/log_append.py": "the coding log of the study",
    "queries/saved_queries.py": "the study folder",
    "hand_coding/carried.py": "the study folder",
    "hand_coding/one_writer.py": "a lock in the study folder",
    "analysis/framework.py": "summaries in the study folder",
    "interchange/add_notes.py": "notes of the study folder",
    "suggestions/decisions.py": "the log of decisions in the study folder",
    "reporting/notebooks.py": "what `reproduce` runs, which asks for a private place at once",
    "scale/corpus.py": "tags, one file at a time: the private folder is asked for at once",
    "privacy/pseudonyms/forget.py": "the study folder, out of which somebody goes",
    "privacy/pseudonyms/key_file.py": "the key, mode 0600",
    "privacy/pseudonyms/review_queue.py": "the queue, mode 0600",
    "privacy/reviewing/decided.py": "the steps of a review, mode 0600, beside its queue",
    "privacy/release/release_log.py": "the log of overrides, without words",
}
_WRITES = {
    "write_atomic",
    "write_inside",
    "write_text",
    "write_bytes",
    "savefig",
    "to_excel",
    "to_parquet",
    "mkstemp",
}


def _writes(call):
    """Tell whether a call may write a file: by its name, or `open` with a mode that writes."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in ("open", "fdopen"):
        modes = [a.value for a in [*call.args[:2], *(k.value for k in call.keywords)]
                 if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
        return any(set(m) & set("wax") and len(m) < 4 for m in modes)
    if name in ("savefig", "to_parquet", "to_excel"):  # into memory is no file
        return not (call.args and getattr(call.args[0], "id", "") in ("buffer", "stream"))
    return name in _WRITES


def test_no_module_writes_an_output_by_itself(root):
    found = set()
    for path in (root / "quidqual").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        if any(_writes(node) for node in ast.walk(tree) if isinstance(node, ast.Call)):
            found.add(path.relative_to(root / "quidqual").as_posix())
    assert found - set(OWN) == {"plots/canvas.py"}  # `savefig` itself, asked by plots/saving.py
    assert set(OWN) - found == set()


def test_a_table_of_real_quotes_needs_its_study(tmp_path):
    table = qq.interchange.quote_table(small_study())
    with pytest.raises(QuidqualError, match="words_of_notes"):
        qq.write_table(table[["words", "corpus"]], tmp_path / "quotes.csv")


def test_quotes_that_may_be_printed_leave_by_the_same_door(tmp_path):
    agreed = small_study(consent=dict.fromkeys(("P1-R1", "P2-R1"), "yes"))
    words = pd.DataFrame({"words": ["The needle is louder than my head today."], "corpus": "real"})
    assert qq.write_table(words, tmp_path / "quotes.csv", study=agreed).exists()
    asked = small_study()
    with pytest.raises(QuidqualError, match="quote_consent"):
        qq.write_table(words, tmp_path / "more.csv", study=asked)


def test_a_wide_table_follows_people_in_its_columns(tmp_path):
    with pytest.raises(QuidqualError, match="person_pattern"):
        qq.write(small_study(), tmp_path / "wide.csv", content="documents")


def test_content_that_is_made_late_is_checked_too(asked, tmp_path):
    """Without a form that reads better the bytes themselves are asked about."""
    from quidqual.study.release_gate import write_result

    with pytest.raises(QuidqualError, match="the check was asked"):
        write_result(tmp_path / "a.bin", lambda: b"words", replace=False, of="real")
    assert not (tmp_path / "a.bin").exists()
