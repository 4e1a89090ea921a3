"""Files made to do harm, and files that are broken: one error that names file and element."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import tempfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quidqual.interchange.markup import parse_html, parse_xml
from quidqual.interchange.qdc import read_qdc, write_qdc
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.untrusted import Archive, Limits, safe_member
from quidqual.study.errors import QuidqualError

THOROUGH = int(os.environ.get("QUIDQUAL_THOROUGH", "1"))

LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>"


@pytest.mark.parametrize(
    "prolog",
    [
        f'<?xml version="1.0" encoding="utf-8"?>{LAUGHS}',
        '<?xml version="1.0"?><!DOCTYPE Project SYSTEM "file:///etc/passwd">',
        "<!-- <!DOCTYPE not yet> --><?x y?><!DOCTYPE Project>",
        "<!DOCTYPE Project>",
    ],
)
def test_any_doctype_is_refused(qdpx, prolog):
    path = qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust), prolog=prolog)
    with pytest.raises(QuidqualError, match=r"project\.qdpx.*DOCTYPE"):
        read_qdpx(path)


def test_a_doctype_in_another_encoding_is_refused():
    with pytest.raises(QuidqualError, match="DOCTYPE"):
        parse_xml("<!DOCTYPE a><a/>".encode("utf-16"), file="a.xml")
    with pytest.raises(QuidqualError):
        parse_xml(b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>', file="a.xml")


def test_a_doctype_in_a_comment_is_no_doctype():
    assert parse_xml(b"<!-- <!DOCTYPE a> --><a/>", file="a.xml").tag == "a"


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"<a>", b"<a></b>", b"\x00", b"<a>&undefined;</a>", b"<a" * 100_000]
)
def test_what_is_no_xml_is_refused(data):
    with pytest.raises(QuidqualError, match=r"a\.xml"):
        parse_xml(data, file="a.xml")


def test_nesting_is_bounded(qdpx):
    depth = 5000
    codes = (
        "".join(
            f'<Code guid="{qdpx.guid(str(n))}" name="c{n}" isCodable="true">' for n in range(depth)
        )
        + "</Code>" * depth
    )
    with pytest.raises(QuidqualError, match="nests too deep"):
        read_qdpx(qdpx.write(codes=codes))
    with pytest.raises(QuidqualError):
        parse_xml(b"<a>" * 100_000, file="a.xml")


def test_html_nested_without_end_is_read_or_refused_in_time():
    begin = time.monotonic()
    with suppress(QuidqualError):
        parse_html("<div>" * 200_000, file="a.html")
    assert time.monotonic() - begin < 10


def bomb(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b" " * size)
    return path


def test_a_zip_bomb_is_refused_while_it_unpacks(tmp_path):
    with (
        Archive(bomb(tmp_path / "a.zip", 64 << 20)) as archive,
        pytest.raises(QuidqualError, match="larger than allowed"),
    ):
        archive.read("project.qde")


def test_caps_count_what_comes_and_not_what_is_declared(tmp_path):
    """The declared size is made to lie: the member claims ten bytes."""
    path = bomb(tmp_path / "a.zip", 4 << 20)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 4 << 20), struct.pack("<L", 10)))
    with Archive(path) as archive, pytest.raises(QuidqualError):
        archive.read("project.qde")


def test_caps_on_members_and_in_total(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for n in range(30):
            archive.writestr(f"{n}", random.Random(n).randbytes(1000))
    with pytest.raises(QuidqualError, match="20 members"):
        Archive(tmp_path / "a.zip", limits=Limits(members=20))
    with (
        Archive(tmp_path / "a.zip", limits=Limits(total_bytes=10_000)) as archive,
        pytest.raises(QuidqualError, match="larger"),
    ):
        [archive.read(name) for name in archive.names]


def test_members_that_overlap_cannot_be_read_twice_for_free(tmp_path):
    """All entries of the directory point at one member: the total still counts each."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\x00" * (1 << 20))
    with (
        Archive(tmp_path / "a.zip", limits=Limits(total_bytes=3 << 20)) as archive,
        pytest.raises(QuidqualError),
    ):
        [archive.read("x") for _ in range(10)]


def test_encrypted_and_unusual_members_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("project.qde", b"x")
    with Archive(tmp_path / "a.zip") as archive, pytest.raises(QuidqualError, match="unusual"):
        archive.read("project.qde")
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("project.qde", b"x")
    data = bytearray(stored.getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "b.zip").write_bytes(bytes(data))
    with Archive(tmp_path / "b.zip") as archive, pytest.raises(QuidqualError, match="encrypted"):
        archive.read("project.qde")


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "", "a\x00b"])
def test_members_that_leave_the_archive(name):
    assert safe_member(name) is None


