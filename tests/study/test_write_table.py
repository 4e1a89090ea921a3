"""Tables that leave the house: no formula, no lost word, the same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError
from quidqual.study.write_table import table_as_csv


def test_a_cell_that_is_too_long_says_so_and_the_writer_too(tmp_path):
    from openpyxl import load_workbook

    frame = pd.DataFrame({"words": ["x" * 40_000, "short"]})
    with pytest.warns(UserWarning, match=r"a.xlsx: 1 cell longer than the 32,767"):
        qq.write_table(frame, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet["A2"].value.endswith(" [cut: 40,000 characters]")
    assert sheet["A3"].value == "short"


def test_no_cell_is_a_formula_and_no_gap_a_word():
    frame = pd.DataFrame(
        {"=id": ["=1+1", "@x", "NA"], "k": [1, -1, 2], "gap": [None, np.nan, pd.NA]}
    )
    assert table_as_csv(frame, line_end="\n") == "'=id,k,gap\n'=1+1,1,\n'@x,-1,\nNA,2,\n"


def test_titles_that_no_sheet_may_have(tmp_path):
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["title"] = "a/b: [c]?\x07*" + "é" * 40
    qq.write_table(frame, tmp_path / "a.xlsx")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(QuidqualError, match=r"Use one of: .csv, .xlsx, .parquet"):
        qq.write_table(pd.DataFrame({"a": [1]}), tmp_path / "a.ods")


def test_what_comes_back_in_a_column_is_written_as_every_cell():
    """Categories and texts are looked at once each: missing cells, formulas and numbers stay so."""
    frame = pd.DataFrame(
        {
            "kind": pd.Categorical(["=a", None, "b", "=a"]),
            "level": pd.Categorical([2, None, 1, 2]),
            "words": pd.array(["-x", None, "", "-x"], dtype="str"),
            "whole": pd.array([1, None, 3, 4], dtype="Int64"),
            "list": [("a", "b"), None, "=c", 0.5],
        }
    )
    assert table_as_csv(frame, line_end="\n").splitlines()[1:] == [
        """'=a,2,'-x,1,"('a', 'b')\"""", ",,,,", "b,1,,3,'=c", "'=a,2,'-x,4,0.5",
    ]  # fmt: skip
