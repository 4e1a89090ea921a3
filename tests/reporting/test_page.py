"""The page of a small study: nothing fetched, nothing unescaped, no word in the wrong voice."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import docx
import pytest

import quidqual as qq
from quidqual.reporting import write_report
from quidqual.study.errors import QuidqualError
from tests.reporting.conftest import EVIL, NOTES, SECRET, Page, study_of


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = write_report(study_of(), tmp_path_factory.mktemp("page") / "r.html")
    return Page(path.read_text("utf-8"))


def written(study, tmp_path, **options):
    folder = tmp_path / "private"  # where the release check lets a report of real notes be
    return write_report(study, folder / "r.html", replace=True, **options).read_text("utf-8")


def test_nothing_is_fetched(page):
    assert not [
        tag for tag, _ in page.tags if tag in ("link", "iframe", "object", "embed", "base", "img")
    ]
    for name in ("src", "href", "action", "xlink:href", "srcset", "poster", "data"):
        assert all(
            v.startswith(("#", "data:text/csv;", "data:application/gzip;"))
            for v in page.values(name)
        ), name
    assert "@import" not in page.inside("style")
    assert not re.search(r"url\((?!#)", page.inside("style"))
    policy = next(
        a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(page.inside("script").encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy
    assert "innerHTML" not in page.inside("script")


def test_data_are_text_and_never_markup(page):
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert f"Both stay {EVIL} {{{{ 7*7 }}}}." in page.seen
    assert f"Theme {EVIL}" in page.seen
    assert f"Small {EVIL}" in page.inside("h1")
    assert "b" not in {tag for tag, _ in page.tags}
    assert "<b>whatever</b>" in page.inside("q")


def test_speech_is_quoted_and_paraphrase_never(page):
    quoted = re.findall("“([^”]*)”", page.inside("p", "words"))
    assert quoted
    assert {*quoted} == {
        "I stay, <b>whatever</b> comes.",
        "I stay, <b>whatever</b> comes",
        "I go home.",
    }
    assert "".join(quoted) == page.inside("q").replace("“", "").replace("”", "")
    outside = "".join(
        text
        for opened, text in page.text
        if ("p", "words") in opened and "q" not in {tag for tag, _ in opened}
    )
    assert "She counted the days." in outside
    assert not re.search('[“”"«»]', outside)
    assert "Researcher’s words" in page.inside("p", "voice")


def test_the_corpus_stands_everywhere(page, real, tmp_path):
    assert page.inside("p", "corpus").startswith("synthetic")
    assert "@top-left { content: var(--running)" in page.inside("style")
    assert '--running: "Synthetic notes' in page.inside("style")
    assert "reproduced (synthetic)" in page.inside("article", "finding")
    captions = page.inside("figcaption").split("Figure ")[1:]
    assert captions
    assert all("(synthetic)" in caption for caption in captions)
    other = Page(written(real, tmp_path))
    assert other.inside("p", "corpus").startswith("real")
    assert '--running: "Real interviews: confidential"' in other.inside("style")
    assert "synthetic" not in other.seen.lower().replace("(synthetic)", "")


def test_denominators_name_everybody(page):
    checks = page.inside("ul", "checks")
    assert (
        "Carried by P1, P2. Observed without it: nobody. Not observed, in no denominator: nobody."
        in checks
    )
    # P2 missed round 2: unseen there, and no denominator counts P2 as a no
    assert "1 of 1" in checks
    assert (
        "Carried by P1. Observed without it: nobody. Not observed, in no denominator: P2." in checks
    )
    assert "no table holds the weather" in page.seen


def test_no_bare_percentage(page):
    assert {m for m in re.findall(r"\d+(?:\.\d+)?\s?%", page.seen)} <= {"95%"}


def test_evidence_leads_into_the_note_and_back(page):
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = {v[1:] for v in page.values("href") if v.startswith("#")}
    assert links <= set(ids)
    assert [link for link in links if link.startswith("c-")]
    assert "finding-C_20_1" in links
    assert page.inside("article", "note").count("Stays & waits; for C 1") >= 3


def test_what_rests_on_nothing_is_shown(page):
    assert "1 of them rest on no finding" in page.seen
    row = next(found for tag, found in page.tags if found.get("id") == "rec-B")
    assert row["class"] == "unfounded"
    assert "Recommendations that rest on it: A" in page.seen


def test_controls_have_labels_and_regions_names(page):
    fields = [f["id"] for tag, f in page.tags if tag in ("input", "select")]
    assert set(fields) <= set(page.values("for"))
    for tag, found in page.tags:
        if tag in ("nav", "section", "article") and found.get("class") not in (
            "side for",
            "side against",
        ):
            assert "aria-label" in found or "aria-labelledby" in found, (tag, found)
        if found.get("tabindex") == "0":
            assert found.get("role") == "region"
    assert [t for t, _ in page.tags].count("main") == 1
    assert [t for t, _ in page.tags].count("h1") == 1
    assert all(found.get("scope") for tag, found in page.tags if tag == "th")


def test_real_notes_stay_out_unless_asked_for(real, tmp_path):
    html = written(real, tmp_path)
    assert SECRET not in html
    assert all(note.strip() not in html for note in NOTES.values())
    assert "The notes are not part of this file." in html
    assert "each finding are printed. Keep it as confidential" in " ".join(Page(html).seen.split())
    assert SECRET in written(real, tmp_path, include_notes=True)


def test_words_that_are_not_printed_are_not_in_the_file(real, tmp_path):
    parts = ["came early", "Then she left", "counted the days", "waited for her", "counts the days"]
    html = written(real, tmp_path, quotes=2)
    assert sum(part in html for part in parts) == 2
    bare = written(real, tmp_path, quotes=0)
    for text in NOTES.values():
        for sentence in re.split(r"[.\n“”]+", text):
            assert len(sentence) < 9 or sentence.strip() not in Page(bare).seen
    assert "not printed" in bare
    assert "P1-R1, characters" in bare


def test_a_long_table_is_packed_and_its_first_rows_printed():
    import pandas as pd

    from quidqual.reporting import page

    frame = pd.DataFrame({"n": range(120_000)})
    link = page._download(frame, "long")
    assert 'download="long.csv.gz"' in link
    packed = base64.b64decode(re.search(r"base64,([^\"]+)", link)[1])
    assert gzip.decompress(packed) == frame.to_csv(index=False, lineterminator="\n").encode()
    assert len(page._cells(frame)) == page.SHOWN_ROWS
    short = page._download(frame.head(3), "short")
    assert base64.b64decode(re.search(r"base64,([^\"]+)", short)[1]) == b"n\n0\n1\n2\n"


def test_the_same_study_gives_the_same_bytes(tmp_path):
    first = write_report(study_of(), tmp_path / "a.html").read_bytes()
    assert first == write_report(study_of(), tmp_path / "b.html").read_bytes()


def test_the_words_of_a_held_report_are_shown_on_request(small, tmp_path):
    from dataclasses import replace

    from quidqual.reporting.report_passages import Report

    text = "It was said that both of them stay."
    anchor = Report(text).anchor(12, len(text))
    claims = (replace(small.claims[0], anchor=anchor), *small.claims[1:])
    small = type(small)(replace(small.raw, claims=claims))
    (tmp_path / "report.txt").write_text(text, "utf-8")
    assert "that both of them stay" in written(small, tmp_path, report_text=tmp_path / "report.txt")
    assert "that both of them stay" not in written(small, tmp_path)


def test_what_a_co_author_wrote_into_the_file_stays(small, tmp_path):
    path = tmp_path / "r.docx"
    path.write_bytes(b"comments of a co-author")
    with pytest.raises(QuidqualError, match=r"r\.docx: another file of this name is there"):
        write_report(small, path)
    assert path.read_bytes() == b"comments of a co-author"
    made = write_report(small, path, replace=True).read_bytes()
    assert write_report(small, path).read_bytes() == made


@pytest.mark.parametrize("name", ["r.pdf", "r"])
def test_another_ending_is_refused(small, tmp_path, name):
    with pytest.raises(QuidqualError, match=r"written as .html or .docx"):
        write_report(small, tmp_path / name)


@pytest.mark.parametrize("quotes", [-1, 1.5, True, "all"])
def test_a_number_of_quotes_that_is_none_is_refused(small, tmp_path, quotes):
    with pytest.raises(QuidqualError, match="quotes must be a whole number"):
        write_report(small, tmp_path / "r.html", quotes=quotes)


def test_hundreds_of_names_are_folded_away_and_whole(small, tmp_path):
    """Of 60 people no line holds the names of all; who they are can be looked up below it."""
    people = [f"P{i}" for i in range(1, 61)]
    study = qq.Study.from_tables(
        title="Many", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[{"interview": p, "participant": p, "round": "R1"} for p in people],
        notes=dict.fromkeys(people, "I stay."), codebook=[{"id": "stay"}],
        codings=[{"interview": p, "start": 2, "end": 6, "code": "stay"} for p in people[:40]],
        claims=[{"id": "C", "kind": "prevalence", "group": "g", "summary": "Most stay.",
                 "check": {"measure": "prevalence", "codes": ["stay"], "k": 40, "n": 60}}],
        settings={"uncoded": "absent"},
    )  # fmt: skip
    told = Page(written(study, tmp_path))
    summary = "Carried by 40, observed without it 20, not observed 0: who they are"
    assert summary in told.inside("summary")
    assert ", ".join(people[:40]) in told.inside("details", "who")
    assert "P40" not in told.inside("span", "who")
    document = docx.Document(str(write_report(study, tmp_path / "private" / "r.docx")))
    (line,) = [p.text for p in document.paragraphs if "Carried by" in p.text]
    assert "P24 and 16 more; observed without it: P41, " in line
