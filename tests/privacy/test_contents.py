"""What the release check reads of files: tables of every kind, data in texts, the end of long ones."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
import zlib

import pandas as pd
import pytest

from quidqual.privacy import release_check
from quidqual.privacy.release import contents
from tests.privacy.conftest import small_study


def rules_at(files, **options):
    found = release_check(files, **options).findings
    return {(row.rule, row.place.partition(",")[0]) for row in found.itertuples()}


def as_parquet(table):
    stream = io.BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


def as_workbook(table):
    stream = io.BytesIO()
    with pd.ExcelWriter(stream, engine="openpyxl") as book:
        pd.DataFrame({"code": ["trust"], "k": [4], "n": [9]}).to_excel(book, sheet_name="fine")
        table.to_excel(book, sheet_name="counts", index=False)
    return stream.getvalue()


TABLE = pd.DataFrame({"code": ["trust"], "k": [2], "n": [9], "who": ["Isoken Osagie"]})


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("t.csv", TABLE.to_csv(index=False).encode(), "t.csv, row 1"),
        ("t.parquet", as_parquet(TABLE), "t.parquet, row 1"),
        ("t.xlsx", as_workbook(TABLE), "t.xlsx, sheet 2, row 1"),
    ],
)
def test_a_table_is_a_table_in_every_form(name, data, place):
    found = release_check({name: data}).findings
    assert found.loc[found["rule"] == "small_cell", "place"].tolist() == [place]
    assert "identifier" in set(found["rule"])


def test_a_table_that_cannot_be_read_is_said():
    assert ("not_read", "t.parquet") in rules_at({"t.parquet": b"no parquet"})


def test_names_at_the_end_of_a_long_line_are_found():
    words = "she sews and sings " * 3000
    (row,) = release_check(f"{words}Isoken Osagie").findings.itertuples()
    start = len(words)
    assert row.place == f"quote, characters {start}-{start + 13}"


def test_a_name_that_a_cut_of_a_long_line_parts_is_found():
    for before in range(19_984, 20_006, 3):
        text = "x" * 5 + " " + "y " * ((before - 6) // 2)
        found = release_check(f"{text}Isoken Osagie {'z ' * 400}").findings
        assert "identifier" in set(found["rule"]), before


def test_data_in_a_text_are_read_as_data():
    """The note in which a project keeps what has no place in it is JSON in one line."""
    held = {"participants": {"rows": [["P1", "Isoken Osagie"]]}, "memo": "she lied"}
    found = rules_at({"sources/a.txt": json.dumps(held).encode()})
    assert {("identifier", "sources/a.txt"), ("memo", "sources/a.txt")} <= found
    assert rules_at({"sources/a.txt": b"{she} sews"}) == set()


def test_the_name_of_a_file_that_is_an_id_names_nobody():
    name = "sources/d0671f73-bd78-5973-ac43-6b0100d57e30.txt"
    assert rules_at({name: b"She sews."}) == set()


def test_words_of_real_notes_need_the_study_that_tells_whose_they_are():
    real = pd.DataFrame({"words": ["I keep my bag closed on the bus."], "corpus": "real"})
    assert "words_of_notes" in set(release_check(real).findings["rule"])
    consent = {"P1-R1": "yes"}
    assert release_check(real, study=small_study(consent=consent)).result != "block"
    invented = real.assign(corpus="synthetic")
    assert release_check(invented).findings.empty


def test_a_wide_table_follows_people_by_its_columns():
    wide = pd.DataFrame({"code": ["trust"], "P1-R1": [1], "P1-R2": [0]})
    assert "person_pattern" in set(release_check(wide, study=small_study()).findings["rule"])
    assert release_check(wide).findings.empty


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return stream.getvalue()


def locked():
    """The flag of a member that is encrypted, in both of its headers."""
    data = bytearray(zipped(a_txt="Maria Rossi came."))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def nested(levels):
    data = zipped(a_txt="Maria Rossi came.")
    for _ in range(levels):
        data = zipped(a_zip=data)
    return data


@pytest.mark.parametrize(
    "data",
    [locked(), nested(6), zipped(a_txt=b"0" * 9_000), nested(1)[:40] + b"x" + nested(1)[41:]],
    ids=["locked", "deep", "large", "damaged"],
)
def test_an_archive_that_cannot_be_opened_does_not_pass(tmp_path, monkeypatch, data):
    """It was passed over, and the check said: pass."""
    monkeypatch.setattr(contents, "_LARGEST", 8_000)
    (tmp_path / "a.zip").write_bytes(data)
    found = release_check(tmp_path)
    assert found.result != "pass"
    assert any("a.zip" in place for place in found.findings["place"])


def test_two_members_of_one_name_are_both_read(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", "Call +39 333 1234567.")
        archive.writestr("a.txt", "Nothing.")
    (tmp_path / "a.zip").write_bytes(stream.getvalue())
    assert "identifier" in " ".join(release_check(tmp_path).findings["rule"])


def picture(width):
    head = struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk
            + struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 10) + b"IDAT" + b"x" * 10)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", picture(60_000)),
        ("a.yaml", b"a: " + b"[" * 60_000),
        ("a.toml", b".".join([b"a"] * 100_000) + b" = 1"),
        ("a.json", b"[" * 200_000),
    ],
)
def test_what_would_break_a_parser_is_for_a_person_to_look_at(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    assert release_check(tmp_path).result == "review"
