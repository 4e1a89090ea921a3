"""Damaged study folders: an error in the user's words, never another one, never a note's words."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress

import pytest

import quidqual as qq
from quidqual.study.yaml_text import load_yaml
from tests.fuzz import mutants
from tests.study.conftest import FILES

NOTES = ("likes", "stay", "goes on", "Perch", "stanco")
CLAIMS = """claims:
- id: C1
  group: all
  kind: prevalence
  summary: One of two.
  stated: {k: 1, n: 2}
  check: {measure: prevalence, codes: [work], rounds: [R1], k: 1, n: 2}
recommendations:
- {id: P1, summary: s, rests_on: [C1]}
"""


@pytest.mark.parametrize("name", [*FILES, "claims.yaml"])
def test_a_damaged_file_is_a_table_of_problems(small, name):
    (small / "claims.yaml").write_text(CLAIMS, "utf-8")
    path = small / name
    whole = path.read_bytes()
    for number, data in enumerate(mutants(whole, count=30)):
        path.write_bytes(data)
        before = time.process_time()
        found = qq.validate(small)
        assert time.process_time() - before < 30, number
        told = " ".join([*found["message"], *found["remedy"]])
        if name.startswith("notes/"):
            assert not any(word in told for word in NOTES), number
        if (found["level"] == "error").any():
            with pytest.raises(qq.QuidqualError):
                qq.open_study(small)
        else:
            study = qq.open_study(small)
            assert len(study.segments) >= 0
            assert len(study.codings) + len(study.lost) == len(study.raw.codings)


@pytest.mark.parametrize(
    "text",
    ["codes: " + "[" * 50_000, "codes: " + "{a: " * 50_000, "- " * 50_000, "[" * 50_000 + "]" * 50_000,
     "a: !!bool x", "a: !!int ''", "a: !!float ''", "a: !x y", "!!python/object:a b", "a: !!binary x",
     "a: 2021-99-99", "a: 0b", "a: 1__", "a: =", "<<: 1", "? [a]\n: b", "a: 0x", "a: .", "a: " + "9" * 9_000,
     "%YAML 9.9\n---\na", "a: b\n---\nc: d", "a: *b", "\x00", 'a: "\\ud800"', "a: {b: 1, b: 2}"],
    ids=range(25),
)  # fmt: skip
def test_yaml_that_parsers_trip_over(text):
    with suppress(qq.QuidqualError):
        load_yaml(text, file="x.yaml")


def test_fifty_thousand_brackets_do_not_end_the_interpreter(small):
    (small / "codebook.yaml").write_text("codes: " + "[" * 50_000, "utf-8")
    code = f"import quidqual as qq; print(qq.validate({str(small)!r})['message'][0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "nested too deeply" in done.stdout


def test_a_mutant_is_the_same_on_every_run():
    assert list(mutants(b"abc" * 50, count=30, seed=3)) == list(
        mutants(b"abc" * 50, count=30, seed=3)
    )
    assert len(set(mutants(b"abc" * 50, count=30))) > 25
