"""Each rule of the release check: what it finds, what it leaves alone, and that it is its own."""

from __future__ import annotations

import csv
import io
import itertools
import json
import subprocess
import sys
import zipfile

import pandas as pd
import pytest

import quidqual as qq
from quidqual.privacy import RULES, recoverable_cells, release_check
from quidqual.privacy.release.count_rules import percent_tells
from quidqual.privacy.release.release_log import COLUMNS, append_override, read_log
from quidqual.study.errors import QuidqualError
from tests.privacy.conftest import small_study


def rules_of(thing, **options):
    return set(release_check(thing, **options).findings["rule"])


def counts(*rows):
    return pd.DataFrame(rows, columns=["code", "k", "n"])


QUOTE = "My bag and I wait for the bus, she said."
CONSENT = dict.fromkeys(["P1-R1", "P1-R2", "P2-R1", "P2-R2", "P3-R1", "P3-R2"], "yes")

# For every rule: something it finds, and its twin that it leaves alone.
CASES = {
    "small_cell": (counts(("a", 2, 9)), counts(("a", 4, 9))),
    "whole_group": (counts(("a", 9, 9)), counts(("a", 5, 9))),
    "few_others": (counts(("a", 7, 9)), counts(("a", 6, 9))),
    "segments_counted": (
        pd.DataFrame({"code": ["a"], "n_codings": [7]}),
        counts(("a", 4, 9)),
    ),
    "recoverable": (
        pd.DataFrame({"group": ["x", "y", "all"], "code": "a", "k": [5, None, 7]}),
        pd.DataFrame({"group": ["x", "y", "z", "all"], "code": "a", "k": [5, None, None, 9]}),
    ),
    "percent_tells_n": (
        pd.DataFrame({"code": ["a"], "percent": ["14.3%"]}),
        pd.DataFrame({"code": ["a"], "percent": ["50%"]}),
    ),
    "sample_unique": (
        pd.DataFrame({"participant": list("abcd"), "age": ["30s", "30s", "30s", "50s"]}),
        pd.DataFrame({"participant": list("abcd"), "age": ["30s", "30s", "30s", "30s"]}),
    ),
    "person_pattern": (
        pd.DataFrame({"participant": list("aabb"), "code": list("xyxy"), "state": list("pppq")}),
        pd.DataFrame({"participant": list("aabbcc"), "code": list("xyxyxy"), "state": list("pppppp")}),
    ),
    "interview_details": (
        pd.DataFrame({"interview": ["a"], "place": ["the café"]}),
        pd.DataFrame({"interview": ["a"], "round": ["R1"]}),
    ),
    "identifier": ("Then Isoken Osagie came in.", "Then she came in."),
    "maybe_identifier": ("Then Zbrnko came in.", "Then she came in."),
    "memo": ({"a.json": b'{"memo": "she lied"}'}, {"a.json": b'{"word": "she lied"}'}),
    "file_name": ({"Blessing_Osagie.md": b"x"}, {"second_round.md": b"x"}),
    "machine_path": ({"a.md": b"see /home/maria/notes"}, {"a.md": b"see the notes"}),
    "left_over": ({".ipynb_checkpoints/a.md": b"x"}, {"checks/a.md": b"x"}),
    "not_read": ({"a.bin": b"\x00\x01"}, {"a.md": b"x"}),
    "vocabulary": (
        {"model/model.json": b'{"vocabulary": {"word": ["she"]}}'},
        {"model/model.json": b'{"kind": "vectors"}'},
    ),
    "coder": (
        pd.DataFrame({"coder": ["A"], "at": ["2021"], "code": ["x"]}),
        pd.DataFrame({"code": ["x"]}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_its_case_and_leaves_the_twin_alone(rule):
    bad, good = CASES[rule]
    assert rule in rules_of(bad)
    assert rule not in rules_of(good)


@pytest.mark.parametrize("rule", CASES)
def test_a_study_can_switch_a_rule_off(rule):
    from quidqual.privacy.release.rules import PASS

    bad, _ = CASES[rule]
    study = small_study(privacy={"levels": {rule: PASS}}, corpus="synthetic")
    assert rule not in rules_of(bad, study=study)


def test_every_rule_has_a_case():
    elsewhere = {
        "quote_consent", "paraphrase_as_speech", "words_of_notes", "rare_words", "sensitive", "mosaic",
        "known_name", "metadata", "traceback", "notebook_output", "says_synthetic",
    }  # fmt: skip
    assert set(CASES) | elsewhere == set(RULES)


def test_findings_are_as_documented_and_hold_no_words():
    found = release_check("Ask Isoken Osagie on +39 347 555 0182.")
    assert list(found.findings.columns) == [
        "rule",
        "result",
        "place",
        "what",
        "asks",
        "remedy",
        "override",
    ]
    text = found.findings.to_csv() + repr(found)
    assert not any(word in text for word in ("Isoken", "Osagie", "347"))
    assert found.result == "block"


def test_pass_says_how_many_checks_found_nothing():
    assert repr(release_check("She smiled at the door.")) == (
        f"pass: no problem found by these {len(RULES)} checks"
    )


# --- counts -----------------------------------------------------------------------------------


def test_k_is_set_in_the_study():
    table = counts(("a", 3, 20))
    assert "small_cell" not in rules_of(table)
    assert "small_cell" in rules_of(table, study=small_study(privacy={"k": 5}))


@pytest.mark.parametrize(
    ("privacy", "message"),
    [
        ({"k": 1}, "whole number from 2"),
        ({"colour": 3}, "unknown key"),
        ({"levels": {"smell": "block"}}, "unknown rule 'smell'"),
        ({"levels": {"small_cell": "maybe"}}, "unknown level"),
    ],
)
def test_wrong_settings_are_named(privacy, message):
    with pytest.raises(QuidqualError, match=message):
        release_check("A word.", study=small_study(privacy=privacy))


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [("1 of 4 said so", "small_cell"), ("4 of the 4", "whole_group"), ("lo dicono 2 su 5", "small_cell"),
     ("0 of 4 did", "whole_group"), ("about 14.3 % of them", "percent_tells_n")],
)  # fmt: skip
def test_counts_in_sentences(sentence, rule):
    assert rule in rules_of(f"In the text {sentence}, it says.")


def test_percentages_by_brute_force():
    """Against every k of every n, written out here."""
    for n in range(2, 10):
        for k in range(1, n):
            share = round(100 * k / n, 1)
            same = {
                (a, b) for b in range(2, 10) for a in range(b + 1) if round(100 * a / b, 1) == share
            }
            expected = len({b for _, b in same}) == 1 or all(a < 3 for a, _ in same)
            assert percent_tells(share, 1, 9, 3) == expected, (k, n)


def test_hidden_cells_against_every_filling():
    """Two tables of three groups and two codes, all ways to hide up to three cells."""
    truth = {
        ("x", "a"): 2,
        ("y", "a"): 3,
        ("z", "a"): 4,
        ("x", "b"): 1,
        ("y", "b"): 0,
        ("z", "b"): 2,
    }
    keys = list(truth)
    for hidden in itertools.chain(itertools.combinations(keys, 1), itertools.combinations(keys, 3)):
        parts = pd.DataFrame(
            [(g, c, None if (g, c) in hidden else v, 4) for (g, c), v in truth.items()],
            columns=["group", "code", "k", "n"],
        )
        whole = pd.DataFrame(
            [(c, sum(v for (_, d), v in truth.items() if d == c), 12) for c in "ab"],
            columns=["code", "k", "n"],
        )
        found = recoverable_cells([parts, whole])
        fillings = [
            dict(zip(hidden, values, strict=True))
            for values in itertools.product(range(5), repeat=len(hidden))
            if all(
                sum(
                    (dict(zip(hidden, values, strict=True)) | {}).get((g, c), truth[g, c])
                    for g in "xyz"
                )
                == sum(truth[g, c] for g in "xyz")
                for c in "ab"
            )
        ]
        for row in found.itertuples():
            key = (parts.loc[row.row, "group"], parts.loc[row.row, "code"])
            possible = {f[key] for f in fillings}
            assert (row.low, row.high) == (min(possible), max(possible)), (hidden, key)
            assert row.recoverable == (len(possible) == 1)


def test_a_table_published_before_opens_a_hidden_cell():
    new = pd.DataFrame({"group": ["x", "y"], "code": "a", "k": [5, None], "n": [9, 9]})
    old = pd.DataFrame({"code": ["a"], "k": [7], "n": [18]})
    assert "recoverable" not in rules_of(new)
    assert "recoverable" in rules_of(new, published=[old])


def test_rounds_do_not_add_up_to_a_whole():
    table = pd.DataFrame({"round": ["R1", "R2", "all"], "code": "a", "k": [5, None, 7]})
    assert "recoverable" not in rules_of(table)


def test_numbers_that_contradict_each_other_are_said():
    table = pd.DataFrame(
        {"group": ["x", "y", "all"], "code": "a", "k": [9, None, 7], "n": [9, 9, 18]}
    )
    with pytest.raises(QuidqualError, match="contradict"):
        recoverable_cells(table)


def test_a_figure_is_checked_through_its_table():
    table = pd.DataFrame({"code": ["trust"], "round": ["R1"], "k": [1], "n": [4], "corpus": "real"})
    assert "small_cell" in rules_of(qq.plot.heat(table))


# --- quotes -----------------------------------------------------------------------------------


def page(words):
    return {"page.html": f"<!doctype html><html><body><p>{words}</p></body></html>".encode()}


def test_a_quote_needs_the_consent_of_its_round():
    quote = page("“I keep my bag closed on the bus.”")
    assert "quote_consent" in rules_of(quote, study=small_study())
    assert "quote_consent" in rules_of(quote, study=small_study(consent={"P1-R2": "yes"}))
    assert "quote_consent" not in rules_of(quote, study=small_study(consent={"P1-R1": "yes"}))


def test_paraphrase_is_not_printed_as_speech():
    study = small_study(consent=CONSENT)
    assert "paraphrase_as_speech" in rules_of(page("“She talks to one woman now”"), study=study)
    assert "words_of_notes" in rules_of(page("She talks to one woman now"), study=study)
    speech = rules_of(page("“The needle is louder than my head today.”"), study=study)
    assert not {"paraphrase_as_speech", "words_of_notes"} & speech


def test_words_that_only_one_person_uses_again_and_again():
    study = small_study(consent=CONSENT)
    assert "rare_words" in rules_of(page("“I keep my bag closed on the bus.”"), study=study)
    assert "rare_words" not in rules_of(
        page("“The needle is louder than my head today.”"), study=study
    )


def test_third_parties_are_looked_at():
    study = small_study(consent=CONSENT)
    assert "sensitive" in rules_of(page("“My sister phones me every night at ten.”"), study=study)


def test_many_quotes_of_one_person_are_a_portrait():
    study = small_study(consent=CONSENT, privacy={"quotes": 2})
    two = "“I keep my bag closed on the bus.” “I keep my bag closed, but less.”"
    three = two + " “The needle is louder than my head today.”"
    assert "mosaic" not in rules_of(page(three), study=study)
    more = two + " and She talks to one woman now."
    assert "mosaic" in rules_of(page(more), study=study)


def test_a_table_of_quotes_is_read_as_a_page_is():
    table = pd.DataFrame({"words": ["The needle is louder than my head today."]})
    assert "quote_consent" in rules_of(table, study=small_study())


# --- files ------------------------------------------------------------------------------------


def test_names_of_the_roster_anywhere():
    roster = [{"name": "Moonbeam Sparrow", "aliases": "the tall one"}]
    assert "known_name" in rules_of({"a.md": b"so said the tall one"}, roster=roster)
    assert "known_name" not in rules_of({"a.md": b"so said she"}, roster=roster)


def notebook(source="qq.show(table)", outputs=(), text="Synthetic notes."):
    return json.dumps({
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": text},
            {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs)},
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }).encode()  # fmt: skip


STREAM = {"output_type": "stream", "name": "stdout", "text": ["3 rows"]}
ERROR = {
    "output_type": "error",
    "ename": "E",
    "evalue": "x",
    "traceback": ["Traceback (most recent call last):"],
}


def test_notebooks():
    assert "says_synthetic" in rules_of({"a.ipynb": notebook(text="A study.")})
    assert "says_synthetic" not in rules_of({"a.ipynb": notebook()})
    assert "traceback" in rules_of({"a.ipynb": notebook(outputs=[ERROR])})
    assert "traceback" not in rules_of({"a.ipynb": notebook(outputs=[STREAM])})
    real = small_study()
    assert "notebook_output" in rules_of({"a.ipynb": notebook(outputs=[STREAM])}, study=real)
    assert "notebook_output" not in rules_of({"a.ipynb": notebook()}, study=real)


def test_the_committed_notebooks_say_synthetic(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        found = release_check(path).findings
        assert "says_synthetic" not in set(found["rule"]), path.name
        assert not {"machine_path", "traceback", "left_over"} & set(found["rule"]), path.name


def png(**info):
    from PIL import Image, PngImagePlugin

    stream, told = io.BytesIO(), PngImagePlugin.PngInfo()
    for key, value in info.items():
        told.add_text(key, value)
    Image.new("RGB", (2, 2)).save(stream, "PNG", pnginfo=told)
    return stream.getvalue()


def docx(author):
    import docx as word

    stream, document = io.BytesIO(), word.Document()
    document.core_properties.author = author
    document.add_paragraph("Nothing here.")
    document.save(stream)
    return stream.getvalue()


def xlsx(sheet):
    import openpyxl

    stream, book = io.BytesIO(), openpyxl.Workbook()
    book.active.title = sheet
    book.active["A1"] = "nothing"
    book.save(stream)
    return stream.getvalue()


def pdf(author):
    import pypdf

    stream, writer = io.BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(10, 10)
    writer.add_metadata({"/Author": author})
    writer.write(stream)
    return stream.getvalue()


def packed(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"a.png": png(Author="maria")}, "metadata"),
        ({"a.docx": docx("maria")}, "metadata"),
        ({"a.pdf": pdf("maria")}, "metadata"),
        ({"a.xlsx": xlsx("Blessing Osagie")}, "file_name"),
        ({"a.svg": b"<svg><!-- Blessing Osagie --></svg>"}, "identifier"),
        ({"a.svg": b"<svg><text>Blessing Osagie</text></svg>"}, "identifier"),
        ({"a.html": b"<img alt='Blessing Osagie at work'>"}, "identifier"),
        ({"a.qdpx": packed(**{"project.qde": "<Project creatingUser='x'><Note>Blessing Osagie</Note></Project>"})}, "identifier"),
        ({"a.zip": packed(**{"b.zip": "x", "Sources__Teuta_Gjoka.txt": "x"})}, "file_name"),
        ({"a.yaml": b"codes:\n- id: x\n  memo: she lied\n"}, "memo"),
        ({"study.toml": b'memos = ["Isoken Osagie told me"]'}, "memo"),
        ({"codings/A.jsonl": b'{"op": "add", "memo": "call +39 347 555 0182"}\n'}, "identifier"),
        ({"a.csv": b"code,who\nx,Isoken Osagie\n"}, "identifier"),
        ({"note.md~": b"x"}, "left_over"),
        ({"codings/A.aside": b"x"}, "left_over"),
    ],
)  # fmt: skip
def test_hidden_places_of_files(files, rule):
    assert rule in rules_of(files)


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[[[", b"a: !!python/object x"])
@pytest.mark.parametrize(
    "ending", ["json", "jsonl", "yaml", "toml", "ipynb", "csv", "pdf", "png", "docx", "md"]
)
def test_a_damaged_file_is_named_not_passed_over(data, ending):
    found = release_check({f"a.{ending}": data})
    assert found.result in ("review", "block") or ending in ("csv", "md")


def test_a_real_png_of_an_export_passes(tmp_path):
    table = pd.DataFrame(
        {"code": ["trust"], "round": ["R1"], "k": [4], "n": [9], "corpus": "synthetic"}
    )
    qq.export_figure(qq.plot.heat(table), "trust", folder=tmp_path)
    assert release_check(tmp_path).findings.query("result == 'block'").empty


# --- overrides --------------------------------------------------------------------------------


def test_an_override_needs_a_name_and_a_reason_and_holds_for_this_content(tmp_path):
    log = tmp_path / "release_log.csv"
    table = counts(("a", 2, 9))
    found = release_check(table)
    for name, reason in (("", "a reason"), ("Ada", "")):
        with pytest.raises(QuidqualError, match="an override needs a"):
            found.override(rule="small_cell", name=name, reason=reason, log=log)
    with pytest.raises(QuidqualError, match="no such finding"):
        found.override(rule="memo", name="Ada", reason="why not", log=log)
    found.override(rule="small_cell", name="Ada Conti", reason="both agreed in writing", log=log)
    again = release_check(table, log=log)
    assert again.result == "pass"
    assert again.findings["override"].tolist() == ["Ada Conti"]
    assert release_check(counts(("a", 1, 9)), log=log).result == "block"


def test_the_log_is_a_chain(tmp_path):
    log = tmp_path / "log.csv"
    for number in range(3):
        append_override(
            log, name="Ada", reason=f"reason {number}", rule="memo", place="x", content="y"
        )
    assert [row["number"] for row in read_log(log)] == ["1", "2", "3"]
    lines = log.read_text("utf-8").splitlines(keepends=True)
    assert lines[0].strip() == ",".join(COLUMNS)
    for broken in (
        [lines[0], lines[1], lines[3]],
        [lines[0], lines[2], lines[1], lines[3]],
        [*lines[:2], lines[2].replace("reason 1", "reason 9"), lines[3]],
    ):
        log.write_text("".join(broken), "utf-8")
        with pytest.raises(QuidqualError, match="does not fit the chain"):
            read_log(log)
        with pytest.raises(QuidqualError, match="does not fit the chain"):
            append_override(log, name="Ada", reason="more", rule="memo", place="x", content="y")


@pytest.mark.parametrize("thing", [3, "/nowhere/file.csv", None, [], {"a": "text"}])
def test_what_cannot_be_checked_is_said(thing):
    with pytest.raises(QuidqualError):
        release_check(thing)


def test_the_log_of_overrides_holds_no_formula(tmp_path):
    """A reason is typed by hand and the log is opened in a spreadsheet; the chain still holds."""
    log = tmp_path / "log.csv"
    odd = {"name": "@Ada", "reason": "=1+1 or so", "place": "'=x", "rule": "+memo"}
    append_override(log, content="y", **odd)
    append_override(log, content="y", name="Ada", reason="another", place="-3", rule="memo")
    rows = read_log(log)
    assert {key: rows[0][key] for key in odd} == odd
    cells = [cell for row in csv.reader(log.read_text("utf-8").splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_two_who_let_something_through_at_once_do_not_break_the_chain(tmp_path):
    log = tmp_path / "log.csv"
    code = (
        "import sys\n"
        "from quidqual.privacy.release.release_log import append_override\n"
        "for n in range(25):\n"
        "    append_override(sys.argv[1], name='Ada', reason=f'reason {n}', rule='memo',\n"
        "                    place='x', content='y')\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(log)]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert [row["number"] for row in read_log(log)] == [str(n) for n in range(1, 51)]


def test_a_full_disk_leaves_the_log_of_overrides_as_it_was(tmp_path, monkeypatch):
    log = tmp_path / "log.csv"
    told = {"name": "Ada", "reason": "why not", "rule": "memo", "place": "x", "content": "y"}
    append_override(log, **told)
    before = log.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(QuidqualError, match="No space"):
            append_override(log, **told)
    assert log.read_bytes() == before
    append_override(log, **told)
    assert len(read_log(log)) == 2
