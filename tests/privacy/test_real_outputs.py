"""A twin of the example marked real: outputs are refused, planted identifiers are all found."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from functools import lru_cache

import pytest

import quidqual as qq
from quidqual.cli import main
from quidqual.examples import example_folder
from quidqual.privacy import release_check
from quidqual.study.errors import QuidqualError
from tests.privacy.conftest import small_study


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    """The example, said to be real."""
    folder = tmp_path_factory.mktemp("twin") / "study"
    shutil.copytree(example_folder(), folder)
    path = folder / "study.toml"
    path.write_text(path.read_text("utf-8").replace('"synthetic"', '"real"', 1), "utf-8")
    return folder


def test_a_report_of_real_notes_is_refused_in_a_public_place(tmp_path):
    study = small_study()
    with pytest.raises(QuidqualError, match="Nothing was written: the notes are real") as caught:
        qq.reporting.write_report(study, tmp_path / "report.html", include_notes=True)
    assert not (tmp_path / "report.html").exists()
    assert "bag closed" not in str(caught.value)
    assert qq.reporting.write_report(
        study, tmp_path / "private/report.html", include_notes=True
    ).exists()


def test_a_figure_of_real_notes_is_refused_in_a_public_place(tmp_path):
    table = qq.presence(small_study())
    figure = qq.plot.tiles(table)
    with pytest.raises(QuidqualError, match="person_pattern"):
        qq.export_figure(figure, "tiles", folder=tmp_path)
    assert not list(tmp_path.iterdir())
    assert qq.export_figure(figure, "tiles", folder=tmp_path / "private", formats=["svg"])


@pytest.mark.parametrize("choice", [{"rounds": "R1"}, {"participants": ["P1", "P2"]}])
def test_a_figure_of_a_reading_of_real_notes_is_refused_all_the_same(tmp_path, choice):
    """The mark of its table names the reading beside the corpus."""
    figure = qq.plot.tiles(qq.presence(small_study().reading(**choice)))
    assert "[reading: " in qq.plot.drawn(figure)[0].corpus
    with pytest.raises(QuidqualError, match="Nothing was written: the notes are real"):
        qq.export_figure(figure, "tiles", folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_figure_that_the_check_lets_through_is_written_anywhere(tmp_path):
    import pandas as pd

    rows = {"code": ["trust"], "round": ["R1"], "k": [5], "n": [9], "corpus": "real"}
    files = qq.export_figure(
        qq.plot.heat(pd.DataFrame(rows)), "trust", folder=tmp_path, formats=["svg"]
    )
    assert all(file.exists() for file in files)


def test_a_crate_of_real_notes_is_refused_in_a_public_place(tmp_path):
    with pytest.raises(QuidqualError, match="Nothing was written"):
        qq.reporting.export_crate(small_study(), tmp_path / "crate")
    assert not (tmp_path / "crate").exists()
    assert qq.reporting.export_crate(small_study(), tmp_path / "private/crate").is_dir()


def test_synthetic_outputs_never_meet_the_check(tmp_path):
    """Nothing of the wing is even imported for them."""
    code = (
        "import sys, quidqual as qq\n"
        f"qq.reporting.write_report(qq.load_example('small'), {str(tmp_path / 'r.html')!r})\n"
        "assert not [m for m in sys.modules if m.startswith('quidqual.privacy')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_core_imports_nothing_of_the_wing_and_the_analysis_never_the_key(root):
    import ast

    for path in (root / "quidqual").rglob("*.py"):
        room = path.relative_to(root / "quidqual").parts[0]
        if room in ("privacy", "cli"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            assert not [n for n in names if n.startswith("quidqual.privacy")], path
        text = path.read_text("utf-8")
        if path.name not in ("release_gate.py", "__init__.py"):
            assert "quidqual.privacy." not in text, path
        assert "key_file" not in text, path


def test_reproduce_of_real_notes_wants_a_private_place(twin, tmp_path, capsys):
    words = ["reproduce", "--study", str(twin), "--out", str(tmp_path / "results")]
    assert main(words) == 1
    assert "folder named 'private'" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


# --- thirty planted identifiers ----------------------------------------------------------------

PLANTED = {
    "memo: a name": "Isoken Osagie",
    "memo: a phone": "347 555 0111",
    "memo: a mail": "ehi@example.org",
    "memo: a code": "SGOBSS97E54Z335D",
    "memo: an address": "via Garibaldi 12",
    "memo: small letters": "uyiosa omoregie",
    "column of people: a town": "Bussolengo",
    "column of people: a name": "Valbona Hoxha",
    "column of people: a day": "14/05/1997",
    "column of talks: an interviewer": "Federica Zanella",
    "column of talks: a place": "Caritas Verona",
    "column of talks: a plate": "FG 512 KL",
    "note: a name": "Oksana Kovalenko",
    "note: a town": "Chișinău",
    "note: a phone": "+39 340 555 0199",
    "note: an account": "IT60X0542811101000000123456",
    "note: a handle": "@mercy_u21",
    "note: small letters": "anxhela",
    "note: a passport": "YB7654321",
    "note: an age": "34 years old",
    "file name: a summary": "Blessing_Uyigue",
    "file name: a picture": "Teuta-Gjoka",
    "file name: a sheet": "Natalia Ciobanu",
    "metadata: picture": "Giulia Marchetti",
    "metadata: document": "Luca Brentegani",
    "metadata: page": "Ioana Popescu",
    "metadata: notebook": "Besnik Hoxha",
    "comment of a drawing": "Viktoriia Shevchenko",
    "settings: a journal": "Chiamaka Nwosu",
    "codebook: an example": "Madam Vivian",
}


@pytest.fixture(scope="module")
def planted(twin, tmp_path_factory):
    """The twin with thirty identifiers, and where each was put."""
    folder = tmp_path_factory.mktemp("planted") / "study"
    shutil.copytree(twin, folder)
    (folder / "claims.yaml").unlink()  # its ledger takes its time, and nothing is planted in it
    where = plant(folder)
    strays(folder, where)
    assert len(where) == len(PLANTED) == 30
    return folder, where


def plant(folder):
    """Put those that stand in the study itself, and tell where each is."""
    p, where = PLANTED, {}

    def note(interview, *keys):
        path = folder / f"notes/{interview}.md"
        added = "".join(f"\nWe wrote {p[k]} down here.\n" for k in keys)
        path.write_text(path.read_text("utf-8") + added, "utf-8")
        where.update(dict.fromkeys(keys, f"notes/{interview}.md"))

    def column(table, name, cells):
        rows = list(csv.reader((folder / table).read_text("utf-8").splitlines()))
        rows[0].append(name)
        for i, row in enumerate(rows[1:]):
            row.append(p[cells[i]] if i < len(cells) else "")
        with (folder / table).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        where.update(dict.fromkeys(cells, table))

    log = folder / "codings/A.jsonl"
    lines = log.read_text("utf-8").splitlines()
    for i, key in enumerate(k for k in p if k.startswith("memo")):
        lines[i] = json.dumps(
            {**json.loads(lines[i]), "memo": f"told me {p[key]} today"}, ensure_ascii=False
        )
        where[key] = "codings/A.jsonl"
    log.write_text("\n".join(lines) + "\n", "utf-8")
    column("participants.csv", "home", [k for k in p if k.startswith("column of people")])
    column("interviews.csv", "interviewer", [k for k in p if k.startswith("column of talks")])
    notes = [k for k in p if k.startswith("note:")]
    note("S1-R1", *notes[:3])
    note("S4-R2", *notes[3:])
    settings = folder / "study.toml"
    journal = f'journal = ["{p["settings: a journal"]} told me her real name"]\n'
    settings.write_text(journal + settings.read_text("utf-8"), "utf-8")
    where["settings: a journal"] = "study.toml"
    codebook = folder / "codebook.yaml"
    text = codebook.read_text("utf-8")
    codebook.write_text(
        text.replace(
            "codes:\n", f"codes:\n- id: zz\n  definition: as {p['codebook: an example']} said\n", 1
        ),
        "utf-8",
    )
    where["codebook: an example"] = "codebook.yaml"
    return where


def strays(folder, where):
    """Put those that stand in files beside: names of files, metadata, comments."""
    from tests.privacy.test_release_rules import docx, notebook, png, xlsx

    p = PLANTED
    files = {
        "file name: a summary": (f"summaries/{p['file name: a summary']}.md", b"calm"),
        "file name: a picture": (f"figures/{p['file name: a picture']}.png", png()),
        "file name: a sheet": ("tables/book.xlsx", xlsx(p["file name: a sheet"])),
        "metadata: picture": ("figures/a.png", png(Artist=p["metadata: picture"])),
        "metadata: document": ("draft.docx", docx(p["metadata: document"])),
        "metadata: page": ("page.html", f"<meta name='author' content='{p['metadata: page']}'>".encode()),
        "comment of a drawing": ("figures/a.svg", f"<svg><!-- {p['comment of a drawing']} --></svg>".encode()),
    }  # fmt: skip
    book = json.loads(notebook())
    book["metadata"]["authors"] = [{"name": p["metadata: notebook"]}]
    files["metadata: notebook"] = ("a.ipynb", json.dumps(book).encode())
    for key, (name, data) in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        where[key] = name


@pytest.fixture(scope="module")
def checked(planted):
    return release_check(planted[0]).findings


@pytest.mark.parametrize("key", PLANTED)
def test_every_planted_identifier_is_found_where_it_was_put(planted, checked, key):
    folder, where = planted
    name, words = where[key], PLANTED[key]
    at = checked[checked["place"].str.startswith(name)]
    assert len(at), name
    hits = [row for row in at.itertuples() if _stands_at(folder / name, row.place, words)]
    assert hits, at["place"].tolist()[:5]


@lru_cache(maxsize=64)
def pieces_at(path):
    """What a file holds, by the places the library gives."""
    from quidqual.privacy.release.contents import pieces_of, unpacked

    found = {}
    for name, data in unpacked({path.name: path.read_bytes()}).items():
        for piece in pieces_of(name, data):
            found.setdefault(piece.place, []).append(piece.text)
    return found


def _stands_at(path, place, words):
    """Tell whether a finding's place holds the planted words."""
    spoken = words.replace("_", " ").replace("-", " ")
    head, _, span = place.partition(", characters ")
    head = head[head.index(path.name) :]
    for text in pieces_at(path).get(head, ()):
        at = max(text.find(words), text.find(spoken))
        if at < 0:
            continue
        if not span:
            return True
        start, end = map(int, span.split("-"))
        if start < at + len(words) and at < end:
            return True
    return False


