"""Builders of small foreign files: every fixture is made in the test that uses it."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from quidqual.study.model import Study

CODES = '<Code guid="{0}" name="trust" isCodable="true" color="#ff0000"/><Code guid="{1}" name="home" isCodable="true"/>'


class Qdpx:
    """Builds .qdpx files piece by piece."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.anna, self.trust, self.home = (self.guid(n) for n in ("anna", "trust", "home"))

    @staticmethod
    def guid(name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def selection(
        self,
        start: int,
        end: int,
        code: str,
        *,
        name: str = "",
        guid: str = "",
        user: str | None = None,
        more: str = "",
    ) -> str:
        guid = guid or self.guid(f"s{start}-{end}-{code}-{name}")
        who = self.anna if user is None else user
        by = f' creatingUser="{who}"' if who else ""
        return (
            f'<PlainTextSelection guid="{guid}" name={quoteattr(name)} startPosition="{start}" endPosition="{end}">{more}'
            f'<Coding guid="{self.guid(guid + code)}"{by} creationDateTime="2021-06-01T10:00:00Z">'
            f'<CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
        )

    def source(
        self, name: str, inner: str = "", *, path: str | None = None, attributes: str = ""
    ) -> str:
        guid = self.guid(name)
        plain = (
            f' plainTextPath="{path if path is not None else f"internal://{guid}.txt"}"'
            if path != ""
            else ""
        )
        return f'<TextSource guid="{guid}" name={quoteattr(name)}{plain} {attributes}>{inner}</TextSource>'

    def write(
        self,
        sources: str = "",
        *,
        files: dict[str, bytes] | None = None,
        origin: str = "Elsewhere 1.0",
        member: str = "project.qde",
        users: str | None = None,
        codes: str | None = None,
        before: str = "",
        after: str = "",
        namespace: str = "urn:QDA-XML:project:1.0",
        prolog: str = '<?xml version="1.0" encoding="utf-8"?>',
        name: str = "project.qdpx",
    ) -> Path:
        users = f'<User guid="{self.anna}" name="Anna"/>' if users is None else users
        codes = CODES.format(self.trust, self.home) if codes is None else codes
        xml = (
            f'{prolog}<Project name="Work" origin="{origin}" xmlns="{namespace}">'
            + (f"<Users>{users}</Users>" if users else "")
            + (f"<CodeBook><Codes>{codes}</Codes></CodeBook>" if codes else "")
            + before
            + (f"<Sources>{sources}</Sources>" if sources else "")
            + after
            + "</Project>"
        )
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, xml.encode("utf-8"))
            for key, data in (files or {}).items():
                archive.writestr(key, data)
        return path

    def one(self, text: str | bytes, inner: str, *, name: str = "Talk", **more: object) -> Path:
        """A project of one source."""
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        return self.write(
            self.source(name, inner), files={f"sources/{self.guid(name)}.txt": data}, **more
        )  # type: ignore[arg-type]


@pytest.fixture
def qdpx(tmp_path: Path) -> Qdpx:
    return Qdpx(tmp_path)


@pytest.fixture
def study() -> Study:
    return make_study()


@pytest.fixture(scope="session")
def study_maker() -> Callable[..., Study]:
    return make_study


def make_study(**changes: object) -> Study:
    """Two participants in two rounds, everything that a study can say at least once."""
    tables: dict[str, object] = {
        "title": "Integration & work",
        "corpus": "synthetic",
        "rounds": [{"round": "R1", "label": "Before"}, {"round": "R2"}],
        "participants": [
            {"participant": "P1", "group": "survivor", "role": "survivor", "language": "en", "age band": "40s"},
            {"participant": "P2", "group": "staff", "language": "it", "age band": ""},
        ],
        "interviews": [
            {"interview": "P1-R1", "participant": "P1", "round": "R1", "date": "2021-05-04", "language": "en", "minutes": "45"},
            {"interview": "P1-R2", "participant": "P1", "round": "R2", "language": "en", "mode": "video"},
            {"interview": "P2-R1", "participant": "P2", "round": "R1", "language": "it"},
            {"interview": "P2-R2", "participant": "P2", "round": "R2", "status": "missed"},
        ],
        "notes": {
            "P1-R1": "She said: “I stay 😀 here.”\n\nThen she left.\n",
            "P1-R2": "",
            "P2-R1": "È così: “perché no?”",
        },
        "codebook": [
            {"id": "ties", "label": {"en": "Ties", "it": "Legami"}, "codable": False},
            {"id": "trust", "parent": "ties", "label": {"en": "Trust"}, "definition": "In people.", "include": "friends",
             "exclude": "money", "examples": ["I trust"], "colour": "#ff8000", "patterns": {"en": ["trust*"]},
             "asked": {"groups": ["survivor"], "rounds": ["R1"]}, "memo": "Split?"},
            {"id": "home", "label": {"en": "Home"}, "source": "report"},
        ],
        "codings": [
            {"interview": "P1-R1", "start": 11, "end": 17, "code": "trust", "coder": "Anna", "at": "2021-06-01T10:00:00Z", "memo": "a\x07 & <b>"},
            {"interview": "P1-R1", "start": 11, "end": 17, "code": "home", "coder": "Bea", "at": "2021-06-01T10:00:00Z"},
            {"interview": "P2-R1", "start": 9, "end": 18, "code": "home", "coder": "Anna", "source": "model", "weight": 0.25},
        ],
        "claims": [{"id": "C1", "kind": "prevalence", "summary": "One.", "for": ["home"], "stated": {"k": 1, "n": 2},
                    "check": {"measure": "prevalence", "codes": ["home"], "k": 1, "n": 2}}],
    }  # fmt: skip
    tables.update(changes)
    return Study.from_tables(**tables)  # type: ignore[arg-type]
