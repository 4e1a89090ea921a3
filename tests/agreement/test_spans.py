"""Spans of text: the regressions, the published units, and brute force over characters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.errors import QuidqualError

_QUICK = settings(max_examples=50, deadline=None)


def test_half_an_overlap_in_a_thousand_characters(spans_of, value_of):
    """QualCoder's own kappa printed 0.30 here."""
    spans = spans_of(("d", "A", 100, 200, "x"), ("d", "B", 150, 250, "x"))
    found = qq.agreement.spans(spans, {"d": 1000})
    assert value_of(found, "cohen") == pytest.approx(0.4444, abs=5e-5)
    assert value_of(found, "percent") == 0.9
    assert value_of(found, "alpha", "n_units") == 1000


def test_a_coder_who_found_nothing_gives_zero(spans_of, value_of):
    """QualCoder printed 0.90 here."""
    spans = spans_of(("d", "A", 100, 200, "x"), ("d", "A", 100, 190, "x"))
    found = qq.agreement.spans(spans, {"d": 1000}, coders=["A", "B"])
    assert value_of(found, "cohen") == pytest.approx(0.0, abs=1e-12)
    assert "taken as covering all: 'B'" in value_of(found, "cohen", "note")
    declared = qq.agreement.spans(spans, {"d": 1000}, coders=["A", "B"], covered="all")
    assert value_of(declared, "cohen") == pytest.approx(0.0, abs=1e-12)
    said = pd.concat([spans, spans_of(("d", "B", None, None, None))])
    assert value_of(qq.agreement.spans(said, {"d": 1000}), "cohen") == pytest.approx(0.0, abs=1e-12)
    kind = spans.astype({"coder": pd.CategoricalDtype(["A", "B"])})
    assert value_of(qq.agreement.spans(kind, {"d": 1000}), "cohen") == pytest.approx(0, abs=1e-12)


def test_own_overlaps_are_united_first(spans_of, value_of):
    spans = spans_of(
        ("d", "A", 100, 200, "x"), ("d", "A", 120, 180, "x"), ("d", "B", 300, 350, "x")
    )
    found = qq.agreement.spans(spans, {"d": 1000})
    assert value_of(found, "cohen") == pytest.approx(-0.0714, abs=5e-5)
    assert value_of(found, "alpha", "prevalence") == pytest.approx(150 / 2000)


def test_a_span_after_one_that_lies_inside_another_is_still_united(spans_of, value_of):
    """A 0-100 holds both 10-20 and 50-60: one block, as if she had marked 0-100 once."""
    once = spans_of(("d", "A", 0, 100, "x"), ("d", "B", 30, 90, "x"))
    thrice = pd.concat([once, spans_of(("d", "A", 10, 20, "x"), ("d", "A", 50, 60, "x"))])
    one = qq.agreement.spans(once, {"d": 400})
    pd.testing.assert_frame_equal(one, qq.agreement.spans(thrice, {"d": 400}))
    assert value_of(one, "percent") == pytest.approx(1 - 40 / 400)


def test_spans_that_touch_stay_two_units_of_one_stretch(spans_of, value_of):
    """For characters it is one stretch; for unitizing two segments of 5 are not one of 10."""
    touching = spans_of(("d", "A", 0, 5, "x"), ("d", "A", 5, 10, "x"), ("d", "B", 0, 10, "x"))
    whole = spans_of(("d", "A", 0, 10, "x"), ("d", "B", 0, 10, "x"))
    two, one = (qq.agreement.spans(s, {"d": 40}) for s in (touching, whole))
    assert value_of(two, "alpha") == value_of(one, "alpha") == 1.0
    part = spans_of(("d", "A", 0, 5, "x"), ("d", "A", 5, 10, "x"), ("d", "B", 2, 10, "x"))
    joined = spans_of(("d", "A", 0, 10, "x"), ("d", "B", 2, 10, "x"))
    two, one = (qq.agreement.spans(s, {"d": 40}) for s in (part, joined))
    assert value_of(two, "alpha") == value_of(one, "alpha")
    assert value_of(two, "u_alpha") != pytest.approx(value_of(one, "u_alpha"), abs=1e-4)


