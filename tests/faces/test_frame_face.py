"""What a notebook shows for frames: the right cells, escaped, told apart without colour."""

import importlib
import re
import time
from types import SimpleNamespace

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import quidqual as qq
from quidqual.faces.frame_face import frame_html, show_frames_in
from quidqual.faces.html_face import Said, plain_table
from quidqual.study.faced import faced
from quidqual.suggestions.suggest import Suggestions

HOSTILE = "<script>alert('x')</script> & $x$ \u202eback\u202c"


def cells(html):
    """Rows of the table as plain text; a break is " / "."""
    text = re.sub(r"<br>", " / ", html)
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.S)
    return [
        [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r)]
        for r in rows
    ]


@pytest.fixture
def study(study_of):
    return study_of(
        rounds=("R1", "R2"),
        not_held={"S2-R2": "missed"},
        codings=[("A", "S1-R1", "trust"), ("A", "S1-R2", "trust"), ("A", "S2-R1", "friends")],
    )


def test_presence_tells_absent_from_not_observed_by_shape_and_for_a_screen_reader(study):
    html = frame_html(qq.presence(study))
    rows = cells(html)
    assert rows[0] == ["code", "S1", "S2", "T1"]
    assert rows[1] == ["trust", "●●", "○×", "○○"]
    assert rows[2] == ["friends", "○○", "●×", "○○"]
    assert 'aria-label="R1 absent, R2 not observed"' in html
    assert "synthetic notes" in html
    assert "Nowhere present: past" in html
    assert "color" not in html  # neither light nor dark is painted over


def test_many_people_are_counted_by_round(study_of):
    people = [(f"P{i:02}", "survivor", "survivor") for i in range(15)]
    marks = [("A", f"P{i:02}-R1", "trust") for i in range(4)]
    held = {f"P{i:02}-R2": "missed" for i in range(15)} | {"P14-R1": "missed"}
    study = study_of(rounds=("R1", "R2"), people=people, codings=marks, not_held=held)
    rows = cells(frame_html(qq.presence(study)))
    assert rows[0] == ["code", "R1", "R2"]
    assert rows[1] == ["trust", "4 of 14, 1 not observed", "×, 15 not observed"]
    changed = cells(frame_html(qq.change(qq.presence(study))))
    assert changed == [["code", "not observed"], ["trust", "15"]]  # one round each: no course


def test_prevalence_gives_k_of_n_with_its_interval_by_round(study):
    html = frame_html(qq.prevalence(qq.presence(study), by=("code", "round")))
    rows = {row[0]: row[1:] for row in cells(html)}
    assert rows["code"] == ["R1", "R2"]
    # Wilson, 1 of 3: 6 to 79 %; 1 of 2: 9 to 91 %
    assert rows["trust"] == ["1 of 3 ●○○ / 6–79\u00a0%", "1 of 2 ●○ / 9–91\u00a0%, 1\u00a0×"]
    assert "not observed, in no denominator" in html
    one = cells(frame_html(qq.prevalence(qq.presence(study), by="code")))
    assert one[0] == ["code", "k of n"]


def test_change_gives_the_course_and_its_kind(study):
    rows = {row[0]: row[1:] for row in cells(frame_html(qq.change(qq.presence(study))))}
    assert rows["code"] == ["S1", "S2", "T1"]
    assert rows["trust"][0] == "●● / constant"
    assert rows["trust"][2] == "○○"


def test_passages_give_whole_words_escaped_with_who_first():
    frame = pd.DataFrame({
        "id": ["7c8d9e74-45d9-5553-a8ea-cf1a71c17214"] * 2, "interview": ["P1-R1"] * 2,
        "participant": ["P1"] * 2, "round": ["R1"] * 2, "start": [0, 5], "end": [5, 9],
        "exact": [HOSTILE + " long" * 60, "“I stay.”"], "speech": ["paraphrase", "verbatim"],
        "code": ["trust"] * 2, "coder": ["A"] * 2, "memo": ["", "<b>"], "corpus": ["real"] * 2,
    })  # fmt: skip
    html = frame_html(faced(frame, "quotes"))
    rows = cells(html)
    assert rows[0] == ["who", "words", "code", "coder", "memo"]
    assert rows[2][:2] == ["P1\u00a0R1", "“I stay.”"]
    assert "<script>" not in html
    assert "<b>" not in html
    assert html.count("long") == 60
    assert "7c8d9e74" not in html
    assert "real notes" in html


def test_concordance_and_ledger_have_the_same_face_as_their_frames():
    study = qq.load_example()
    found = qq.concordance(study, "trust*")
    assert found._repr_html_() == frame_html(found.frame)
    assert cells(found._repr_html_())[0] == ["who", "before", "match", "after", "speech"]
    book = qq.ledger(study, claims=["D8", "R25"])
    assert frame_html(book.table) in book._repr_html_()
    assert cells(book._repr_html_())[1][-1] == "D8"
    assert "contradicted" in cells(book._repr_html_())[1]


