"""Marked notes: read, searched, counted."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import quidqual as qq

HERE = Path(__file__).parent
_MARK = re.compile(r"\[\[([A-Z]+):(.+?)\]\]")


def marked(path):
    """Yield language, text and (start, end, kind) of each marked line of a file."""
    for line in Path(path).read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        language, _, given = line.split("\t")
        text, gold, at = "", [], 0
        for found in _MARK.finditer(given):
            text += given[at : found.start()]
            gold.append((len(text), len(text) + len(found[2]), found[1]))
            text += found[2]
            at = found.end()
        yield language, text + given[at:], gold


class Measured:
    """How many identifiers of a file are touched, and how many of its words are queued."""

    def __init__(self, path):
        self.all, self.touched = Counter(), Counter()
        self.words = self.queued = 0
        for language, text, gold in marked(path):
            finds = list(qq.privacy.find_identifiers(text, language).itertuples())
            for start, end, kind in gold:
                self.all[kind] += 1
                self.touched[kind] += any(f.start < end and f.end > start for f in finds)
            self.words += len(re.findall(r"\w+", text))
            self.queued += sum(
                len(re.findall(r"\w+", text[f.start : f.end]))
                for f in finds
                if f.certainty == "review"
            )

    def rate(self, *kinds):
        chosen = kinds or tuple(self.all)
        return sum(self.touched[k] for k in chosen) / sum(self.all[k] for k in chosen)


DIRECT = ("PHONE", "EMAIL", "CF", "ID", "IBAN", "HANDLE", "ADDRESS")


@pytest.fixture(scope="session")
def passphrase():
    return "five words that differ much"


NOTES = {
    "P1-R1": "She trusts nobody yet. “I keep my bag closed on the bus.” She counts her stops.",
    "P1-R2": "She talks to one woman now. “I keep my bag closed, but less.” She laughed.",
    "P2-R1": "He sews hems. “The needle is louder than my head today.” He is calm.",
    "P2-R2": "He teaches the others. “Ask me where the thread is kept.” He stays late.",
    "P3-R1": "She is new here. “My sister phones me every night at ten.” She looks tired.",
    "P3-R2": "She smiles at the door. “I found the exit and then I sat down.” She stays.",
}


def small_study(*, corpus="real", privacy=None, consent=None, participants=None, **more):
    """Three people, two rounds, in which everything can be counted."""
    people = participants or [{"participant": f"P{i}", "group": "g"} for i in (1, 2, 3)]
    interviews = [
        {"interview": i, "participant": i[:2], "round": i[3:], "language": "en"} for i in NOTES
    ]
    if consent is not None:
        interviews = [
            {**row, "quote_consent": consent.get(row["interview"], "")} for row in interviews
        ]
    tables = {
        "codebook": [{"id": "trust"}, {"id": "calm"}],
        "codings": [
            {"interview": "P1-R1", "start": 0, "end": 22, "code": "trust", "memo": ""},
            {"interview": "P2-R1", "start": 14, "end": 55, "code": "calm"},
        ],
        **more,
    }
    return qq.Study.from_tables(
        title="Three people", corpus=corpus, rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=people, interviews=interviews, notes=NOTES,
        settings={"privacy": privacy} if privacy else None, **tables,
    )  # fmt: skip


@pytest.fixture
def study_of():
    return small_study
