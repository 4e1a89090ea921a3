"""Arguments that cannot be meant are refused, in words that name them."""

from __future__ import annotations

import pandas as pd
import pytest

import quidqual as qq

SMALL = qq.load_example("small")
TABLE = qq.presence(SMALL)
ROUNDS = pd.DataFrame(
    [("p", r, "x", "present") for r in ("R1", "R2", "R3")],
    columns=["participant", "round", "code", "state"],
)
TEXTS = {"x": "a b a", "y": "b b a"}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: qq.between_rounds(ROUNDS, from_round="R3", to_round="R1"), "'R3' is not earlier"),
        (lambda: qq.between_rounds(ROUNDS, from_round="R1", to_round="R1"), "R1, R2, R3"),
        (lambda: qq.between_rounds(ROUNDS, to_round="R1"), "'R1' is not earlier than 'R1'"),
        (lambda: qq.between_rounds(ROUNDS, to_round="R9"), "'R1', 'R2' or 'R3', not 'R9'"),
        (lambda: qq.between_rounds(ROUNDS, from_round=""), "not ''"),
        (lambda: qq.keyness(TEXTS, target="x", reference="x"), "reference must be 'y', not 'x'"),
        (lambda: qq.keyness(TEXTS, target="z"), "target must be 'x' or 'y', not 'z'"),
        (lambda: qq.keyness(TEXTS, target="x", least=1.5), "1.5"),
        (lambda: qq.keyness(TEXTS, target="x", speech="verbatim"), "belongs to a study"),
        (lambda: qq.keyness(SMALL, by="word"), "'group', 'round', 'participant' or 'interview'"),
        (lambda: qq.word_use.collocations(TEXTS, window=0), "window and least must be 1 or more"),
        (lambda: qq.analysis.binomial_interval(1.5, 4), "whole numbers"),
        (lambda: qq.analysis.binomial_interval(1, 4.5), "whole numbers"),
        (lambda: qq.analysis.binomial_interval(float("nan"), 4), "whole numbers"),
        (lambda: qq.analysis.binomial_interval(5, 4), "from 0 to n"),
        (lambda: qq.analysis.binomial_interval(1, 4, level=95), "between 0 and 1, not 95"),
        (lambda: qq.cooccurrence(SMALL, within="words", words=-3), "words must be 0 or more, not -3"),
        (lambda: qq.cooccurrence(SMALL, within="page"), "'overlap', 'segment', 'interview' or 'words'"),
        (lambda: qq.cooccurrence(SMALL, ordered="yes"), "ordered must be True or False"),
        (lambda: qq.prevalence(TABLE, by=("code", "code")), "each of them once; see 'code'"),
        (lambda: qq.prevalence(TABLE, by="state"), "see 'state'"),
        (lambda: qq.prevalence(TABLE, denominator="people"), "'participants', 'interviews' or 'mentions'"),
        (lambda: qq.presence(SMALL, level="Theme"), "level must be 'code' or 'theme', not 'Theme'"),
        (lambda: qq.presence(SMALL, codes=[]), "codes= names nothing"),
        (lambda: qq.presence(SMALL, codes="trsut"), "not 'trsut'"),
        (lambda: qq.saturation(TABLE, base=10**30), "from 1 to 1,000,000"),
        (lambda: qq.saturation(TABLE, by="round"), "by must be 'group', not 'round'"),
        (lambda: qq.saturation(TABLE, unit="note"), "'participant' or 'interview'"),
        (lambda: qq.richness([[1, None], [0, 1]]), "Not observed is not 0"),
        (lambda: qq.richness(pd.DataFrame([[1], [0]], index=["P1", "P1"])), "each unit"),
        (lambda: qq.states(TABLE, {"x": 1}), "a list of names, not 1"),
        (lambda: qq.states(TABLE, {"x": ["nosuch"]}), "must be 'trust' or 'work', not 'nosuch'"),
        (lambda: qq.states(TABLE, {"x": ["trust"]}, coder="A"), "coder= belongs to a study"),
        (lambda: qq.cross_sections(ROUNDS, rounds=[]), "rounds= names nothing"),
        (lambda: qq.deviant_cases(ROUNDS, majority=1), "0.5 to below 1, not 1"),
        (lambda: qq.crosstab(TABLE, "role"), "Give study="),
        (lambda: qq.crosstab(TABLE, pd.Series([1, 2], index=["P1", "P1"])), "each participant once"),
        (lambda: qq.sequences.distances(pd.Series({"P": "AB"}).repeat(2)), "'P' more than once"),
        (lambda: qq.sequences.distances(["AB"], alphabet="AAB"), "each state once"),
        (lambda: qq.sequences.distances(["AB"], method="lcs", substitution=2), "substitutes nothing"),
        (lambda: qq.sequences.distances(["AB"], indel=2), "indel= belongs to method='om'"),
        (lambda: qq.exact.change_tests(TABLE, test="cochran_q", value="n_codings"), "test='trend'"),
        (lambda: qq.exact.measurements(TABLE, of="trust", value="reason"), "must be a column of numbers"),
        (lambda: qq.exact.holm([0.5, 2]), "from 0 to 1"),
        (lambda: qq.agreement.agreement(qq.load_example("two_coders"), codes=[]), "codes= names nothing"),
        (lambda: qq.agreement.agreement(qq.load_example("two_coders"), programs=True), "unit='character'"),
        (lambda: qq.agreement.agreement(qq.load_example("two_coders"), coders=["A", "Z"]), "not 'Z'"),
        (lambda: qq.agreement.coefficients([[1, 1]], resamples=-1), "resamples must be a whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(call, said):
    with pytest.raises(qq.QuidqualError, match=said):
        call()
