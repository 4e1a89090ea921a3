"""The contract of data_schema/, checked by an independent validator (frictionless)."""

import json

import jsonschema
import pytest

import quidqual as qq
from quidqual.examples import example_folder
from quidqual.study.schema import check_document, data_package, load_schema, schema_folder


def report_on(folder, descriptor):
    from frictionless import Package

    package = Package.from_descriptor(descriptor, basepath=str(folder))
    return package.validate()


@pytest.fixture(autouse=True)
def _quiet():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def example_package():
    study = qq.load_example()
    attributes = [
        c
        for c in study.raw.participants.columns
        if c not in ("participant", "role", "group", "language")
    ]
    logs = [f"codings/{coder}.jsonl" for coder in study.coders]
    return data_package(attributes, logs, ["place"])


def test_frictionless_finds_the_example_valid():
    report = report_on(example_folder(), example_package())
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "type"])
    assert len(report.tasks) == 4


def log_of(*lines):
    whole = {"op": "add", "at": "", "coder": "A", "interview": "P1-R1", "code": "work"}
    return "".join(json.dumps({**whole, **line}) + "\n" for line in lines)


def test_the_first_line_of_a_log_is_no_header(small):
    """Empty fields are not written, so any line may have keys that the first has not."""
    log = small / "codings" / "A.jsonl"
    first = {"id": "1", "start": 0, "end": 3}
    log.write_text(log_of(first, {**first, "id": "2", "memo": "why", "weight": 2}), "utf-8")
    package = data_package(["age"], ["codings/A.jsonl"])
    report = report_on(small, package)
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "type"])
    log.write_text(log_of(first, {**first, "id": "2", "weight": "heavy"}), "utf-8")
    found = report_on(small, package).flatten(["rowNumber", "fieldName", "type"])
    assert found == [[3, "weight", "type-error"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("P2,b", "P1,b"),
        ("P2-R1,P2", "P2-R1,P9"),
        (",missed,", ",lost,"),
        ("2021-05-04", "4 May"),
        (",61,", ",many,"),
    ],
)
def test_frictionless_and_we_agree_that_a_damaged_study_is_not_valid(small, old, new):
    hit = False
    for name in ("participants.csv", "interviews.csv"):
        path = small / name
        text = path.read_text("utf-8")
        hit |= old in text
        path.write_text(text.replace(old, new), "utf-8")
    assert hit
    assert not report_on(small, data_package(["age"], ["codings/A.jsonl"])).valid
    assert (qq.validate(small)["level"] == "error").any()


def test_schemas_are_valid_and_every_field_is_described():
    for path in sorted(schema_folder().glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        if "$schema" in document:
            jsonschema.Draft202012Validator.check_schema(document)
        for field in document.get("fields", []):
            assert field["description"], (path.name, field["name"])


def test_the_folder_at_the_top_is_the_one_in_use(root):
    assert schema_folder() == root / "data_schema"
    assert load_schema("codings")["fields"][0]["name"] == "op"


def test_every_error_is_found_that_an_independent_validator_finds(small):
    """fastjsonschema stops at the first error; asked level by level, it finds what jsonschema finds."""
    import tomllib

    good = tomllib.loads((small / "study.toml").read_text("utf-8"))
    bad = [
        {**good, "corpus": "x", "languages": [3, "en"]},
        {k: v for k, v in good.items() if k not in ("title", "corpus")},
        {**good, "rounds": [{}, {"round": "R1", "x": 1}, {"round": 3}]},
        {**good, "languages": [], "speech": {"marks": ["a"], "dashes": 1}},
        {**good, "languages": ["en", "en"]},
        [],
    ]
    books = [
        {"codes": [{"id": "a", "patern": 1}, {}, {"id": 3, "label": 4, "examples": [1, "b", 2]}]},
        {"codes": 3},
        {"codes": [], "constructs": [{"id": "x", "states": [{"id": "a", "any_of": []}]}]},
    ]
    for name, documents in (("study", [good, *bad]), ("codebook", books)):
        validator = jsonschema.Draft202012Validator(load_schema(name))
        for document in documents:
            wanted = {".".join(map(str, e.absolute_path)) for e in validator.iter_errors(document)}
            found = check_document(document, name, file="x")
            assert {problem.field for problem in found} == wanted
            assert all(problem.remedy for problem in found)
