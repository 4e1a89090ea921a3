"""Slips in what a function is given are said in the user's words."""

import pandas as pd
import pytest

import quidqual as qq


@pytest.fixture(scope="module")
def example():
    return qq.load_example()


@pytest.mark.parametrize(
    "call",
    [
        qq.pattern_review.evaluate_tags,
        qq.pattern_review.missed,
        qq.pattern_review.pattern_evidence,
        qq.suggestions.next_to_code,
        qq.suggestions.suggest,
        lambda st: qq.suggestions.decide(
            st, pd.DataFrame(), accept=True, coder="A", at="2021-11-02"
        ),
        lambda st: qq.scale.text_beside_notes(pd.DataFrame(), st),
    ],
)
@pytest.mark.parametrize("given", [None, "my-study"])
def test_what_is_no_study_is_refused(call, given):
    with pytest.raises(qq.QuidqualError, match=r"study is wanted"):
        call(given)


@pytest.mark.parametrize("words", ["", "trust~", ["trust", "~"]])
def test_a_bad_search_is_not_laid_to_the_codebook(example, words):
    with pytest.raises(qq.QuidqualError, match=r"words searched for") as told:
        qq.concordance(example, words)
    assert "codebook" not in str(told.value)
    assert "field 'match'" in str(told.value)


def test_a_bad_query_is_not_laid_to_the_codebook(example):
    with pytest.raises(qq.QuidqualError, match=r"'trust~': at character 6.*number") as told:
        qq.search(example, '"trust~"')
    assert "codebook" not in str(told.value)


def test_a_bad_codebook_is_still_named(example):
    with pytest.raises(qq.QuidqualError, match=r"codebook.yaml"):
        qq.tag(example, {"x": "trust~"})


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda st: qq.tag(st, codes=3), "codes must be a name.*not 3"),
        (
            lambda st: qq.concordance(st, "trust", words=None),
            "words must be a whole number, not None",
        ),
        (lambda st: qq.concordance(st, None), "match must be a name.*not None"),
        (lambda st: qq.concordance(st, []), "'match'.*text is wanted"),
        (lambda st: qq.concordance(st, pd.DataFrame()), "'match'.*no column"),
        (lambda st: qq.search(st, '"a"', context=-1), "'context'.*-1.*0 or more"),
        (lambda st: qq.search(st, '"a"', context=""), "context must be a whole number, not ''"),
        (lambda st: qq.pattern_review.evaluate_tags(st, by=None), "by must be a name.*not None"),
        (
            lambda st: qq.pattern_review.evaluate_tags(st, tags=pd.DataFrame()),
            "'tags'.*'interview', 'start'",
        ),
        (
            lambda st: qq.pattern_review.evaluate_tags(st, pd.DataFrame()),
            "'gold'.*'interview', 'start'",
        ),
        (lambda st: qq.pattern_review.evaluate_tags(st, []), "'gold'.*not list"),
        (lambda st: qq.suggestions.next_to_code(st, n="2"), "n must be a whole number, not '2'"),
        (
            lambda st: qq.suggestions.next_to_code(st, coder="nosuch"),
            "coder must be 'A' or 'B', not 'nosuch'",
        ),
        (lambda st: qq.scale.section_counts(qq.tag(st)), "'hits'.*no column 'section'.*tag_file"),
        (
            lambda st: qq.scale.section_counts(qq.tag(st), level="x"),
            "level must be 'theme' or 'code', not 'x'",
        ),
        (lambda st: qq.scale.text_beside_notes(qq.tag(st), st), "'hits'.*no column 'section'"),
        (lambda st: qq.scale.sections_of(None), "'text'.*not NoneType"),
        (lambda st: qq.scale.tag_file(None, st), "a path is wanted"),
        (lambda st: qq.suggestions.load_model(None), "a path is wanted"),
        (
            lambda st: qq.suggestions.save_model(None, "x"),
            "'suggester'.*not NoneType.*qq.suggestions.suggest",
        ),
        (lambda st: qq.suggestions.decisions(None), "'folder'.*not NoneType"),
        (lambda st: qq.suggestions.decisions("nosuch"), "no folder 'nosuch'"),
    ],
)
def test_a_slip_is_named(example, call, said):
    with pytest.raises(qq.QuidqualError, match=said):
        call(example)


def test_a_decision_needs_a_coder_and_rows(example, tmp_path):
    example.save(tmp_path / "copy")
    study = qq.open_study(tmp_path / "copy")
    with pytest.raises(qq.QuidqualError, match=r"'coder'.*not NoneType"):
        qq.suggestions.decide(study, None, accept=True, coder=None, at="2021-11-02T09:30:00Z")
    with pytest.raises(qq.QuidqualError, match=r"'rows'.*not NoneType"):
        qq.suggestions.decide(study, None, accept=True, coder="A", at="2021-11-02T09:30:00Z")


def test_one_name_is_enough_to_break_down_by(example):
    one = qq.pattern_review.evaluate_tags(example, by="language")
    assert one.equals(qq.pattern_review.evaluate_tags(example, by=("language",)))


def test_sections_read_back_from_a_file_are_counted(tmp_path):
    (tmp_path / "a.txt").write_text(
        "THE START\n\nI trust her.\n\nA MIDDLE\n\nI trust him.\n", "utf-8"
    )
    hits = qq.scale.tag_file(tmp_path / "a.txt", {"trust": {"en": ["trust"]}}, language="en")
    counted = qq.scale.section_counts(hits, level="code")
    read = pd.read_csv(pd.io.common.StringIO(hits.to_csv(index=False)))
    assert qq.scale.section_counts(read, level="code").to_dict() == counted.to_dict()