def test_perfect_agreement_in_two_documents(spans_of):
    """The end of one document never meets the beginning of the next (qdapy printed 0.61)."""
    spans = spans_of(
        ("d", "A", 0, 20, "x"), ("d", "B", 0, 20, "x"), ("e", "A", 5, 9, "x"), ("e", "B", 5, 9, "x")
    )
    found = qq.agreement.spans(spans, {"d": 100, "e": 50})
    one = ["percent", "cohen", "conger", "fleiss", "brennan_prediger", "ac1", "alpha"]
    values = found.set_index("coefficient")["value"]
    assert np.allclose(values[[*one, "binary_u_alpha"]], 1.0)


def test_the_same_words_marked_and_nothing_else(spans_of, value_of):
    """qdapy gave NaN for two coders who mark the same words."""
    spans = spans_of(("d", "A", 3, 8, "x"), ("d", "B", 3, 8, "x"))
    found = qq.agreement.spans(spans, 20)
    assert value_of(found, "cohen") == 1.0


def test_a_document_not_read_is_missing_and_not_no_code(spans_of, value_of):
    spans = spans_of(
        ("d", "A", 0, 10, "x"), ("d", "B", 0, 10, "x"), ("e", "A", 0, 50, "x"),
    )  # fmt: skip
    found = qq.agreement.spans(spans, {"d": 100, "e": 100})
    assert value_of(found, "cohen") == 1.0
    assert value_of(found, "alpha") == 1.0
    assert value_of(found, "alpha", "n_units") == 200
    assert value_of(found, "alpha", "n_pairable") == 100
    assert value_of(found, "alpha", "n_missing") == 100
    assert "in which she marked anything" in value_of(found, "alpha", "note")
    read = qq.agreement.spans(spans, {"d": 100, "e": 100}, covered="all")
    assert value_of(read, "cohen") < 0.5
    declared = qq.agreement.spans(
        spans, {"d": 100, "e": 100}, covered={"A": ["d", "e"], "B": ["d", "e"]}
    )
    assert value_of(declared, "cohen") == value_of(read, "cohen")


def test_a_span_outside_the_declared_coverage_does_not_count(spans_of, value_of):
    spans = spans_of(("d", "A", 0, 10, "x"), ("d", "B", 0, 10, "x"), ("e", "B", 0, 50, "x"))
    found = qq.agreement.spans(spans, {"d": 100, "e": 100}, covered={"A": ["d", "e"], "B": ["d"]})
    assert value_of(found, "cohen") == 1.0


@pytest.mark.parametrize("measure", ["u_alpha", "binary_u_alpha", "cu_alpha"])
def test_unitizing_family_of_the_reference(reference, value_of, measure):
    spans, expected = reference("unitizing_spans"), reference("expected_unitizing")
    seen = 0
    for name, rows in spans.groupby("dataset"):
        frame = rows.rename(columns={"dataset": "document"})
        found = qq.agreement.spans(frame, {name: int(rows["length"].iloc[0])})
        for row in expected[(expected["dataset"] == name)].itertuples():
            if row.measure == measure:
                value = value_of(found, measure, code="")
            elif measure == "cu_alpha" and row.measure == "cu_coverage":
                value = value_of(found, "cu_alpha", "coverage")
            elif measure == "cu_alpha" and row.measure[0] == "(":
                column = "coverage" if "coverage" in row.measure else "value"
                value = value_of(found, "ku_alpha", column, code=int(row.measure[1]))
            else:
                continue
            seen += 1
            assert value == pytest.approx(row.value, abs=1e-10), row
    assert seen >= 4


def test_unitizing_by_hand(spans_of, value_of):
    """Krippendorff 1995, example A: .358; one code, so marked-or-not is the whole."""
    spans = spans_of(
        ("d", "A", 2, 10, 1), ("d", "A", 14, 20, 1), ("d", "B", 4, 8, 1), ("d", "B", 15, 17, 1)
    )
    found = qq.agreement.spans(spans, 24)
    # gaps A 10, B 18; Do = 4 + 4 of 48; De = (48^2 - 20^2 - 28^2) / (48^2 - (64+36+16+4) - 28)
    expected = 1 - (16 / 48) / ((48**2 - 20**2 - 28**2) / (48**2 - 120 - 28))
    assert value_of(found, "u_alpha") == pytest.approx(expected)
    assert value_of(found, "binary_u_alpha", code=1) == pytest.approx(expected)


