"""The search for identifiers: its targets, each layer, hostile text, speed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.privacy import find_identifiers
from quidqual.study.errors import QuidqualError
from tests.privacy.conftest import DIRECT, HERE, Measured


def found(text, language="en", **options):
    frame = find_identifiers(text, language, **options)
    return [(text[r.start : r.end], r.kind, r.certainty) for r in frame.itertuples()]


def words(text, language="en", **options):
    return [w for w, _, _ in found(text, language, **options)]


def held_to_the_targets(measured):
    assert measured.rate(*[k for k in DIRECT if measured.all[k]]) == 1
    assert measured.rate("PERSON") >= 0.97
    assert measured.rate() >= 0.95
    assert measured.queued / measured.words <= 0.12


def test_the_targets_are_met_on_notes_no_layer_was_tuned_on():
    measured = Measured(HERE / "held_out.tsv")
    assert sum(measured.all.values()) == 284
    held_to_the_targets(measured)


def test_the_targets_are_met_on_the_lines_of_a_stranger():
    """By someone who had seen no layer; nothing may be mended by them, so that they still tell."""
    measured = Measured(HERE / "stranger.tsv")
    assert sum(measured.all.values()) == 287
    held_to_the_targets(measured)


@pytest.mark.parametrize(
    ("name", "n"), [("first_sight", 341), ("second_sight", 184), ("third_sight", 142)]
)
def test_the_targets_are_met_on_hasty_spoken_and_official_lines(name, n):
    measured = Measured(HERE / f"{name}.tsv")
    assert sum(measured.all.values()) == n
    held_to_the_targets(measured)


# Kinds that leaked at first sight, in other words than those of the sets.
@pytest.mark.parametrize(
    ("text", "language", "part"),
    [
        ("room 3 with L. (calm)", "en", "L."),
        ("m. ha telefonato a b. due volte", "it", "b."),
        ("ask for mama pearl", "en", "pearl"),
        ("paid to big daddy again", "en", "big daddy"),
        ("Oma. sick again", "en", "Oma."),
        ("portato il pane alla gioia", "it", "gioia"),
        ("hanno visto la bionda ieri", "it", "la bionda"),
        ("conto alla banca sella aperto", "it", "banca sella"),
        ("in the year eighty-seven.", "en", "eighty-seven"),
        ("two nought three, double one, six nine", "en", "two nought three"),
        ("her code is chi-chi", "en", "chi-chi"),
        ("ask dr w about it", "en", "dr w"),
        ("sentito il m.llo rossetti ieri", "it", "rossetti"),
        ("ritirata la busta della mandi", "it", "mandi"),
        ("la ale mi ha scritto", "it", "ale"),
        ("dorme a borgo trieste", "it", "borgo trieste"),
        ("from the holiness church", "en", "holiness church"),
        ("una ragazza (alb.) e sua sorella", "it", "alb."),
        ("She turned seven last month.", "en", "seven"),
        ("In May she will be twenty-five.", "en", "twenty-five"),
        ("Mia figlia ne ha otto.", "it", "otto"),
        ("il bimbo, 3 a., dorme", "it", "3 a."),
        ("Anila | 33 | iron", "en", "33"),
        ("happy birthday, thirty two already", "en", "thirty two"),
        ("il 14 u.s. è venuta", "it", "14 u.s."),
        ("nato il 4.VII.2011", "it", "4.VII.2011"),
        ("the twenty-second of July", "en", "twenty-second of July"),
        ("she comes thu 18", "en", "thu 18"),
        ("born in eighty-nine.", "en", "in eighty-nine"),
        ("her card ends in 9087", "en", "9087"),
        ("double five, twenty one, zero, thirty three, six", "en", "double five, twenty one"),
        ("tre due otto, quarantuno, diciotto, zero sei", "it", "tre due otto, quarantuno"),
        ("GBM PC S94 L41Z 335X", "en", "GBM PC S94 L41Z 335X"),
        ("a Passat, HH-AB 1234", "en", "HH-AB 1234"),
        ("live at 7 via lunga now", "en", "7 via lunga"),
        ("ada trattino m chiocciola posta punto it", "it", "ada trattino m chiocciola posta"),
    ],
)
def test_kinds_that_leaked_at_first_sight(text, language, part):
    start = text.index(part)
    end = start + len(part)
    finds = find_identifiers(text, language)
    touched = {i for f in finds.itertuples() for i in range(f.start, f.end)}
    assert all(i in touched for i in range(start, end) if text[i].isalnum()), found(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mama works and mama sings", "en"),
        ("a big boss and a little boy", "en"),
        ("portami il filo, leggila dopo", "it"),
        ("al lavoro della sarta", "it"),
        ("every church and this shelter", "en"),
        ("the sixty pieces of the day", "en"),
        ("two, three, four pieces", "en"),
        ("v. sopra, p. 3", "it"),
    ],
)
def test_their_twins_are_left_alone(text, language):
    assert found(text, language) == []


def test_the_targets_are_met_on_hard_forms():
    held_to_the_targets(Measured(HERE / "development.tsv"))


def test_the_targets_are_met_on_the_reference_set(shared):
    held_to_the_targets(Measured(shared / "data/deid/en_it_111.tsv"))


def test_the_frame_is_as_documented():
    frame = find_identifiers("Nothing here.", "en")
    assert list(frame.columns) == ["start", "end", "kind", "layer", "certainty"]
    assert [str(t) for t in frame.dtypes[:2]] == ["int64", "int64"]
    assert not len(frame)


def test_a_fiscal_code_is_found_in_every_omocode_form():
    """All codes that the library python-codicefiscale makes, with digits written as letters."""
    from codicefiscale import codicefiscale

    code = codicefiscale.encode(
        lastname="Osagie",
        firstname="Blessing",
        gender="F",
        birthdate="14/05/1997",
        birthplace="Nigeria",
    )
    forms = codicefiscale.decode(code)["omocodes"]
    assert len(forms) == 128
    for form in (*forms, code.lower(), f"{code[:6]} {code[6:11]} {code[11:]}"):
        assert (form, "fiscal_code", "sure") in found(f"Her code: {form}.")


@pytest.mark.parametrize(
    "iban",
    [  # the examples of the IBAN registry (SWIFT)
        "IT60X0542811101000000123456",
        "RO49AAAA1B31007593840000",
        "AL47212110090000000235698741",
        "UA213223130000026007233566001",
        "MD24AG000225100013104168",
        "GB82 WEST 1234 5698 7654 32",
    ],
)
def test_ibans_of_the_registry(iban):
    assert (iban, "iban", "sure") in found(f"Pay to {iban} every month.")
    assert (iban, "iban", "sure") in found(f"IBAN {iban}; thanks.")


@pytest.mark.parametrize(
    "number",
    ["+39 347 555 0182", "347 5550198", "(045) 555-0137", "045/5550137", "0039 340 5550146",
     "+234 803 555 0142", "+355 69 555 0112", "three four seven five five five zero one"],
)  # fmt: skip
def test_phones(number):
    assert (number, "phone", "sure") in found(f"Call {number} after six.")


def test_amounts_sizes_and_models_are_no_identifiers():
    text = "It costs 35,000 euros; model 8700 makes 1.250 pieces in 12 hours, 250 metres a day."
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "language", "age"),
    [
        ("She is 34 years old.", "en", "34 years old"),
        ("The twenty-three-year-old left.", "en", "twenty-three"),
        ("when she was 19", "en", "19"),
        ("Ha trentaquattro anni.", "it", "trentaquattro anni"),
        ("La ventitreenne ride.", "it", "ventitreenne"),
        ("Aveva vent'anni.", "it", "vent'anni"),
        ("una 28enne", "it", "28enne"),
    ],
)
def test_ages(text, language, age):
    assert any(age in w and kind == "age" for w, kind, _ in found(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [("She worked for four years.", "en"), ("Lavora qui da quattro anni.", "it"),
     ("La protezione dura sei mesi.", "it"), ("ogni due anni", "it")],
)  # fmt: skip
def test_how_long_something_took_is_no_age(text, language):
    assert "age" not in [kind for _, kind, _ in found(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("on 14 May 2021 she", "en", "14 May 2021"),
        ("il 14 maggio 2021 è", "it", "14 maggio 2021"),
        ("born 1994-02-17 in", "en", "1994-02-17"),
        ("scade 30.06.22 e", "it", "30.06.22"),
        ("since the summer of 2015 he", "en", "the summer of 2015"),
        ("dal primo settembre 2020", "it", "primo settembre 2020"),
        ("in October she", "en", "October"),
        ("from May to October 2021", "en", "May to October 2021"),
        ("before 2014 she", "en", "2014"),
    ],
)
def test_dates(text, language, date):
    assert (date, "date", "sure") in found(text, language)


@pytest.mark.parametrize("text", ["She may march with us.", "They may leave.", "a march past"])
def test_may_and_march_are_verbs_too(text):
    assert found(text) == []


def test_relative_dates_are_for_review():
    assert ("last winter", "date", "review") in found("She came last winter.")
    assert ("due anni fa", "date", "review") in found("È arrivata due anni fa.", "it")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("asked hope abt school", "en"),
        ("gift's room is damp", "en"),
        ("sentita blessing x affitto", "it"),
        ("la conti ha chiamato", "it"),
        ("spoke to gf and left", "en"),
    ],
)
def test_names_written_small_in_hasty_notes(text, language):
    assert found(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("She felt a great joy and a sense of grace when the salary arrived.", "en"),
        ("It was a blessing to have colleagues who understood.", "en"),
        ("È felice e serena, la vita adesso è rosa.", "it"),
        ("Per via della pandemia il corso è stato sospeso.", "it"),
        ("Article 18 protection lasts six months.", "en"),
    ],
)
def test_words_that_are_names_too_stay_words(text, language):
    assert found(text, language) == []


def test_a_name_nobody_knows_is_found_by_its_capital_or_its_strangeness():
    assert ("Zbrnko", "name", "review") in found("Then Zbrnko came in.")
    assert ("zbrnko", "name", "review") in found("then zbrnko came in")


def test_a_name_in_full_is_known_again_alone():
    assert words("Blessing Osagie came. Then osagie left.")[-1] == "osagie"


def test_the_roster_comes_first_whatever_capitals_accents_and_apostrophes():
    roster = [
        {"name": "Nicolò D’Angelo", "aliases": "Nico; the tall one", "initials": "ND"},
        {"name": "Casa Fiordaliso", "kind": "organisation"},
    ]
    text = "nicolo d'angelo, NICO and the tall one went to casa fiordaliso with ND."
    assert found(text, roster=roster) == [
        ("nicolo d'angelo", "person", "sure"),
        ("NICO", "person", "sure"),
        ("the tall one", "person", "sure"),
        ("casa fiordaliso", "organisation", "sure"),
        ("ND", "person", "sure"),
    ]
    assert set(find_identifiers(text, "en", roster)["layer"]) == {"roster"}


def test_a_roster_may_be_a_file_a_table_or_names(tmp_path):
    (tmp_path / "roster.csv").write_text("name,aliases\nMoonbeam Sparrow,Moony\n", "utf-8")
    for roster in (tmp_path / "roster.csv", ["Moonbeam Sparrow"], qq.privacy.find_identifiers):
        if callable(roster):
            with pytest.raises(QuidqualError, match="a roster must be"):
                find_identifiers("x", "en", roster)
            continue
        assert "moonbeam sparrow" in words("we met moonbeam sparrow there", roster=roster)


def test_what_is_wrong_with_a_roster_is_listed_without_a_name():
    with pytest.raises(QuidqualError) as caught:
        find_identifiers("x", "en", [{"name": "Secret Person", "kind": "ghost"}, {"name": "X"}])
    assert "row 2, field 'kind'" in str(caught.value)
    assert "row 3, field 'name'" in str(caught.value)
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize("language", ["de", "", None, 3])
def test_a_language_without_rules_is_refused(language):
    with pytest.raises(QuidqualError, match="language must be 'en' or 'it'"):
        find_identifiers("Hallo.", language)


def test_a_text_is_wanted():
    with pytest.raises(QuidqualError):
        find_identifiers(3, "en")


@settings(max_examples=150)
@given(st.text(max_size=200), st.sampled_from(["en", "it"]))
def test_finds_lie_in_the_text_and_never_overlap(text, language):
    frame = find_identifiers(text, language)
    at = 0
    for row in frame.itertuples():
        assert at <= row.start < row.end <= len(text)
        at = row.end


@pytest.mark.parametrize(
    "piece", ["Anna ", "3", "+39 ", "a@", "Via ", "“", "di ", "A. ", "12/", "_a", "IT60 ", "two "]
)
def test_time_is_linear_in_the_text(piece):
    find_identifiers("Anna went home with 3 bags.", "en")  # dictionaries are read once

    def seconds(times):
        text = piece * (times // len(piece))
        start = time.process_time()  # of computing, whatever else the machine does
        find_identifiers(text, "it")
        return time.process_time() - start

    short, long = (min(seconds(n) for _ in range(3)) for n in (5_000, 40_000))
    assert long < 40 * max(short, 0.02), (short, long)  # eight times the text; squared would be 64


def test_the_same_text_gives_the_same_finds():
    text = "Ask Isoken and Marchetti in Bussolengo on 3 May, tel 045 5550111."
    assert find_identifiers(text, "en").equals(find_identifiers(text, "en"))


def test_a_pipeline_joins_for_its_own_language_only():
    """A recogniser that knows one word by heart."""
    import spacy

    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": "PERSON", "pattern": "trainer"}])
    frame = find_identifiers("The trainer sat down.", "en", pipeline=nlp)
    assert frame[["start", "end", "layer", "certainty"]].values.tolist() == [
        [4, 11, "model", "review"]
    ]
    with pytest.raises(QuidqualError, match="must be one of 'it'"):
        find_identifiers("La trainer.", "it", pipeline=nlp)
    with pytest.raises(QuidqualError, match="must be one of 'en'"):
        find_identifiers("The trainer.", "en", pipeline=spacy.blank("en"))