@pytest.fixture(scope="module")
def outputs(twin, tmp_path_factory):
    """A smaller twin, planted, after `reproduce`, `report` and `export`, with strays beside."""
    from quidqual.privacy import forget

    place = tmp_path_factory.mktemp("outputs")
    folder, private = place / "study", place / "private"
    shutil.copytree(twin, folder)
    (folder / "claims.yaml").unlink()
    people = qq.open_study(folder).participants["participant"]
    for person in [p for p in people if p not in ("S1", "S4", "T1")]:
        forget(folder, person)
    where = plant(folder)
    books = private / "notebooks"
    books.mkdir(parents=True)
    cells = [
        "import quidqual as qq\nstudy = qq.open_study()",
        "for text in study.notes['text']:\n    print(text)",
        "print(study.participants.to_string())\nprint(study.interviews.to_string())",
        "for memo in study.codings['memo']:\n    print(memo)",
    ]
    (books / "look.ipynb").write_text(_notebook_of(cells), "utf-8")
    study = ["--study", str(folder)]
    crate = ["--include-notes", "--details", "--yes", "--notebooks", str(books)]
    for words in (
        ["reproduce", "--out", str(private / "results"), "--notebooks", str(books)],
        ["report", str(private / "report.html"), "--include-notes"],
        ["export", str(private / "crate"), *crate],
    ):
        assert main([*words, *study]) == 0
    strays(private, where)
    return folder, private, where


