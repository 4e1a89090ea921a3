"""A project goes back to the program that it is for, counted as that program counts."""

from __future__ import annotations

import re
import warnings
import zipfile

import pytest

from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.study.errors import QuidqualError

from .conftest import make_study

TEXT = "😀 I stay home. 👩‍👧 Home."


@pytest.fixture
def home():
    codings = [{"interview": "P1-R1", "start": at, "end": at + 4, "code": "home", "coder": "Anna"}
               for at in (TEXT.index("home"), TEXT.index("Home"))]  # fmt: skip
    return make_study(
        notes={"P1-R1": TEXT, "P1-R2": "", "P2-R1": "Plain."}, codings=codings, claims=[]
    )


def positions(path) -> list[tuple[int, int]]:
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde").decode()
    found = re.findall(r'startPosition="(\d+)" endPosition="(\d+)"', xml)
    return [(int(a), int(b)) for a, b in found]


def in_utf16(text: str, start: int, end: int) -> str:
    """What a program that keeps text in UTF-16 finds there."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


@pytest.mark.parametrize("name", ["nvivo", "NVivo"])
def test_nvivo_finds_the_words(home, tmp_path, name):
    path = write_qdpx(home, tmp_path / "a.qdpx", dialect=name)
    assert [in_utf16(TEXT, *place) for place in positions(path)] == ["home", "Home"]
    assert read_qdpx(path).study == home


@pytest.mark.parametrize("name", ["standard", "maxqda", "ATLAS.ti", "atlasti", "qualcoder"])
def test_the_others_find_the_words_by_code_points(home, tmp_path, name):
    path = write_qdpx(home, tmp_path / "a.qdpx", dialect=name)
    assert [TEXT[a:b] for a, b in positions(path)] == ["home", "Home"]
    assert read_qdpx(path).study == home


def test_without_a_dialect_the_user_is_warned(home, tmp_path):
    with pytest.warns(UserWarning, match=r"1 coded note with emoji.*dialect='nvivo'"):
        path = write_qdpx(home, tmp_path / "a.qdpx")
    assert [TEXT[a:b] for a, b in positions(path)] == ["home", "Home"]


def test_no_warning_where_all_programs_count_alike(home, tmp_path):
    plain = make_study(notes={"P1-R1": "I stay home.", "P1-R2": "", "P2-R1": "Più."}, claims=[],
                       codings=[{"interview": "P1-R1", "start": 7, "end": 11, "code": "home"}])  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_qdpx(plain, tmp_path / "a.qdpx")
        write_qdpx(home, tmp_path / "b.qdpx", dialect="standard")


def test_an_unknown_program_is_refused(home, tmp_path):
    with pytest.raises(QuidqualError, match=r"dialect must be.*'nvvo'"):
        write_qdpx(home, tmp_path / "a.qdpx", dialect="nvvo")
    assert not (tmp_path / "a.qdpx").exists()
