"""Slips in what a function is given are said, not answered with a wrong table."""

import pytest

import quidqual as qq


@pytest.fixture(scope="module")
def example():
    return qq.load_example()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"speech": "Verbatim"}, "'verbatim', 'paraphrase' or 'mixed', not 'Verbatim'"),
        ({"speech": []}, "speech= names nothing"),
        ({"source": "manual"}, "'hand', 'rule' or 'model', not 'manual'"),
        ({"coder": []}, "coder= names nothing.*Use one of 'A', 'B'"),
        ({"participants": []}, "participants= names nothing.*Use one of"),
        ({"rounds": []}, "rounds= names nothing.*Use one of"),
    ],
)
def test_a_misspelt_filter_of_presence_is_refused(example, asked, said):
    with pytest.raises(qq.QuidqualError, match=said):
        qq.presence(example, **asked)
    if "speech" not in asked:
        with pytest.raises(qq.QuidqualError, match=said):
            qq.cooccurrence(example, **asked)


def test_a_filter_may_be_given_once_through(example):
    once = qq.presence(example, speech=iter(["verbatim"]))
    assert once.equals(qq.presence(example, speech="verbatim"))


@pytest.mark.parametrize("call", [qq.agreement.disagreements, qq.agreement.confusions])
def test_a_code_that_is_not_there_has_no_disagreements(call, example):
    with pytest.raises(qq.QuidqualError, match=r"not 'self_estem'\. Did you mean 'self_esteem'"):
        call(example, codes="self_estem")


def test_a_theme_stands_for_its_codes_in_disagreements(example):
    theme = example.codebook.themes[0]
    theme = getattr(theme, "id", theme)
    codes = [theme, *example.codebook.descendants(theme)]
    found = qq.agreement.disagreements(example, codes=theme)
    assert len(found)
    assert found.equals(qq.agreement.disagreements(example, codes=codes))


def test_a_language_that_no_note_has_is_refused(example):
    for call in (qq.concordance, lambda st, p, **k: qq.tag(st, {"x": [p]}, **k)):
        with pytest.raises(qq.QuidqualError, match=r"'nosuch'.*'en', 'it'"):
            call(example, "trust*", language="nosuch")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda st, p: qq.richness(st, units="nosuch"),
            "units must be a whole number, not 'nosuch'",
        ),
        (lambda st, p: qq.richness(st, units=3), "'units'.*belongs to frequencies.*9 units"),
        (
            lambda st, p: qq.sample_size.accumulation(st, units="nosuch"),
            "units must be a whole number, not 'nosuch'",
        ),
        (
            lambda st, p: qq.sequences.groups(p, number="nosuch"),
            "number must be a whole number, not 'nosuch'",
        ),
        (lambda st, p: qq.crosstab(p, []), "'attribute'.*not list"),
        (lambda st, p: qq.crosstab(p, "role", study="my-study"), "'study'.*not str"),
        (lambda st, p: qq.keyness(st, language=[]), "'language'.*not list"),
        (lambda st, p: qq.keyness(st, by=["group"]), "'by'.*not list"),
        (lambda st, p: qq.word_use.collocations(st, language=[]), "'language'.*not list"),
        (
            lambda st, p: qq.word_use.collocations(st, language="nosuch"),
            "must be 'en' or 'it', not 'nosuch'",
        ),
        (lambda st, p: qq.word_use.collocations({"a": "b"}, language="en"), "'en'.*Leave it out"),
        (lambda st, p: qq.word_use.collocations(st, word=3), "'word'.*not int"),
        (
            lambda st, p: qq.analysis.write_summary(st, "S1-R1", "trust", None),
            "'text'.*not NoneType",
        ),
        (lambda st, p: qq.analysis.write_summary(st, "S1-R1", ["trust"], "x"), "'theme'.*not list"),
        (lambda st, p: qq.change(p, intensity=["n_codings"]), "'intensity'.*not list"),
        (lambda st, p: qq.analysis.change_evidence(st, None), "'changed'.*not NoneType"),
        (lambda st, p: qq.analysis.change_evidence(st, p), "'changed'.*no column 'kind'"),
        (lambda st, p: qq.exact.least_p((4, 3), test=["page"]), "'test'.*not list"),
        (lambda st, p: qq.exact.change_tests(p, value=["n_codings"]), "'value'.*not list"),
        (lambda st, p: qq.exact.change_tests(p, value="nosuch"), "'value'.*'nosuch'.*intensity"),
        (
            lambda st, p: qq.hand_coding.reanchor(p, {}),
            "'codings'.*no column 'start', 'end', 'exact'",
        ),
        (
            lambda st, p: qq.cooccurrence(st, within="words", words="3"),
            "words must be a whole number, not '3'",
        ),
        (lambda st, p: qq.hand_coding.reanchor(None, {}), "'codings'.*not NoneType"),
        (
            lambda st, p: qq.hand_coding.reanchor(st.codings, {"S1-R1": None}),
            "'notes'.*not NoneType",
        ),
    ],
)
def test_a_slip_is_named(example, call, said):
    with pytest.raises(qq.QuidqualError, match=said):
        call(example, qq.presence(example))


@pytest.mark.parametrize("field", ["participants", "rounds", "coder", "codes"])
def test_a_list_within_a_list_is_no_name(example, field):
    with pytest.raises(qq.QuidqualError, match=r"must be text, not \['S1'\]"):
        qq.presence(example, **{field: [["S1"]]})


@pytest.mark.parametrize("call", [qq.intensity, qq.cooccurrence, qq.framework_matrix])
@pytest.mark.parametrize(("field", "name"), [("coder", "A"), ("codes", "few_friends")])
def test_names_that_can_be_read_once_are_read_twice(example, call, field, name):
    assert call(example, **{field: iter([name])}).equals(call(example, **{field: name}))
