"""Whose words they are, in the conventions of several languages; right values read by hand."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.speech import note_speech, speech_of, speech_rules, verbatim_spans


def said(text, language, settings=None):
    return [text[a:b] for a, b in verbatim_spans(text, speech_rules(language, settings))]


@pytest.mark.parametrize(
    ("language", "text", "right"),
    [
        ("en", "She said “I stay.” I saw it.", ["“I stay.”"]),
        ("en", 'She said "I trust" and left.', ['"I trust"']),
        ("en", "‘I don’t trust,’ she said; the boys’ room.", ["‘I don’t trust,’"]),
        ("en", "He calls it “our ‘home’ here”; a ‘home’.", ["“our ‘home’ here”"]),
        ("en", "It's the women's idea, she said.", []),
        ("en", 'A 5" pipe, she said "no".', ['"no"']),
        ("en", "in the ’90s and ‘90s", []),
        ("it", "Dice «mi fido» e poi «no».", ["«mi fido»", "«no»"]),
        ("it", "Dice “mi fido” e “no”.", ["“mi fido”", "“no”"]),
        ("it", "L'ho visto all'alba, dice \"sì\".", ['"sì"']),
        ("de", "Sie sagt „ja“ und ich glaube es. Dann „nein“.", ["„ja“", "„nein“"]),
        ("de", "Sie sagt „ja” und „nein”.", ["„ja”", "„nein”"]),
        ("de", "Sie sagt »ja« und ich glaube es. Dann »nein«.", ["»ja«", "»nein«"]),
        ("de", "Sie sagt «ja» und denkt «nein».", ["«ja»", "«nein»"]),
        ("de", "„Er sagt ‚geh‘ zu mir“, sagt sie.", ["„Er sagt ‚geh‘ zu mir“"]),
        ("de", "Sie sagt “ja” und geht.", ["“ja”"]),
        ("de", "„Er sagt »geh« zu mir“, so sie.", ["„Er sagt »geh« zu mir“"]),
        ("fr", "Elle dit « je reste » et part.", ["« je reste »"]),
        ("fr", "Elle dit «\u00a0je reste\u00a0» et part.", ["«\u00a0je reste\u00a0»"]),
        ("fr", "— Je reste.\n— Et moi non plus.", ["— Je reste.", "— Et moi non plus."]),
        ("es", "—Me fío —dijo ella—. No me voy.", ["—Me fío", "—. No me voy."]),
        ("es", "Dice «me quedo», nada más.", ["«me quedo»"]),
        ("pl", "Mówi „ufam” i «nie».", ["„ufam”", "«nie»"]),
        ("pl", "– Ufam – powiedziała. – Nie odejdę.", ["– Ufam", "– Nie odejdę."]),
        ("sv", "Hon säger ”ja” och går.", ["”ja”"]),
        ("", "„ja“ und “no” e «sì»", ["„ja“", "«sì»"]),
        ("en", "– milk\n– bread", []),  # a list
        ("de", "— Milch\n— Brot", []),
    ],
)
def test_marks_by_language(language, text, right):
    assert said(text, language) == right


@pytest.mark.parametrize("language", ["de", "", "pl", "en"])
def test_between_two_german_quotations_the_researcher_speaks(language):
    text = "Sie sagt „ja“. Ich zweifle daran. Dann sagt sie „nein“."
    spans = verbatim_spans(text, speech_rules(language))
    at = text.index("Ich")
    assert speech_of(at, at + len("Ich zweifle daran."), spans) == "paraphrase"


@pytest.mark.parametrize(
    ("text", "row_marks"),
    [
        ("She said “I stay.\n\nThen she left.”", 2),
        ("She said “I stay “and left”.", 1),
        ("Sie sagt ja“ und geht.", 1),
        ("«a» b» c", 1),
        ('She said "I stay.\n\nShe left.', 1),
    ],
)
def test_a_mark_without_a_partner_is_told_and_is_no_speech_over_paragraphs(text, row_marks):
    found = note_speech(text, speech_rules("en"))
    assert len(found.unpaired) == row_marks
    assert all("\n\n" not in text[a:b] for a, b in found.spans)


def test_turns_are_speech_except_the_interviewers():
    text = "I: Why did you come?\nP1: For the work. I like it.\nI: And now?\nP1: Now I stay.\n\nI always\nwanted it.\n[She laughs]"
    note = note_speech(text, speech_rules("en"))
    assert note.layout == "turns"
    assert note.marks == ("Name:",)
    assert [text[a:b] for a, b in note.spans] == [
        "For the work. I like it.",
        "Now I stay.",
        "I always\nwanted it.\n[She laughs]",
    ]
    text = text.replace("\n[She", "\n\n[She")
    assert "laughs" not in "".join(text[a:b] for a, b in verbatim_spans(text, speech_rules("en")))


def test_turns_are_declared_denied_or_marked():
    text = "Anna: I stay.\nLena: Why?"
    assert said(text, "en") == []
    assert said(text, "en", {"speech": {"turns": True}}) == ["I stay.", "Why?"]
    assert said(text, "en", {"notes": {"speaker_turns": True}}) == ["I stay.", "Why?"]
    mine = {"speech": {"turns": True, "interviewers": ["Lena"]}}
    assert said(text, "en", mine) == ["I stay."]
    four = "I: a\nAnna: b\nI: c\nAnna: d"
    assert said(four, "en", {"speech": {"turns": False}}) == []
    marked = "I: Why?\nAnna: “I stay.” (calm)\nI: Yes?\nAnna: “Yes.”"
    assert said(marked, "en") == ["“I stay.”", "“Yes.”"]


def test_headings_are_no_turns():
    text = "Work: she sews.\nHome: one room.\nMoney: little.\nHealth: good."
    assert said(text, "en") == []
    assert note_speech(text).layout == "prose"


def test_declared_marks_replace_those_of_the_language():
    assert said("«a» “b”", "it", {"speech": {"marks": ["« »"]}}) == ["«a»"]
    assert said("– a", "en", {"speech": {"dashes": True}}) == ["– a"]
    assert said("— a", "es", {"speech": {"dashes": False}}) == []
    assert said("‚ja‘", "de", {"speech": {"marks": ["‚‘"]}}) == ["‚ja‘"]


@given(
    st.text(alphabet='a. \n“”„«»"‘’—–:A-', max_size=60),
    st.sampled_from(["en", "de", "es", "sv", ""]),
)
def test_spans_are_in_order_and_within_the_text(text, language):
    spans = verbatim_spans(text, speech_rules(language))
    flat = [at for span in spans for at in span]
    assert flat == sorted(flat)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    for start, end in spans:
        assert speech_of(start, end, spans) == "verbatim"


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=5),
    st.integers(0, 40),
    st.integers(1, 20),
)
def test_speech_of_says_what_a_look_at_every_span_says(gaps, start, length):
    spans, at = [], 0
    for gap, size in gaps:
        spans.append((at + gap, at + gap + size))
        at += gap + size
    end = start + length
    if any(start >= a and end <= b for a, b in spans):
        right = "verbatim"
    else:
        right = "mixed" if any(start < b and end > a for a, b in spans) else "paraphrase"
    assert speech_of(start, end, spans) == right


@pytest.mark.parametrize(
    "text",
    ["“" * 20_000, "“a” " * 20_000, '"' * 20_001, "„“" * 20_000, "« " * 20_000, "A: b\n" * 20_000,
     "- a\n" * 20_000, "\n" * 50_000, " " * 50_000 + "x", "?" * 50_000, "— a " * 20_000,
     "‘a " * 20_000, "1. " * 20_000],
    ids=lambda text: text[:6].strip() or "blank",
)  # fmt: skip
def test_any_note_is_read_in_the_time_of_its_length(text):
    from quidqual.study.segments import segments_of

    before = time.process_time()
    segments_of(text, language="es")
    assert time.process_time() - before < 30  # a hang, not a speed


def study(note, language="de", **settings):
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": "I", "participant": "P", "round": "R", "language": language}],
        notes={"I": note}, settings={"uncoded": "absent", **settings},
    )  # fmt: skip


def test_the_study_says_what_was_taken_until_it_is_declared():
    note = "Sie sagt „ja“. Ich zweifle. Dann «nein»."
    mine = study(note)
    assert mine.segments["speech"].tolist() == ["mixed", "paraphrase", "mixed"]
    assert mine.verbatim("I") == [(9, 13), (33, 39)]
    assert mine.speech[["layout", "marks", "passages", "unpaired"]].values.tolist() == [
        ["prose", "«…» „…“", 2, 0]
    ]
    [told] = mine.problems[["level", "file", "field", "message", "remedy"]].values.tolist()
    assert told[:3] == ["warning", "study.toml", "speech"]
    assert "„…“ (1 note)" in told[3]
    assert 'marks = ["«»", "„“"]' in told[4]
    assert study(note, speech={"marks": ["«»", "„“"]}).problems.empty
    assert study("She said “yes”.", "en").problems.empty


def test_a_mark_without_a_partner_is_a_warning_with_its_row():
    [told] = study("one\ntwo “three\n\nfour").problems[["file", "row", "level"]].values.tolist()
    assert told == ["notes/I.md", 2, "warning"]


@pytest.mark.parametrize("wrong", [{"marks": ["“"]}, {"marks": "“”"}, {"mark": []}, {"dashes": 1}])
def test_a_wrong_declaration_is_refused(wrong):
    with pytest.raises(qq.QuidqualError, match=r"study\.toml"):
        study("a", speech=wrong)


def note(text, language, **speech):
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": "P1", "group": "g"}],
        interviews=[{"interview": "i", "participant": "P1", "round": "R1", "language": language}],
        notes={"i": text}, settings={"uncoded": "absent", **({"speech": speech} if speech else {})},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "mark"),
    [
        ("de", "Sie sagt ‚ich gehe‘ heute.", "‚…‘"),
        ("de", "Sie sagt ‹ich\ngehe› heute.", "‹…›"),
        ("nl", "Zij zegt ‘ik vertrouw niemand’ nu.", "‘…’"),
        ("en", "She said 'I don't trust' and left.", "'…'"),
    ],
)
def test_marks_that_are_not_read_are_told(language, text, mark):
    (message,) = note(text, language).problems["message"]
    assert message == f"these marks are not read as a participant's own words: {mark} (1 note)."
    declared = note(text, language, marks=[mark[0] + mark[-1]])
    assert declared.problems.empty
    assert declared.segments["speech"].tolist() == ["mixed"]


@pytest.mark.parametrize(
    "text",
    [
        "It's the workers' room and Ana's bag, isn't it?",
        "The so-called 'home' is far.",
        "In the '90s and '80s she left. The girls' home.",
        "She said “yes” and ‘no way’ too.",
    ],
)
def test_apostrophes_and_terms_are_no_speech_that_was_missed(text):
    assert note(text, "en").problems.empty


TALK = "Lena: Why?\nAna: Because.\nLena: Good?\nAna: Yes."


@pytest.mark.parametrize(
    ("speech", "told"),
    [
        ({"turns": True}, "in 1 note no speaker is known to be the interviewer"),
        ({"turns": True, "interviewers": ["Lenna"]}, "the interviewer 'Lenna' speaks in no note."),
        ({"turns": True, "interviewers": ["Lena"]}, None),
        ({"turns": True, "interviewers": []}, None),
    ],
)
def test_turns_of_which_none_is_the_interviewers_are_told(speech, told):
    messages = note(TALK, "en", **speech).problems["message"].tolist()
    assert bool(messages) == (told is not None)
    if told:
        assert any(message.startswith(told) for message in messages)


@pytest.mark.parametrize("name", ["Ερευνήτρια", "Prowadzący", "Pesquisadora", "Facilitatrice"])
def test_interviewers_of_further_languages_are_known(name):
    made = note(f"{name}: A?\nP1: B.\n{name}: C?\nP1: D.", "und")
    assert made.segments["speech"].tolist() == ["paraphrase", "verbatim"] * 2


def test_what_should_be_declared_keeps_the_usual_marks():
    """Declared marks are the only ones: to name « » alone would silence “ ”."""
    (remedy,) = note("“Yes” and «no» here.", "it").problems["remedy"]
    assert 'marks = ["«»", "“”"]' in remedy