def test_a_frame_stays_a_plain_frame_and_chosen_columns_look_as_pandas_has_them(study):
    table = qq.presence(study)
    assert type(table) is pd.DataFrame
    assert frame_html(table[table["code"] == "trust"]) is not None
    assert frame_html(table[["code", "state"]]) is None
    assert frame_html(table.groupby("code", observed=True).size().to_frame("n")) is None
    assert frame_html(pd.DataFrame({"a": [1]})) is None
    assert frame_html(pd.DataFrame([[1, 2]], columns=["a", "a"])) is None
    assert frame_html(table.iloc[:0]) is not None
    for empty in (qq.prevalence(table).iloc[:0], qq.change(table).iloc[:0]):
        assert "<table>" in frame_html(empty)


def test_show_has_the_same_face(study):
    table = qq.presence(study)
    assert qq.show(table)._repr_html_() == frame_html(table)
    assert cells(frame_html(table, most=1)) == cells(frame_html(table))[:2]
    assert "and 1 code more" in frame_html(table, most=1)
    assert "●" not in qq.show(table[["code", "state"]])._repr_html_()


def test_a_notebook_shows_the_face_and_leaves_other_frames_and_printers_alone(study):
    shell = InteractiveShell()
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type_by_name("pandas", "DataFrame", lambda frame: "<p>of someone else</p>")
    show_frames_in(shell)
    table = qq.presence(study)
    data, _ = shell.display_formatter.format(table)
    assert data["text/html"] == frame_html(table)
    assert data["text/plain"] == repr(table)
    data, _ = shell.display_formatter.format(pd.DataFrame({"a": [1]}))
    assert data["text/html"] == "<p>of someone else</p>"
    shell = InteractiveShell()
    show_frames_in(shell)
    plain = pd.DataFrame({"a": [1]})
    assert shell.display_formatter.format(plain)[0]["text/html"] == plain._repr_html_()
    data, _ = shell.display_formatter.format(table[["code"]])
    assert data["text/html"] == table[["code"]]._repr_html_()


def test_signs_in_a_cell_have_words():
    html = plain_table(["a"], [[Said("●\n<", 'one "two"')]])
    assert '<span role="img" aria-label="one &quot;two&quot;">●<br>&lt;</span>' in html


def test_a_large_frame_has_its_face_at_once(study_of):
    people = [(f"P{i:03}", "survivor", "survivor") for i in range(500)]
    marks = [("A", f"P{i:03}-R1", "trust") for i in range(0, 500, 2)]
    table = qq.presence(study_of(people=people, codings=marks))
    began = time.process_time()
    html = frame_html(table)
    assert time.process_time() - began < 60  # a hang, not a speed
    assert "250 of 500" in html
    assert len(html) < 20_000


def test_a_mistake_is_one_line_in_a_notebook_and_names_the_line_of_the_cell():
    shell = InteractiveShell.instance()
    try:
        done = shell.run_cell("import quidqual as qq\nx = 1\nqq.load_example('smal')", silent=True)
        told = done.error_in_exec._render_traceback_()
        assert len(told) == 1
        assert told[0].startswith("QuidqualError (line 3 of the cell): ")
        assert "'smal'" in told[0]
    finally:
        InteractiveShell.clear_instance()


def test_importing_in_a_notebook_is_enough():
    shell = InteractiveShell.instance()
    try:
        importlib.reload(qq)
        frame = faced(pd.DataFrame({"code": ["a"], "k": [1]}), "matrix")
        assert shell.display_formatter.format(frame)[0]["text/html"] == frame_html(frame)
    finally:
        InteractiveShell.clear_instance()


def test_suggestions_show_what_is_suggested_and_how_sure():
    frame = pd.DataFrame({
        "interview": ["P1-R1"], "participant": ["P1"], "round": ["R1"], "start": [0], "end": [7],
        "words": ["She <b>"], "code": ["trust"], "probability": [0.8123], "speech": ["paraphrase"],
        "corpus": ["synthetic"],
    })  # fmt: skip
    empty = pd.DataFrame()
    made = Suggestions(
        frame,
        pd.DataFrame({"f1": [0.5]}),
        empty,
        empty,
        empty,
        "",
        SimpleNamespace(codes=["trust"]),
    )
    html = made._repr_html_()
    assert cells(html)[1] == ["P1\u00a0R1", "She &lt;b&gt;", "trust", "0.81"]
    assert "Suggestions: 1 for 1 codes" in html
