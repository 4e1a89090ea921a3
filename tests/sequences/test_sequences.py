"""Distances and shapes of courses against TraMineR 2.2 and against plain recursion."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.sequences.clusters import cluster
from quidqual.sequences.distance import (
    distances,
    substitution_costs,
    transition_rates,
)
from quidqual.sequences.shape import entropy, indices
from quidqual.study.errors import QuidqualError

NINE = ["LLM", "LMH", "MMM", "LHH", "MHH", "HHM", "LLL", "MLM", "HHH"]
# TraMineR 2.2, as in the reference data of the project
HAM = [[0, 2, 2, 2], [2, 0, 2, 1], [2, 2, 0, 3], [2, 1, 3, 0]]
OM = [[0, 2, 4, 4], [2, 0, 4, 2], [4, 4, 0, 6], [4, 2, 6, 0]]
TURBULENCE = [2, 3, 1, 2, 2, 2, 1, 2.807354922, 1]
COMPLEXITY = [0.5382286523, 1, 0, 0.5382286523, 0.5382286523, 0.5382286523, 0, 0.7611702597, 0]


def numbers_of(text, block, until):
    """Read the numbers of one block of the printed reference."""
    lines = text.split(block + "\n")[1].split("\n" + until)[0].splitlines()
    return [float(w) for line in lines for w in line.split("]")[-1].split() if w[-1].isdigit()]


def test_distances_of_traminer():
    for name in ("HAM", "hamming"):
        assert distances(NINE[:4], method=name).to_numpy().tolist() == HAM
    for name in ("OM", "om", "LCS"):
        assert distances(NINE[:4], method=name).to_numpy().tolist() == OM


def test_shapes_of_traminer():
    table = indices(NINE)
    np.testing.assert_allclose(table["turbulence"], TURBULENCE, atol=1e-9)
    np.testing.assert_allclose(table["complexity"], COMPLEXITY, atol=1e-9)
    assert table["n_transitions"].tolist() == [1, 2, 0, 1, 1, 1, 0, 2, 0]
    np.testing.assert_allclose(table["entropy"][[0, 1, 2]], [0.5793801643, 1, 0], atol=1e-9)
    np.testing.assert_allclose(
        entropy(NINE)["entropy"], [0.9656336071, 0.9656336071, 0.8783471048], atol=1e-9
    )


def test_transition_rates_and_costs_of_traminer():
    rates = transition_rates(NINE, alphabet="LMH")
    np.testing.assert_allclose(
        rates, [[3 / 7, 3 / 7, 1 / 7], [0.2, 0.4, 0.4], [0, 1 / 6, 5 / 6]], atol=1e-12
    )
    costs = substitution_costs(NINE, alphabet="LMH")
    assert costs.loc["L", "M"] == pytest.approx(1.371428571)
    assert costs.loc["L", "H"] == pytest.approx(1.857142857)
    assert costs.loc["M", "H"] == pytest.approx(1.433333333)


def test_values_retyped_here_are_those_of_the_reference(shared):
    text = (shared / "data" / "sequences" / "traminer_2.2_reference.txt").read_text()
    assert numbers_of(text, "\nturbulence", "complexity") == TURBULENCE
    assert numbers_of(text, "\ncomplexity", "transitions") == COMPLEXITY


def plain_om(a, b, costs, indel):
    if not a or not b:
        return indel * (len(a) + len(b))
    table = [[j * indel for j in range(len(b) + 1)]]
    for i, x in enumerate(a, start=1):
        row = [i * indel]
        for j, y in enumerate(b, start=1):
            row.append(
                min(table[i - 1][j] + indel, row[j - 1] + indel, table[i - 1][j - 1] + costs(x, y))
            )
        table.append(row)
    return table[-1][-1]


courses = st.lists(st.text("ABC", min_size=5, max_size=5), min_size=2, max_size=8)


@settings(max_examples=40, deadline=None)
@given(courses, st.sampled_from([0.5, 1.0, 1.7, 2.0, 3.0]), st.sampled_from([0.75, 1.0]))
def test_om_equals_plain_recursion(words, substitution, indel):
    got = distances(words, method="om", substitution=substitution, indel=indel).to_numpy()
    for i, a in enumerate(words):
        for j, b in enumerate(words):
            expected = plain_om(a, b, lambda x, y: 0 if x == y else substitution, indel)
            assert got[i, j] == pytest.approx(expected)


@settings(max_examples=20, deadline=None)
@given(courses)
def test_om_with_rates_equals_plain_recursion(words):
    costs = substitution_costs(words)
    got = distances(words, method="om", substitution="trate").to_numpy()
    indel = max(costs.to_numpy().max() / 2, 1e-9)
    if indel < 1e-6:
        return
    expected = [[plain_om(a, b, lambda x, y: costs.loc[x, y], indel) for b in words] for a in words]
    np.testing.assert_allclose(got, expected, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(courses, st.randoms())
def test_the_order_of_the_sequences_only_moves_the_matrix(words, random):
    order = list(range(len(words)))
    random.shuffle(order)
    for method in ("hamming", "om", "lcs"):
        plain = distances(words, method=method).to_numpy()
        moved = distances([words[i] for i in order], method=method).to_numpy()
        np.testing.assert_allclose(moved, plain[np.ix_(order, order)])


def test_more_rounds_than_a_machine_word_has_bits():
    a, b = "AB" * 40, "BA" * 40
    assert distances([a, b], method="lcs").iloc[0, 1] == 2
    assert distances([a[:20], b[:20]], method="lcs").iloc[0, 1] == 2
    assert distances([a[:50], b[:50]], method="lcs").iloc[0, 1] == 2


def test_not_observed_as_a_state_or_pairwise():
    frame = pd.DataFrame(
        [["A", "B", None], ["A", "A", "B"], [None, None, "B"]], index=["x", "y", "z"]
    )
    assert distances(frame).loc["x", "y"] == 2
    pairwise = distances(frame, not_observed="pairwise")
    assert pairwise.loc["x", "y"] == 1.5  # 1 of the 2 rounds seen in both, of 3
    assert np.isnan(pairwise.loc["x", "z"])
    assert pairwise.loc["y", "z"] == 0
    assert indices(frame)["n_rounds"].tolist() == [2, 3, 1]


def test_a_table_of_states_and_its_names():
    table = pd.DataFrame(
        [("p2", "R1", "past"), ("p2", "R2", "future"), ("p1", "R1", "past")],
        columns=["participant", "round", "state"],
    )
    matrix = distances(table)
    assert list(matrix.index) == ["p1", "p2"]
    assert matrix.loc["p1", "p2"] == 1


@pytest.mark.parametrize(
    ("states", "arguments"),
    [
        (["AB", "ABC"], {}),
        ([], {}),
        (["AB"], {"method": "euclid"}),
        (["AB"], {"alphabet": "A"}),
        (["AB"], {"method": "om", "not_observed": "pairwise"}),
        (["AB", "BA"], {"method": "om", "indel": 0}),
        (["AB", "BA"], {"method": "om", "substitution": "rate"}),
        (["AB", "BA"], {"method": "om", "substitution": [[0, 1], [2, 0]]}),
        (["AB", "BA"], {"method": "om", "substitution": [[0]]}),
    ],
)
def test_sequences_that_cannot_be_read(states, arguments):
    with pytest.raises(QuidqualError):
        distances(states, **arguments)


def test_clusters():
    words = ["AAAA", "AAAB", "BBBB", "BBBA", "AAAA"]
    label = cluster(distances(words).to_numpy())
    assert label.tolist() == [1, 1, 2, 2, 1]
    assert cluster(np.zeros((3, 3))).tolist() == [1, 1, 1]
    with pytest.raises(QuidqualError):
        cluster(np.zeros((3, 3)), number=2)