def test_overlapping_codes_have_no_joint_unitizing(spans_of, value_of):
    spans = spans_of(
        ("d", "A", 0, 10, "x"), ("d", "A", 5, 15, "y"), ("d", "B", 0, 10, "x"), ("d", "B", 5, 12, "y")
    )  # fmt: skip
    found = qq.agreement.spans(spans, 100)
    assert np.isnan(value_of(found, "u_alpha"))
    assert "two codes" in value_of(found, "u_alpha", "note")
    assert value_of(found, "binary_u_alpha", code="x") == 1.0
    assert value_of(found, "binary_u_alpha", code="y") < 1.0


def _spans(length, coders, codes, exclusive):
    """Spans as hypothesis draws them, as a list of tuples."""
    one = st.tuples(
        st.sampled_from(["d", "e"]),
        st.sampled_from(coders),
        st.integers(0, length - 1),
        st.integers(1, 9),
        st.sampled_from(codes),
    )

    def ended(rows):
        return [(d, c, s, min(s + n, length), k) for d, c, s, n, k in rows]

    return st.lists(one, min_size=2, max_size=14).map(ended)


def _painted(rows, length, coder, code, document):
    text = np.zeros(length, dtype=int)
    for d, c, s, e, k in rows:
        if (d, c, k) == (document, coder, code):
            text[s:e] = 1
    return text


@_QUICK
@given(_spans(30, ["A", "B", "C"], ["x", "y"], False))
def test_spans_are_ratings_of_characters(rows):
    """Paint each character and rate it: the same numbers as the sweep."""
    frame = pd.DataFrame(rows, columns=["document", "coder", "start", "end", "code"])
    found = qq.agreement.spans(frame, {"d": 30, "e": 30}, resamples=0, unitizing=False)
    coders = sorted(frame["coder"].unique())
    for code in frame["code"].unique():
        tables = []
        for document in ("d", "e"):
            table = pd.DataFrame(
                {c: _painted(rows, 30, c, code, document).astype(float) for c in coders}
            )
            for c in coders:
                if not ((frame["document"] == document) & (frame["coder"] == c)).any():
                    table[c] = np.nan
            tables.append(table)
        table = pd.concat(tables, ignore_index=True)
        expected = qq.agreement.coefficients(table, categories=[0, 1]).set_index("coefficient")
        got = found[found["code"] == code].set_index("coefficient")
        np.testing.assert_allclose(got["value"], expected["value"], atol=1e-10)
        for column in ("n_pairable", "prevalence", "positive_agreement", "negative_agreement"):
            np.testing.assert_allclose(got[column], expected[column], atol=1e-12)


def _u_alpha_by_atoms(tracks, units):
    """Krippendorff's u-alpha from every pair of characters, in loops."""
    m = len(tracks)
    observed = total = 0.0
    for i in range(m):
        for j in range(m):
            if i != j:
                observed += (tracks[i] != tracks[j]).sum() / (m - 1)
                total += len(tracks[i]) / (m - 1)
    everything = np.concatenate(tracks)
    segment = np.concatenate(units)  # -1 is gap: each character of a gap is its own unit
    chance = pairs = 0
    for a in range(len(everything)):
        for b in range(len(everything)):
            if a == b or (segment[a] >= 0 and segment[a] == segment[b]):
                continue
            pairs += 1
            chance += everything[a] != everything[b]
    return np.nan if chance == 0 else 1 - (observed / total) / (chance / pairs)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2)), min_size=1, max_size=5),
        min_size=2, max_size=3,
    )
)  # fmt: skip
def test_u_alpha_is_its_definition_over_atoms(coders):
    length, rows, tracks, units, number = 20, [], [], [], 0
    for c, pieces in enumerate(coders):
        track, unit, at = np.zeros(length, int), np.full(length, -1), 0
        for size, code in pieces:
            end = min(at + size, length)
            if code and end > at:
                rows.append(("d", f"c{c}", at, end, f"k{code}"))
                track[at:end], unit[at:end] = code, number
                number += 1
            at = end
        tracks.append(track)
        units.append(unit)
    frame = pd.DataFrame(rows, columns=["document", "coder", "start", "end", "code"])
    names = [f"c{c}" for c in range(len(coders))]
    if frame.empty:
        return
    found = qq.agreement.spans(frame, {"d": length}, coders=names, covered="all", resamples=0)
    value = found[(found["coefficient"] == "u_alpha") & (found["code"] == "")]["value"].iloc[0]
    np.testing.assert_allclose(value, _u_alpha_by_atoms(tracks, units), atol=1e-10)


