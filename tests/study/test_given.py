"""What is no study, table or path is refused in the user's words, by every function that takes one."""

from __future__ import annotations

import inspect
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError

ROOMS = ("quidqual.analysis", "quidqual.interchange", "quidqual.study")
NOTHING_TO_CALL = {"new_study"}  # takes any name as that of a new folder
NAMES = sorted(
    name
    for name, room in qq._HOME.items()
    if room.startswith(ROOMS) and name not in NOTHING_TO_CALL
)
WRONG = [
    None, 3, 2.5, True, "my-study", Path("my-study"), [], {}, [[1, "a"], [2]], np.zeros(3),
    object(), pd.DataFrame(), pd.DataFrame({"a": [1]}), pd.Series([1, 2]),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_function_answers_a_wrong_argument_with_a_traceback(name, tmp_path, monkeypatch):
    call = getattr(qq, name)
    if inspect.isclass(call):
        pytest.skip("a class")
    monkeypatch.chdir(tmp_path)
    needed = [p for p in inspect.signature(call).parameters.values() if p.default is p.empty]
    more = {p.name: "x" for p in needed if p.kind is p.KEYWORD_ONLY}
    rest = ["x" for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    for wrong in WRONG:
        with suppress(QuidqualError):
            call(wrong, *rest, **more)


@pytest.mark.parametrize("name", ["presence", "agreement", "keyness", "write_qdpx", "write_qdc"])
def test_the_path_of_a_study_is_told_from_a_study(name, tmp_path):
    call = getattr(qq, name)
    more = [tmp_path / "out.qdpx"] if name.startswith("write") else []
    for path in ("my-study", Path("my-study")):
        with pytest.raises(QuidqualError, match=r"qq\.open_study\(folder\)") as error:
            call(path, *more)
        assert error.value.problems[0].field == "study"


def test_a_study_by_name_is_checked_too():
    with pytest.raises(QuidqualError, match="A study is wanted, not int"):
        qq.presence(study=3)
    with pytest.raises(TypeError):  # no argument at all: Python says it best
        qq.presence()