def _notebook_of(cells):
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    made = new_notebook(cells=[new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)])
    return nbformat.writes(made)


def test_reproduce_report_and_export_of_the_planted_study_give_away_none(outputs):
    """Wherever one of the thirty got to, whichever way, the check points at that very place."""
    _, private, _ = outputs
    findings = release_check(private).findings["place"].tolist()
    told: dict[str, list[str]] = {}
    for place in findings:
        told.setdefault(place.partition(", characters ")[0], []).append(place)
    reached: dict[str, set[str]] = {key: set() for key in PLANTED}
    missed = []
    for path in sorted(p for p in private.rglob("*") if p.is_file()):
        name = path.relative_to(private).as_posix()
        for at, texts in pieces_at(path).items():
            place = f"{name}{at.removeprefix(path.name)}"
            for key, words in PLANTED.items():
                for text in texts:
                    for start, end in _spans(text, words):
                        reached[key].add(name)
                        if not any(_covers(p, start, end) for p in told.get(place, ())):
                            missed.append((key, place))
    assert not missed
    assert [key for key, files in reached.items() if not files] == []
    for key in (k for k in PLANTED if k.startswith("note:")):
        ways = {"crate", "report.html", "notebooks"}
        assert ways <= {name.partition("/")[0] for name in reached[key]}, (key, reached[key])
    for key in (k for k in PLANTED if k.startswith(("memo", "column"))):
        assert {"crate", "notebooks"} <= {n.partition("/")[0] for n in reached[key]}, key