@_QUICK
@given(_spans(30, ["A", "B"], ["x"], False), st.integers(1, 50))
def test_offsets_shifted_by_a_longer_beginning_keep_what_was_marked(rows, shift):
    frame = pd.DataFrame(rows, columns=["document", "coder", "start", "end", "code"])
    moved = frame.assign(start=frame["start"] + shift, end=frame["end"] + shift)
    one = qq.agreement.spans(frame, {"d": 100, "e": 100}, resamples=0)
    two = qq.agreement.spans(moved, {"d": 100, "e": 100}, resamples=0)
    pd.testing.assert_frame_equal(one, two)


def test_documents_are_resampled_and_counted(spans_of, value_of):
    rng = np.random.default_rng(2)
    rows = []
    for d in range(12):
        for coder in "AB":
            start = int(rng.integers(0, 60))
            rows.append((f"d{d:02}", coder, start, start + 30, "x"))
    found = qq.agreement.spans(spans_of(*rows), {f"d{d:02}": 100 for d in range(12)})
    row = found[found["coefficient"] == "alpha"].iloc[0]
    assert row["method"] == "bootstrap (documents)"
    assert row["n_clusters"] == 12
    assert row["low"] < row["value"] < row["high"]
    assert np.isnan(row["se"])  # characters are not independent
    unit = found[(found["coefficient"] == "binary_u_alpha") & (found["code"] == "x")].iloc[0]
    assert unit["low"] < unit["value"] < unit["high"]
    assert unit["low"] == pytest.approx(row["low"], abs=0.05)
    people = {f"d{d:02}": f"P{d // 4}" for d in range(12)}
    by_person = qq.agreement.spans(
        spans_of(*rows), {f"d{d:02}": 100 for d in range(12)}, clusters=people
    )
    assert value_of(by_person, "alpha", "n_clusters") == 3
    assert "3 clusters only" in value_of(by_person, "alpha", "note")


def test_every_broken_span_is_listed(spans_of):
    spans = spans_of(
        ("d", "A", 5, 5, "x"), ("d", "A", -1, 5, "x"), ("d", "B", 90, 101, "x"),
        ("z", "B", 0, 5, "x"), ("d", None, 0, 5, "x"), ("d", "B", 1.5, 5, "x"), ("d", "B", 1, 5, "x"),
    )  # fmt: skip
    with pytest.raises(QuidqualError) as caught:
        qq.agreement.spans(spans, {"d": 100})
    assert [p.row for p in caught.value.problems] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: (s.drop(columns="code"), {"d": 9}, {}), "'code'"),
        (lambda s: (s, {"d": 0}, {}), "whole numbers from 1"),
        (lambda s: (s, {"d": 9.5}, {}), "whole numbers from 1"),
        (lambda s: (s, [9], {}), "mapping"),
        (lambda s: (pd.concat([s, s.assign(document="e")]), 9, {}), "2 documents"),
        (lambda s: (s, {"d": 9}, {"covered": 3}), "'all', a mapping"),
        (lambda s: (s, {"d": 9}, {"covered": {"A": ["d"]}}), "says nothing of 'B'"),
        (lambda s: (s, {"d": 9}, {"clusters": {}}), "says nothing of 1"),
        (lambda s: (s, {"d": 9}, {"coefficients": "u"}), "coefficients must be .*, not 'u'"),
    ],
)
def test_what_cannot_be_used_is_refused(spans_of, change, says):
    spans = spans_of(("d", "A", 0, 5, "x"), ("d", "B", 0, 5, "x"))
    frame, lengths, extra = change(spans)
    with pytest.raises(QuidqualError, match=says):
        qq.agreement.spans(frame, lengths, **extra)


