"""The methods paragraph says what was run and nothing else."""

from __future__ import annotations

import re

import quidqual
import quidqual as qq
from quidqual.reporting.methods import methods
from tests.reporting.conftest import study_of


def test_one_coder_measures_no_agreement():
    study = study_of()
    told = methods(study)
    assert (
        "3 notes of 3 interviews with 2 participants in 2 rounds between 2021-05-03 and 2021-07-01"
        in told
    )
    assert "Coder A made 7 codings in 3 interviews" in told
    assert "One coder coded, so agreement was not measured." in told
    assert f"quidqual {quidqual.__version__}" in told
    assert study.hash[:12] in told
    assert "spacy" not in told


def test_two_coders_of_one_mind_agree():
    study = study_of(coders=("A", "B"))
    table = quidqual.agreement.agreement(
        study, unit="segment", coefficients=["alpha"], resamples=50, pooled=True
    )
    told = methods(study, agreement=table)
    assert (
        "Agreement of coders A and B was measured by Krippendorff’s alpha on sentences: 1.00"
        in told
    )
    assert "The analyses use those of coder A." in told
    assert "spacy" in told
    assert "Agreement of coders A and B is not part of this report." in methods(study)


def test_a_reflexive_study_gets_no_coefficient():
    study = study_of(approach="reflexive", coders=("A", "B"))
    told = methods(study)
    assert "No coefficient of agreement" in told
    assert not re.search("alpha|kappa", told)


def test_real_material_is_called_real():
    assert methods(study_of("real")).startswith("The material is real: 3 notes")


def test_a_machine_that_coded_is_never_passed_off_as_a_person():
    example = quidqual.load_example()
    assert "Coders A and B are machines and no persons." in methods(example)
    assert "machine" not in methods(study_of(coders=("A", "B")))
    coders = quidqual.reporting.checklist(example, "coreq").set_index("item").loc[24, "answer"]
    assert coders.endswith("Machines, not persons: A, B.")


def half_read(**settings):
    people = ("P1", "P2", "P3")
    return qq.Study.from_tables(
        title="Gärten", corpus="real", rounds=["R1"], languages=["de"],
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[{"interview": p, "participant": p, "round": "R1"} for p in people],
        notes=dict.fromkeys(people, "Sie sagt: „Ich bleibe.“ Und geht."), codebook=["c"],
        codings=[{"interview": "P1", "exact": "bleibe", "code": "c"}], settings=settings,
    )  # fmt: skip


def test_notes_that_were_not_read_are_told():
    told = qq.reporting.methods(half_read())
    assert "2 of 3 notes were not read by any coder and count as not observed." in told
    assert "absent if its note was read" in told
    assert "1 code, 1 of which was applied" in told
    supposed = qq.reporting.methods(half_read(uncoded="absent"))
    assert "2 notes without any coding count as read, since the study says" in supposed


def test_limits_name_the_notes_that_were_not_read():
    from quidqual.reporting.limits import limits

    assert any("2 of 3 notes were not read (P2 and P3)" in one for one in limits(half_read(), ()))
    assert not any("not read" in one for one in limits(half_read(uncoded="absent"), ()))


def test_whose_words_are_told_by_the_marks_of_these_notes():
    from quidqual.reporting.coded_notes import whose_words

    told = "Words between „…“ are the participant’s, all others the researcher’s."
    assert whose_words(half_read()) == told
