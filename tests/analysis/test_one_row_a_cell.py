"""A table that says two things of one participant, round and code is refused everywhere."""

from __future__ import annotations

import pandas as pd
import pytest

import quidqual as qq


@pytest.fixture(scope="module")
def doubled():
    study = qq.load_example("small")
    table = qq.presence(study)
    return pd.concat([table, table.assign(state=table["state"].iloc[::-1].to_numpy())])


@pytest.fixture(scope="module")
def states_twice():
    table = qq.states(qq.load_example("small"), {"at work": ["work"], "in trust": ["trust"]})
    return pd.concat([table, table])


CALLS = {
    "prevalence": qq.prevalence,
    "mentions": lambda t: qq.prevalence(t, denominator="mentions"),
    "crosstab": qq.crosstab,
    "change": qq.change,
    "transitions": qq.transitions,
    "between_rounds": qq.between_rounds,
    "trajectories": qq.trajectories,
    "cross_sections": qq.cross_sections,
    "counter_movement": qq.counter_movement,
    "deviant_cases": qq.deviant_cases,
    "states": lambda t: qq.states(t, {"x": ["trust"]}),
    "saturation": lambda t: qq.saturation(t, base=1, run=1, orders=5),
    "richness": qq.richness,
    "accumulation": qq.sample_size.accumulation,
    "groups": qq.sequences.groups,
    "distances": lambda t: qq.sequences.distances(t[t["code"] == "trust"]),
    "change_tests": qq.exact.change_tests,
    "measurements": lambda t: qq.exact.measurements(t, of="trust"),
}


@pytest.mark.parametrize("name", CALLS)
def test_two_rows_a_cell_are_refused_with_the_cell(doubled, name):
    with pytest.raises(qq.QuidqualError, match="two rows for participant P1, round R1, code trust"):
        CALLS[name](doubled)


@pytest.mark.parametrize(
    "call",
    [qq.transitions, qq.trajectories, qq.sequences.groups, qq.sequences.distances,
     qq.sequences.indices, qq.exact.measurements],
)  # fmt: skip
def test_two_rows_of_a_construct_are_refused(states_twice, call):
    with pytest.raises(qq.QuidqualError, match="two rows for participant P1, round R1, construct"):
        call(states_twice)


def test_two_rows_that_say_the_same_are_two_rows(doubled):
    table = doubled.iloc[: len(doubled) // 2]
    with pytest.raises(qq.QuidqualError, match="two rows for"):
        qq.prevalence(pd.concat([table, table]))


def test_two_courses_of_one_code_in_one_person_are_refused():
    changed = qq.change(qq.presence(qq.load_example("small")))
    with pytest.raises(qq.QuidqualError, match="two rows for participant P1, code trust"):
        qq.counter_movement(pd.concat([changed, changed]))


def test_rows_of_codes_and_themes_together_are_one_a_cell():
    """A code and a theme are two things, if their names differ: no cell is said twice."""
    study = qq.load_example("small")
    both = pd.concat([qq.presence(study), qq.presence(study, level="theme")])
    assert len(qq.prevalence(both)) == 4


def test_a_column_that_stands_twice_is_refused():
    table = qq.presence(qq.load_example("small"))
    twice = pd.concat([table, table[["state"]]], axis=1)
    with pytest.raises(qq.QuidqualError, match="more than one column 'state'"):
        qq.prevalence(twice)
