"""The tables of an export: what was computed, and of the study what may leave the team."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.analysis.change import change
from quidqual.analysis.presence import presence
from quidqual.analysis.prevalence import prevalence
from quidqual.findings.checklist import CHECKLISTS, checklist
from quidqual.findings.ledger import ledger
from quidqual.study.codebook import Codebook
from quidqual.study.reading import round_list
from quidqual.study.save import codebook_text, study_files
from quidqual.study.schema import data_package
from quidqual.study.write_table import csv_text

if TYPE_CHECKING:
    from quidqual.study.model import Study

_TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}
_PEOPLE = ("participant", "role", "group", "language")
_TALKS = ("interview", "participant", "round", "language", "mode", "minutes", "status", "note")
_SETTINGS = (
    "title", "description", "approach", "corpus", "languages", "primary_coder", "groups",
    "license", "uncoded", "reading", "notes",
)  # fmt: skip


def result_tables(study: Study, *, words: bool) -> dict[str, pd.DataFrame]:
    """Compute the tables of results.

    Parameters
    ----------
    study : Study
    words : bool
        Whether words of the notes may be in them.

    Returns
    -------
    dict of str to DataFrame
        By name: presence, prevalence, change, ledger, evidence, recommendations, checklists.
    """
    seen = presence(study)
    book = ledger(study, presence=seen)
    tables = {
        "presence": seen,
        "prevalence": prevalence(seen, by=("group", "code")),
        "change": change(seen),
        "ledger": book.table,
        "evidence": book.evidence(),
        "recommendations": book.recommendations,
    }
    for which in CHECKLISTS:
        tables[which] = checklist(study, which, ledger=book)
    if not words:
        tables["evidence"] = tables["evidence"].drop(columns=["words", "memo"])
    return tables


def without_details(study: Study) -> Study:
    """Give a study without what tells more of the people and the work than its results need.

    Without memos, dates, times of codings, further columns of interviews and participants, and
    settings but those that the tables hang on. It goes by the hash of the whole study, since it
    is the same with something left out.
    """
    raw = study.raw
    keep = [c for c in raw.interviews.columns if c in _TALKS]
    settings = {name: value for name, value in raw.settings.items() if name in _SETTINGS}
    settings["rounds"] = [
        {name: value for name, value in entry.items() if name in ("round", "label")}
        for entry in round_list(raw.settings)
    ]
    bare = replace(
        raw,
        settings=settings,
        participants=raw.participants[[c for c in _PEOPLE if c in raw.participants.columns]],
        interviews=raw.interviews[keep].assign(date="", minutes=raw.interviews["minutes"]),
        codings=raw.codings.assign(memo="", at=""),
        reads=raw.reads.assign(at=""),
    )
    made = type(study)(bare, folder=study.folder, checked=True)
    made.read_from = study.read_from
    made.__dict__["hash"] = study.hash
    return made


def study_part(study: Study, *, words: bool) -> dict[str, str]:
    """Give the files of the study that an export holds.

    Parameters
    ----------
    study : Study
    words : bool
        True: the whole study folder. False: no note, no words of a coding, no memo, no
        example of a code (it may be a quotation) and no attribute of a participant but role,
        group and language.
    """
    files = study_files(study)
    if words:
        return {f"study/{name}": text for name, text in files.items()}
    kept = {name: files[name] for name in ("study.toml", "interviews.csv")}
    if "claims.yaml" in files:
        kept["claims.yaml"] = files["claims.yaml"]
    bare = [replace(code, examples=(), memo="") for code in study.codebook]
    kept["codebook.yaml"] = codebook_text(Codebook(bare, constructs=study.codebook.constructs))
    people = [name for name in _PEOPLE if name in study.participants.columns]
    kept["participants.csv"] = csv_text(study.participants[people])
    codings = study.codings.drop(columns=["exact", "memo", "corpus"])
    kept["codings.csv"] = csv_text(codings)
    return {f"study/{name}": text for name, text in sorted(kept.items())}


def package(study: Study, tables: dict[str, pd.DataFrame], *, words: bool) -> str:
    """Describe the export as a Frictionless Data Package, as JSON text."""
    resources = _study_resources(study) if words else []
    resources += [_resource(name, frame) for name, frame in tables.items()]
    descriptor = {
        "name": "quidqual-export",
        "title": f"{study.title} ({study.corpus})",
        "description": "The study and what was computed from it. Absent and not observed are "
        "different states and never counted together.",
        "keywords": [study.corpus],
        "resources": resources,
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def _study_resources(study: Study) -> list[dict[str, Any]]:
    from quidqual.study.log import log_file
    from quidqual.study.schema import fields_of

    people = [c for c in study.raw.participants.columns if c not in fields_of("participants")]
    talks = [c for c in study.raw.interviews.columns if c not in fields_of("interviews")]
    logs = [log_file(coder) for coder in study.coders]
    found = data_package(people, logs, talks)["resources"]
    return [{**resource, "path": f"study/{resource['path']}"} for resource in found]


def _resource(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    fields = [{"name": str(c), "type": _type(frame[c])} for c in frame.columns]
    return {
        "name": name.replace("_", "-"),
        "path": f"tables/{name}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _type(column: pd.Series) -> str:
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype) or not hasattr(dtype, "kind"):
        return "string"
    return _TYPES.get(dtype.kind, "string")