@pytest.mark.parametrize("path", ["none.qdpx", ".", "a\x00b", None, 3])
def test_files_that_are_not_there(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QuidqualError):
        read_qdpx(path)


def test_every_cut_of_a_project_is_an_error_of_ours(study, tmp_path):
    data = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard").read_bytes()
    for end in range(0, len(data), 97):
        (tmp_path / "b.qdpx").write_bytes(data[:end])
        with pytest.raises(QuidqualError, match=r"b\.qdpx"):
            read_qdpx(tmp_path / "b.qdpx")


# Faults of the content: all of them at once, each with its element; the rest on demand.


def test_a_wrong_version_of_the_schema(qdpx):
    path = qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust), namespace="urn:QDA-XML:project:0.4")
    with pytest.raises(QuidqualError, match="schema version"):
        read_qdpx(path)
    assert len(read_qdpx(path, on_error="report").study.codings) == 1
    with pytest.raises(QuidqualError, match="not Project"):
        read_qdpx(qdpx.one("Hello", "", namespace="urn:other"), on_error="report")


FAULTS = {
    "no number": lambda q: (q.selection(0, 2, q.trust).replace('startPosition="0"', 'startPosition="x"'), "must be a number", {}),
    "huge number": lambda q: (q.selection(0, 10**30, q.trust), "must be a number", {}),
    "code": lambda q: (q.selection(0, 2, q.guid("no code")), "CodeRef", {}),
    "user": lambda q: (q.selection(0, 2, q.trust, user=q.guid("nobody")), "User", {}),
    "note": lambda q: (q.selection(0, 2, q.trust, more=f'<NoteRef targetGUID="{q.guid("no")}"/>'), "NoteRef", {}),
    "two codes": lambda q: ("", "GUID is that of another", {"codes": f'<Code guid="{q.trust}" name="a" isCodable="true"/>' * 2}),
    "two users": lambda q: ("", "User", {"users": f'<User guid="{q.anna}" name="a"/>' * 2}),
    "source of a case": lambda q: ("", "SourceRef", {"before": f'<Cases><Case guid="{q.guid("c")}" name="P"><SourceRef targetGUID="{q.guid("no")}"/></Case></Cases>'}),
    "variable": lambda q: ("", "VariableRef", {"before": f'<Cases><Case guid="{q.guid("c")}" name="P"><VariableValue><VariableRef targetGUID="{q.guid("no")}"/></VariableValue></Case></Cases>'}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_named_and_the_rest_taken_on_demand(qdpx, fault):
    inner, told, more = FAULTS[fault](qdpx)
    path = qdpx.one("Hello you", inner + qdpx.selection(6, 9, qdpx.trust), **more)
    with pytest.raises(QuidqualError, match=told) as caught:
        read_qdpx(path)
    assert caught.value.problems[0].file == "project.qdpx"
    imported = read_qdpx(path, on_error="report")
    assert "you" in imported.study.codings["exact"].tolist()


@pytest.mark.parametrize("place", [(0, 500), (-3, 2), (9, 10)])
def test_a_selection_outside_the_text_costs_itself_and_not_the_project(qdpx, place):
    inner = qdpx.selection(*place, qdpx.trust) + qdpx.selection(6, 9, qdpx.trust)
    imported = read_qdpx(qdpx.one("Hello you", inner))
    assert imported.study.codings["exact"].tolist() == ["you"]
    line = imported.report.query("kind == 'selection'").iloc[0]
    assert line[["item", "action"]].tolist() == ["Talk", "left out"]
    assert f"'trust' at {place[0]} to {place[1]} lies outside" in line["why"]


def test_all_faults_at_once_and_never_the_words_of_a_note(qdpx):
    inner = "".join(qdpx.selection(n, 500 + n, qdpx.trust) for n in range(30)) + qdpx.selection(
        0, 2, qdpx.guid("no")
    )
    with pytest.raises(QuidqualError) as caught:
        read_qdpx(qdpx.one("Secretwords of a note", inner))
    assert len(caught.value.problems) == 31
    assert "Secretwords" not in "".join(map(str, caught.value.problems))


def test_two_sources_or_codings_with_one_guid(qdpx):
    twice = qdpx.selection(0, 5, qdpx.trust, guid=qdpx.guid("g")) + qdpx.selection(
        6, 9, qdpx.trust, guid=qdpx.guid("g")
    )
    path = qdpx.one("Hello you", twice)
    with pytest.raises(QuidqualError, match="another coding"):
        read_qdpx(path)
    assert len(read_qdpx(path, on_error="report").study.codings) == 2
    source = qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust))
    path = qdpx.write(source * 2, files={f"sources/{qdpx.guid('Talk')}.txt": b"Hello"})
    with pytest.raises(QuidqualError, match="TextSource"):
        read_qdpx(path)
    assert len(read_qdpx(path, on_error="report").study.raw.notes) == 1


