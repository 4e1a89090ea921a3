"""The methods paragraph says what was run and nothing else."""

from __future__ import annotations

import re

import quidqual
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
