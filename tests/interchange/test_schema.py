"""What is written is valid against the official schemas, and the peers can read it."""

from __future__ import annotations

import json
import os
import subprocess
import warnings
import zipfile
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from lxml import etree

from quidqual.examples import load_example
from quidqual.interchange.qdc import read_qdc, write_qdc
from quidqual.interchange.qdpx_write import write_qdpx

from .test_round_trip import studies  # type: ignore[import-not-found]  # isort: skip

THOROUGH = int(os.environ.get("QUIDQUAL_THOROUGH", "1"))


@cache
def schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


def check(xml: bytes, path: Path) -> None:
    schema(path).assertValid(etree.fromstring(xml))


def project_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


def test_projects_are_valid(study, shared, tmp_path):
    for n, one in enumerate((study, load_example())):
        path = write_qdpx(one, tmp_path / f"private/{n}.qdpx", dialect="standard")
        check(project_of(path), shared / "data/refi/Project.xsd")
        xmlschema.XMLSchema(shared / "data/refi/Project.xsd").validate(
            etree.fromstring(project_of(path))
        )


def test_codebooks_are_valid(study, shared, tmp_path):
    for n, one in enumerate((study, load_example())):
        path = write_qdc(one, tmp_path / f"{n}.qdc")
        check(path.read_bytes(), shared / "data/refi/Codebook.xsd")


def test_the_check_notices_what_is_invalid(study, shared, tmp_path):
    xml = project_of(write_qdpx(study, tmp_path / "private/a.qdpx", dialect="standard")).replace(
        b"isCodable", b"codable"
    )
    with pytest.raises(etree.DocumentInvalid):
        check(xml, shared / "data/refi/Project.xsd")


@settings(
    max_examples=25 * THOROUGH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(studies())
def test_any_project_is_valid(shared, tmp_path, study):
    check(
        project_of(
            write_qdpx(study, tmp_path / "private/a.qdpx", dialect="standard", replace=True)
        ),
        shared / "data/refi/Project.xsd",
    )


def test_files_that_the_project_names_are_there(study, tmp_path):
    path = write_qdpx(study, tmp_path / "private/a.qdpx", dialect="standard")
    root = etree.fromstring(project_of(path))
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    named = {
        f"sources/{value.removeprefix('internal://')}" for value in root.xpath("//@plainTextPath")
    }
    assert names == named | {"project.qde"}


PEER = """
import json, sys, tempfile, warnings
warnings.simplefilter("ignore")
path, name = sys.argv[1:]
if name == "qdapy":
    import qdapy
    project = qdapy.read_qdpx(path, warn=False)
    print(json.dumps({"codings": len(project.fragments), "codes": len(project.codebook), "coders": project.coders,
                      "words": sorted(project.fragments["text"])}))
else:
    from pyrefiqda.refiproject import RefiProject
    with tempfile.TemporaryDirectory() as folder:
        project = RefiProject.load(path, folder)
    spans = [s for t in project.sources.text_source for s in t.plain_text_selection]
    print(json.dumps({"codings": sum(len(s.coding) for s in spans), "codes": len(project.code_book.codes.code),
                      "coders": sorted(u.name for u in project.users.user)}))
"""


def peer_python() -> str:
    """Python of an environment that has qdapy and pyrefiqda: never the project's own."""
    python = os.environ.get("QUIDQUAL_PEERS_PYTHON", "")
    if not python or not Path(python).is_file():
        pytest.skip(
            "the peers are not here: make an environment with qdapy and pyrefiqda "
            "and set QUIDQUAL_PEERS_PYTHON to its python (see benchmarks/interchange)"
        )
    return python


@pytest.mark.parametrize("peer", ["qdapy", "pyrefiqda"])
def test_peers_read_our_projects(study, tmp_path, peer):
    path = write_qdpx(study, tmp_path / "private/a.qdpx", dialect="standard")
    run = subprocess.run(
        [peer_python(), "-c", PEER, path, peer], capture_output=True, text=True, check=True
    )
    told = json.loads(run.stdout)
    assert told["codings"] == 3
    assert sorted(told["coders"]) == ["Anna", "Bea"]
    if peer == "qdapy":
        assert told["words"] == sorted(study.codings["exact"])
        assert told["codes"] == 3


def test_a_codebook_comes_back(study, tmp_path):
    book = read_qdc(write_qdc(study, tmp_path / "a.qdc"), language="en").codebook
    assert [c.name() for c in book] == ["Ties", "Trust", "Home"]
    assert book["trust"].parent == "ties"
    assert book["trust"].definition.startswith("In people.\nInclude: friends")
    assert not book["ties"].codable
    assert write_qdc(study, tmp_path / "b.qdc").read_bytes() == (tmp_path / "a.qdc").read_bytes()


def test_a_codebook_as_taguette_writes_it(tmp_path):
    """Flat, upper-case GUIDs, and an empty list of sets that the schema forbids."""
    xml = (
        '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5.2"><Codes>'
        '<Code guid="0D62985D-B147-5D01-A9B5-CAE5DCD98342" name="interesting" isCodable="true"/></Codes><Sets/></CodeBook>'
    )
    (tmp_path / "a.qdc").write_text(xml, encoding="utf-8")
    imported = read_qdc(tmp_path / "a.qdc")
    assert imported.codebook.ids == ("interesting",)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert imported.study.codebook == imported.codebook