def test_no_spans_at_all(spans_of):
    found = qq.agreement.spans(spans_of(), {"d": 10}, coders=["A", "B"])
    assert found[found["coefficient"] == "alpha"].empty
    found = qq.agreement.spans(spans_of(), {"d": 10}, coders=["A", "B"], codes=["x"])
    row = found[(found["coefficient"] == "alpha")].iloc[0]
    assert np.isnan(row["value"])
    assert "only one category" in row["note"]


def test_spans_of_one_coder_alone(spans_of):
    found = qq.agreement.spans(spans_of(("d", "A", 0, 5, "x")), {"d": 10, "e": 10}, programs=True)
    assert found["value"].isna().all()
    assert (found["note"] != "").all()


def test_figures_of_other_programs(spans_of, value_of):
    # NVivo's help: 1,000 characters, 50 coded by both, 150 by one: 85 % agreement.
    spans = spans_of(("d", "A", 0, 100, "x"), ("d", "B", 50, 150, "x"), ("d", "B", 200, 250, "x"))
    found = qq.agreement.spans(spans, {"d": 1000}, programs=True)
    assert value_of(found, "nvivo_percent", code="x") == pytest.approx(0.85)
    chance = (100 * 150 + 900 * 850) / 1000**2
    assert value_of(found, "nvivo_kappa", code="x") == pytest.approx((0.85 - chance) / (1 - chance))
    assert value_of(found, "atlasti_percent", code="x") == pytest.approx(0.85)
    assert value_of(found, "atlasti_holsti", code="x") == pytest.approx(2 * 50 / 250)
    assert value_of(found, "atlasti_c_alpha_binary", code="x") == pytest.approx(
        value_of(found, "alpha", code="x")
    )
    assert value_of(found, "maxqda_percent", code="x") == 0.0
    assert "NVivo" in value_of(found, "nvivo_kappa", "note", code="x")


def test_maxqda_counts_segments_that_overlap_by_nine_tenths(spans_of, value_of):
    spans = spans_of(
        ("d", "A", 0, 100, "x"), ("d", "B", 0, 95, "x"),  # met
        ("d", "A", 200, 300, "x"), ("d", "B", 200, 280, "x"),  # 80 of 100: not met
        ("d", "A", 400, 420, "y"), ("d", "B", 400, 420, "y"),  # met
    )  # fmt: skip
    found = qq.agreement.spans(spans, {"d": 1000}, programs=True)
    assert value_of(found, "maxqda_percent", code="x") == pytest.approx(0.5)
    assert value_of(found, "maxqda_percent", code="") == pytest.approx(4 / 6)
    assert value_of(found, "maxqda_kappa", code="") == pytest.approx((4 / 6 - 0.5) / 0.5)


def test_nvivos_kappa_of_a_document_nobody_marked_is_one(spans_of, value_of):
    spans = spans_of(("d", "A", 0, 10, "x"), ("d", "B", 0, 10, "x"), ("e", "A", 0, 9, "y"),
                     ("e", "B", 0, 9, "y"))  # fmt: skip
    found = qq.agreement.spans(spans, {"d": 100, "e": 300}, programs=True)
    assert value_of(found, "nvivo_kappa", code="x") == 1.0


def test_figures_of_other_programs_are_for_two_coders(spans_of):
    spans = spans_of(*(("d", c, 0, 5, "x") for c in "ABC"))
    found = qq.agreement.spans(spans, {"d": 10}, programs=True)
    assert not found["coefficient"].str.contains("nvivo").any()


def test_documents_that_nobody_marked_are_left_out_and_counted_in_words():
    spans = pd.DataFrame(
        [("a", c, 0, 5, "x") for c in "AB"] + [("b", "A", 2, 8, "x"), ("b", "B", 2, 6, "x")],
        columns=["document", "coder", "start", "end", "code"],
    )
    lengths = {"a": 10, "b": 10, "c": 10, "d": 30}
    found = qq.agreement.spans(spans, lengths)
    assert (found["n_units"] == 20).all()
    assert found["note"].str.contains("2 documents that nobody covers are not counted").all()
    every = qq.agreement.spans(spans, lengths, covered="all")
    assert (every["n_units"] == 60).all()
    assert not every["note"].str.contains("not counted").any()
    one = qq.agreement.spans(spans, {"a": 10, "b": 10, "c": 10})
    assert one["note"].str.contains("1 document that nobody covers is not counted").all()
