"""A .qdpx of any size, made as other programs make them: no trace of quidqual in it."""

from __future__ import annotations

import random
import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

WORDS = [
    "always",
    "because",
    "home",
    "work",
    "together",
    "learning",
    "people",
    "before",
    "after",
    "trust",
    "friends",
    "again",
    "today",
    "nobody",
    "trainer",
    "città",
    "perché",
    "amici",
    "insieme",
    "lavoro",
    "domani",
    "pomeriggio",
    "però",
    "così",
]


def make_project(
    path: Path,
    *,
    documents: int = 300,
    words: int = 600_000,
    codes: int = 60,
    codings: int = 20_000,
) -> Path:
    """Write a project in which each selection begins and ends at the edge of a word."""
    rng = random.Random(20210503)

    def guid() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))

    users = [guid() for _ in range(3)]
    tree = [guid() for _ in range(codes)]
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<Project name="Benchmark" origin="benchmark" xmlns="urn:QDA-XML:project:1.0"><Users>',
        *(f'<User guid="{u}" name="Coder {n}"/>' for n, u in enumerate(users)),
        "</Users><CodeBook><Codes>",
        *(
            f'<Code guid="{c}" name="Code {n}" isCodable="true" color="#3366AA"/>'
            for n, c in enumerate(tree)
        ),
        "</Codes></CodeBook><Sources>",
    ]
    texts: dict[str, str] = {}
    per_text, per_source = words // documents, codings // documents
    for number in range(documents):
        source = guid()
        chosen = [rng.choice(WORDS) for _ in range(per_text)]
        starts, at = [], 0
        for word in chosen:
            starts.append(at)
            at += len(word) + 1
        texts[source] = " ".join(chosen)
        parts.append(
            f'<TextSource guid="{source}" name="Interview {number:03}" '
            f'plainTextPath="internal://{source}.txt">'
        )
        extra = 1 if number < codings % documents else 0
        for _ in range(per_source + extra):
            first = rng.randrange(per_text - 12)
            last = first + rng.randrange(3, 12)
            start, end = starts[first], starts[last] - 1
            quote = escape(texts[source][start:end], {'"': "&quot;"})
            user = rng.choice(users)
            parts.append(
                f'<PlainTextSelection guid="{guid()}" name="{quote}" startPosition="{start}" '
                f'endPosition="{end}" creatingUser="{user}" '
                'creationDateTime="2021-06-01T10:00:00Z">'
                f'<Coding guid="{guid()}" creatingUser="{user}" '
                'creationDateTime="2021-06-01T10:00:00Z">'
                f'<CodeRef targetGUID="{rng.choice(tree)}"/></Coding></PlainTextSelection>'
            )
        parts.append("</TextSource>")
    parts.append("</Sources></Project>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", "".join(parts))
        for source, text in texts.items():
            archive.writestr(f"sources/{source}.txt", text)
    return path