def test_text_that_is_not_utf8_is_never_guessed(qdpx):
    path = qdpx.one("città".encode("cp1252"), qdpx.selection(0, 5, qdpx.trust))
    with pytest.raises(QuidqualError, match="not utf-8"):
        read_qdpx(path)
    assert read_qdpx(path, encoding="windows-1252").study.text("Talk") == "città"


# Thousands of mutations: no other exception, no hang.

TOKENS = [b"", b"-1", b"9" * 25, b"<a>", b"&x;", b"\x00", b"\xff\xfe", b"\r\n", b"null", b"{}", b"[]", b'"',
          "😀".encode(), b"\xed\xa0\x80", b"<Coding/>", b"true", b"$date"]  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(len(made) or 1)
        to = min(len(made), at + rng.choice([1, 2, 8, 40, 300]))
        kind = rng.randrange(5)
        if kind == 0 and made:
            made[at] = rng.randrange(256)
        elif kind == 1:
            del made[at:to]
        elif kind == 2:
            made[at:at] = rng.choice(TOKENS)
        elif kind == 3:
            made[at:to] = rng.choice(TOKENS)
        else:
            made[at:at] = made[at:to] * rng.choice([1, 2, 20])
    return bytes(made)


def swapped(data: bytes, rng: random.Random) -> bytes:
    values = re.findall(rb'"[^"]*"', data)
    old, new = rng.choice(values), rng.choice([*values, b'""', b'"-5"', b'"x"'])
    places = [m.start() for m in re.finditer(re.escape(old), data)]
    at = rng.choice(places)
    return data[:at] + new + data[at + len(old) :]


@pytest.fixture(scope="module")
def seeds(study_maker) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_qdpx(study_maker(), Path(folder) / "a.qdpx", dialect="standard")
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        return {
            "zip": path.read_bytes(),
            "members": members,
            "qdc": write_qdc(study_maker(), Path(folder) / "a.qdc").read_bytes(),
        }


def survive(work) -> None:
    begin = time.monotonic()
    with suppress(QuidqualError):
        work()
    assert time.monotonic() - begin < 10


def examples(n: int) -> settings:
    """So many mutations, the same in every run, each as slow as it needs to be."""
    return settings(
        max_examples=n * THOROUGH,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )


@examples(300)
@given(st.integers(0, 2**32), st.sampled_from(["raise", "report"]))
def test_mutated_projects(seeds, tmp_path_factory, seed, on_error):
    rng = random.Random(seed)
    path = tmp_path_factory.getbasetemp() / "m.qdpx"
    members = dict(seeds["members"])
    name = rng.choice(["project.qde", "project.qde", *members])
    change = swapped if name == "project.qde" and rng.random() < 0.5 else mutated
    members[name] = change(members[name], rng)
    with zipfile.ZipFile(path, "w") as archive:
        for key, data in members.items():
            archive.writestr(key, data)
    survive(lambda: read_qdpx(path, on_error=on_error))


@examples(600)
@given(st.integers(0, 2**32), st.sampled_from(["raise", "report"]))
def test_mutated_archives(seeds, tmp_path_factory, seed, on_error):
    path = tmp_path_factory.getbasetemp() / "z.qdpx"
    path.write_bytes(mutated(seeds["zip"], random.Random(seed)))
    survive(lambda: read_qdpx(path, on_error=on_error))


@examples(300)
@given(st.integers(0, 2**32), st.sampled_from(["raise", "report"]))
def test_mutated_codebooks(seeds, tmp_path_factory, seed, on_error):
    path = tmp_path_factory.getbasetemp() / "m.qdc"
    rng = random.Random(seed)
    path.write_bytes(rng.choice([mutated, swapped])(seeds["qdc"], rng))
    survive(lambda: read_qdc(path, on_error=on_error))
