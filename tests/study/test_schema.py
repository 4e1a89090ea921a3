"""The contract of data_schema/, checked by an independent validator (frictionless)."""

import json

import jsonschema
import pytest

import quidqual as qq
from quidqual.examples import example_folder
from quidqual.study.schema import data_package, load_schema, schema_folder


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


def test_the_quick_check_and_the_full_one_agree(small):
    """fastjsonschema says whether, jsonschema says what: they must not differ."""
    import tomllib

    from quidqual.study.schema import _is_valid

    good = tomllib.loads((small / "study.toml").read_text("utf-8"))
    bad = [
        {**good, "corpus": "x"},
        {k: v for k, v in good.items() if k != "title"},
        {**good, "rounds": [{}]},
        {**good, "languages": []},
        [],
    ]
    validator = jsonschema.Draft202012Validator(load_schema("study"))
    for document in [good, *bad]:
        assert _is_valid(document, "study") == validator.is_valid(document)
    assert _is_valid(good, "study")
    assert not any(_is_valid(document, "study") for document in bad)
