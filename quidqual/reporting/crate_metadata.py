"""The RO-Crate description of an export: what each file is, and what made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from quidqual.study.model import Study

_CONTEXT: list[Any] = [
    "https://w3id.org/ro/crate/1.1/context",
    {"sha256": "https://schema.org/sha256"},
]
_FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain",
    ".yaml": "application/yaml",
}
_FOLDERS = {
    "study/": "The study folder, or what of it may be shared",
    "tables/": "Tables of results",
    "figures/": "Figures with their data, captions and alternative texts",
    "notebooks/": "The notebooks of the analysis",
}
_NO_LICENCE = "No licence is declared; ask whoever holds the study."


@dataclass(frozen=True)
class Facts:
    """What the description needs to know of a study."""

    title: str
    description: str
    corpus: str
    digest: str
    date: str
    licence: str
    words: bool
    details: bool
    software: Mapping[str, str]

    @classmethod
    def of(cls, study: Study, *, words: bool, details: bool, software: Mapping[str, str]) -> Facts:
        """Gather the facts of a study."""
        days = [d.date().isoformat() for d in study.interviews["date"].dropna()]
        days += [str(at)[:10] for at in study.codings["at"] if str(at)[:4].isdigit()]
        return cls(
            title=f"{study.title} ({study.corpus})",
            description=str(study.settings.get("description") or study.title),
            corpus=study.corpus,
            digest=study.hash,
            date=max(days, default="1970-01-01")[: None if details else 4],
            licence=str(study.settings.get("license") or ""),
            words=words,
            details=details,
            software=software,
        )

    def readme(self, files: Iterable[str]) -> str:
        """Say in a page what the folder holds and what it does not."""
        head = [f"# {_one_line(self.title)}", "", _one_line(self.description), ""]
        if self.corpus == "synthetic":
            head += ["**Synthetic.** Nobody said these words, and nothing here is evidence.", ""]
        if not self.words:
            head += [
                "**Left out for confidentiality:** the notes, the words and memos of codings, the "
                "examples of codes, attributes of participants but role, group and language, and "
                "all quotes. What is left can still identify people who know each other: read it "
                "with that in mind before it leaves the team.",
                "",
            ]
        if not self.details:
            head += [
                "**Left out as well:** memos, dates of interviews, times of codings, who "
                "interviewed where, and further settings and columns of the study.",
                "",
            ]
        files = list(files)
        page = "report.html" in files
        parts = [
            f"- `{name}`: {_FOLDERS[name][0].lower()}{_FOLDERS[name][1:]}"
            for name in folders_of(files)
        ]
        return "\n".join(
            [
                *head,
                *parts,
                *(["- `report.html`: the report, to be opened in a browser"] * page),
                "- `datapackage.json`, `ro-crate-metadata.json`: descriptions for machines",
                "- `manifest-sha256.txt`: checksums, for `sha256sum -c manifest-sha256.txt`",
                "",
                f"Study hash: `{self.digest}`. Licence: {_one_line(self.licence or _NO_LICENCE)}",
                "",
            ]
        )


def _one_line(text: str) -> str:
    r"""Write a text of the study into Markdown so that it stays a text.

    Examples
    --------
    >>> _one_line("# A <b>title</b>\n[with](links)")
    '\\# A &lt;b&gt;title&lt;/b&gt; \\[with\\](links)'
    """
    plain = escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{c}" if c in "\\`*_[]#|~" else c for c in plain)


def folders_of(files: Iterable[str]) -> list[str]:
    """Give the folders that hold something, in the order in which they are described."""
    paths = list(files)
    return [name for name in _FOLDERS if any(path.startswith(name) for path in paths)]


def metadata(facts: Facts, files: Mapping[str, bytes]) -> str:
    """Write ``ro-crate-metadata.json``.

    Parameters
    ----------
    facts : Facts
    files : mapping of str to bytes
        Every other file of the crate by its path.
    """
    folders = folders_of(files)
    top = [path for path in sorted(files) if "/" not in path]
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        _root(facts, [*folders, *top]),
        *_folders(folders, files),
        *(_file(path, data) for path, data in sorted(files.items())),
        *_provenance(facts, files),
    ]
    if facts.licence.startswith("http"):
        graph.append(
            {"@id": facts.licence, "@type": "CreativeWork", "name": "Licence of the study"}
        )
    return json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2) + "\n"


def _root(facts: Facts, parts: list[str]) -> dict[str, Any]:
    linked = facts.licence.startswith("http")
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "description": facts.description,
        "datePublished": facts.date,
        "license": {"@id": facts.licence} if linked else facts.licence or _NO_LICENCE,
        "keywords": [facts.corpus, "qualitative interviews", "longitudinal"],
        "identifier": f"sha256:{facts.digest}",
        "hasPart": [{"@id": quote(part)} for part in parts],
        "mentions": {"@id": "#run"},
    }


def _folders(folders: list[str], files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "@id": name,
            "@type": "Dataset",
            "name": _FOLDERS[name],
            "hasPart": [{"@id": quote(path)} for path in sorted(files) if path.startswith(name)],
        }
        for name in folders
    ]


def _file(path: str, data: bytes) -> dict[str, Any]:
    suffix = PurePosixPath(path).suffix
    return {
        "@id": quote(path),
        "@type": "File",
        "name": path,
        "contentSize": str(len(data)),
        "encodingFormat": _FORMATS.get(suffix, "application/octet-stream"),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _provenance(facts: Facts, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Tell which programs made the results out of the study."""
    made = [p for p in sorted(files) if p.startswith(("tables/", "figures/")) or p == "report.html"]
    programs = [
        {
            "@id": f"#{name.lower()}",
            "@type": "SoftwareApplication",
            "name": name,
            "version": version,
        }
        for name, version in facts.software.items()
    ]
    return [
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "Computation of the results",
            "object": {"@id": "study/"},
            "instrument": [{"@id": program["@id"]} for program in programs],
            "result": [{"@id": quote(path)} for path in made],
        },
        *programs,
    ]
