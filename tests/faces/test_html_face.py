"""What a notebook shows for a study, a codebook and a wide table: whole, safe, without words."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import quidqual as qq

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def study():
    return qq.load_example()


def seen(html):
    return re.sub(r"<[^>]+>", " ", html)


def test_a_study_shows_who_was_interviewed_when_and_no_words(study):
    html = study._repr_html_()
    for _, row in study.participants.iterrows():
        assert row["participant"] in html
    assert html.count("×") - 1 == (study.interviews["status"] == "missed").sum()
    logs = {p.stem: p.read_text("utf-8") for p in (study.folder / "codings").glob("*.jsonl")}
    for coder, log in logs.items():
        if '"remove"' not in log:
            assert f"{coder}: {log.count(chr(34) + 'add' + chr(34))} codings" in html
    assert "synthetic" in html
    assert not [w for w in study.codings["exact"] if len(w) > 12 and w in html]
    assert "overflow" not in html, "no scroll bars inside scroll bars"
    assert not re.search(r"(?<!-)color\\s*:|background", html), "colours are those of the page"


def test_a_study_of_many_shows_groups():
    rounds = [{"round": "R1"}]
    people = [{"participant": f"P{i}", "group": "ab"[i % 2]} for i in range(60)]
    interviews = [{"interview": f"P{i}", "participant": f"P{i}", "round": "R1"} for i in range(60)]
    study = qq.Study.from_tables(
        title=EVIL, corpus="real", rounds=rounds, participants=people, interviews=interviews,
        notes={f"P{i}": "I stay." for i in range(60)},
    )  # fmt: skip
    html = study._repr_html_()
    assert EVIL not in html
    assert seen(html).split()[-5:] == ["b", "30", "30", "interviews", "held"]


def test_a_codebook_shows_its_tree_and_whole_definitions(study):
    html = study.codebook._repr_html_()
    for code in study.codebook:
        assert code.id in html
    longest = max(study.codebook, key=lambda c: len(c.definition)).definition
    assert longest in seen(html).replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    assert EVIL not in qq.Codebook([{"id": "a", "definition": EVIL}])._repr_html_()


def test_a_wide_table_is_shown_whole_with_the_words_in_front(study):
    table = qq.show(study.codings)
    names = list(table.frame.columns)
    assert names.index("exact") < 5
    assert names[-1] in ("id", "anchor", "segment")
    html = table._repr_html_()
    longest = max(study.codings["exact"].head(300), key=len)
    assert longest[:60] in html.replace("&#x27;", "'")
    assert "..." not in seen(html)
    assert f"and {len(study.codings) - 300:,} passages more" in html
    chosen = qq.show(study.codings.drop(columns="start"))._repr_html_()  # no face of its own
    assert f"the first 300 of {len(study.codings):,} rows" in chosen


def test_a_narrow_table_keeps_its_order():
    frame = pd.DataFrame({"id": ["x"], "b": [1]})
    assert list(qq.show(frame).frame.columns) == ["id", "b"]
