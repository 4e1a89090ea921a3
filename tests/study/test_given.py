"""What is no study, table or path is refused in the user's words, by every function that takes one."""

from __future__ import annotations

import inspect
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError

ROOMS = ("quidqual.analysis", "quidqual.findings", "quidqual.study")
NOTHING_TO_CALL = {
    "cues.CUES",  # a table of cues
    "publishing.journal_rules",  # takes nothing
    "privacy.RULES",  # a table of rules
    "new_study",  # takes any name as that of a new folder
}  # fmt: skip
NAMES = sorted(
    [name for name, room in qq._HOME.items() if room.startswith(ROOMS)]
    + [
        f"{wing}.{name}"
        for wing in (*qq._ROOMS_AS_NAMESPACES, *qq._WINGS)
        for name in getattr(qq, wing).__all__
    ]
)
NAMES = [name for name in NAMES if name not in NOTHING_TO_CALL]
WRONG = [
    None, 3, 2.5, True, "my-study", Path("my-study"), [], {}, [[1, "a"], [2]], np.zeros(3),
    object(), pd.DataFrame(), pd.DataFrame({"a": [1]}), pd.Series([1, 2]),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_function_answers_a_wrong_argument_with_a_traceback(name, tmp_path, monkeypatch):
    call = attrgetter(name)(qq)
    if inspect.isclass(call):
        pytest.skip("a class")
    monkeypatch.chdir(tmp_path)
    needed = [p for p in inspect.signature(call).parameters.values() if p.default is p.empty]
    more = {p.name: "x" for p in needed if p.kind is p.KEYWORD_ONLY}
    rest = ["x" for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    for wrong in WRONG:
        with suppress(QuidqualError):
            call(wrong, *rest, **more)


@pytest.mark.parametrize(
    "name",
    [
        "presence",
        "agreement.agreement",
        "keyness",
        "interchange.write_qdpx",
        "interchange.write_qdc",
    ],
)
def test_the_path_of_a_study_is_told_from_a_study(name, tmp_path):
    call = attrgetter(name)(qq)
    more = [tmp_path / "out.qdpx"] if "write" in name else []
    for path in ("my-study", Path("my-study")):
        with pytest.raises(QuidqualError, match=r"qq\.open_study\(folder\)") as error:
            call(path, *more)
        assert error.value.problems[0].field == "study"


def test_a_study_by_name_is_checked_too():
    with pytest.raises(QuidqualError, match="A study is wanted, not int"):
        qq.presence(study=3)
    with pytest.raises(TypeError):  # no argument at all: Python says it best
        qq.presence()


@pytest.mark.parametrize("wrong", [3, 2.5, object()])
def test_what_is_no_list_of_names_is_refused_by_name(wrong):
    import quidqual as qq
    from tests.two_coders import two_coders

    study, coded = qq.load_example("small"), two_coders()
    table = qq.presence(study)
    calls = [
        *(lambda k=k: qq.presence(study, **{k: wrong})
          for k in ("codes", "coder", "source", "speech", "participants", "rounds", "merge")),
        *(lambda k=k: qq.agreement.agreement(coded, **{k: wrong}) for k in ("coders", "codes", "coefficients")),
        lambda: qq.agreement.disagreements(coded, by=wrong),
        lambda: qq.prevalence(table, by=wrong),
        lambda: qq.cross_sections(table, rounds=wrong),
        lambda: qq.interchange.quote_table(study, codes=wrong),
        lambda: qq.keyness(study, by="participant", leave_out=wrong),
        lambda: qq.exact.trend([[0, 1]], scores=wrong),
        lambda: qq.sample_size.accumulation(study, at=wrong),
        lambda: qq.sequences.distances(["AB", "BA"], alphabet=wrong),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(QuidqualError):
            call()


@pytest.mark.parametrize("wrong", ["zzz", ["zzz"], object(), float("nan"), True])
def test_what_is_no_number_is_refused_by_name(wrong):
    import quidqual as qq

    study = qq.load_example("small")
    table = qq.presence(study)
    for call, fields in (
        (lambda **k: qq.saturation(study, **k), ("base", "run", "orders", "threshold", "seed")),
        (lambda **k: qq.prevalence(table, **k), ("level",)),
        (lambda **k: qq.deviant_cases(qq.change(table), **k), ("majority",)),
        (lambda **k: qq.keyness(study, by="participant", target="P1", **k), ("least", "prior")),
        (lambda **k: qq.word_use.collocations(study, **k), ("window", "least")),
        (lambda **k: qq.sequences.distances(["AB", "BA"], method="om", **k), ("indel",)),
    ):
        for field in fields:
            with pytest.raises(QuidqualError, match=field):
                call(**{field: wrong})


def test_one_code_may_be_named_as_a_word_and_no_code_is_a_slip():
    import quidqual as qq

    study = qq.load_example("small")
    assert set(qq.interchange.quote_table(study, codes="trust")["code"]) == {"trust"}
    with pytest.raises(qq.QuidqualError, match="codes= names nothing"):
        qq.framework_matrix(study, codes=[])