def _spans(text, words):
    """Where the words stand in a piece, as they were planted or as a file's name speaks them."""
    for form in {words, words.replace("_", " ").replace("-", " ")}:
        at = text.find(form)
        while at >= 0:
            yield at, at + len(form)
            at = text.find(form, at + 1)


def _covers(place, start, end):
    _, _, span = place.partition(", characters ")
    if not span:
        return True
    first, last = map(int, span.split("-"))
    return first < end and start < last


def test_what_nobody_asked_for_is_not_in_a_crate_of_real_notes(outputs, tmp_path):
    folder, _, _ = outputs
    private = tmp_path / "private"
    assert main(["export", str(private / "crate"), "--yes", "--study", str(folder)]) == 0
    held = b"".join(p.read_bytes() for p in (private / "crate").rglob("*") if p.is_file())
    reach = [key for key, words in PLANTED.items() if words.encode() in held]
    # The codebook is part of every crate: its definitions are the researchers' own words.
    assert reach == ["codebook: an example"]
    found = release_check(private / "crate").findings
    assert len(found[found["place"].str.startswith("study/codebook.yaml")])


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_reproduce_that_is_ended_half_way_leaves_no_word_in_temporary_folders(tmp_path):
    folder = small_study().save(tmp_path / "study")
    books, common = tmp_path / "private/notebooks", tmp_path / "common"
    books.mkdir(parents=True)
    common.mkdir()
    aside = (
        "import tempfile, time, quidqual as qq\n"
        "text = qq.open_study().notes['text'].iloc[0]\n"
        "handle = tempfile.NamedTemporaryFile('w', suffix='.note', delete=False)\n"
        "handle.write(text); handle.flush(); time.sleep(120)"
    )
    (books / "aside.ipynb").write_text(_notebook_of([aside]), "utf-8")
    words = ["reproduce", "--study", str(folder), "--notebooks", str(books)]
    environment = {**os.environ, "TMPDIR": str(common)}
    running = subprocess.Popen([sys.executable, "-m", "quidqual", *words], env=environment)
    try:
        for _ in range(600):
            written = list(books.rglob("*.note"))
            if written and written[0].stat().st_size:
                break
            time.sleep(0.1)
        assert len(written) == 1
        assert not list(common.rglob("*.note"))
        running.terminate()
        assert running.wait(timeout=30) != 0
    finally:
        running.kill()
    assert not list(tmp_path.rglob("*.note"))
    assert not list(books.glob(".quidqual-*"))
