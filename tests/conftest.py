"""What every test may use."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import settings

from quidqual.study.codebook import Codebook
from quidqual.study.speech import verbatim_spans

settings.register_profile("quidqual", deadline=None)
settings.load_profile("quidqual")

ROOT = Path(__file__).resolve().parents[1]


def pytest_report_header() -> str:
    """Print the versions that results hang on: nothing may pull pandas below 3."""
    names = ("pandas", "numpy", "scipy", "matplotlib", "spacy", "scikit-learn")
    return "built on " + ", ".join(f"{name} {version(name)}" for name in names)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference values that may not be shipped; says so when they are not there."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("reference data not here: expected a folder 'shared' beside the project")
    return folder


@pytest.fixture(scope="module")
def browser():
    """A real Chromium; one at a time in a process.

    Playwright runs an event loop as long as it is open, and refuses to start inside another. So
    there is one fixture for all, and it ends with each file: what runs next finds no loop.
    """
    path = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if path is None:
        required = os.environ.get("QUIDQUAL_REQUIRE_BROWSER") == "1"
        (pytest.fail if required else pytest.skip)("NOT TESTED IN A BROWSER: no Chromium here")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags)
        yield opened
        opened.close()


def make_study(
    *,
    rounds=("R1", "R2", "R3"),
    people=(
        ("S1", "survivor", "survivor"),
        ("S2", "survivor", "survivor"),
        ("T1", "staff", "trainer"),
    ),
    not_held=None,
    codings=(),
    codebook=None,
    constructs=(),
    texts=None,
    primary=None,
    order=None,
    read=None,
    settings=None,
):
    """A stand-in with the frames of a study; codings are (coder, interview, code[, start, end, ...]).

    ``read`` maps a coder to the interviews she marked as read; without it everything is read by A.
    """
    not_held, texts = not_held or {}, texts or {}
    book = Codebook(
        codebook
        or [
            {"id": "ties", "codable": False},
            {"id": "trust", "parent": "ties"},
            {"id": "friends", "parent": "ties"},
            {"id": "self", "codable": False},
            {"id": "past", "parent": "self", "asked": {"groups": ["survivor"]}},
            {"id": "workshop", "parent": "self", "asked": {"rounds": ["R3"]}},
        ],
        constructs=constructs,
    )
    participants = pd.DataFrame(people, columns=["participant", "group", "role"]).assign(
        language="en", corpus="synthetic"
    )
    interviews = pd.DataFrame(
        [
            (f"{p}-{r}", p, r, not_held.get(f"{p}-{r}", "held"))
            for p, _, _ in people
            for r in rounds
        ],
        columns=["interview", "participant", "round", "status"],
    )
    interviews["round"] = pd.Categorical(interviews["round"], categories=rounds, ordered=True)
    held = interviews[interviews["status"] == "held"]
    notes = held.assign(
        text=[texts.get(i, "A note with “a word” in it. " * 20) for i in held["interview"]]
    )
    notes = notes.merge(participants[["participant", "group", "language"]], on="participant")
    rows = []
    for number, coding in enumerate(codings):
        coder, interview, code, *rest = coding
        start, end, source, speech, weight, anchor = [
            *rest, *[number * 2, number * 2 + 1, "hand", "paraphrase", None, "exact"][len(rest):]
        ]  # fmt: skip
        rows.append(
            (f"id{number:05d}", coder, interview, start, end, code, source, speech, weight, anchor)
        )
    table = pd.DataFrame(
        rows,
        columns=[
            "id",
            "coder",
            "interview",
            "start",
            "end",
            "code",
            "source",
            "speech",
            "weight",
            "anchor",
        ],
    ).astype({"start": "int64", "end": "int64", "weight": "Float64"})
    table = table.merge(
        interviews[["interview", "participant", "round"]], on="interview", how="left"
    )
    table = table.merge(
        participants[["participant", "group", "language"]], on="participant", how="left"
    )
    exact = [
        texts.get(i, "x" * 10_000)[s:e]
        for i, s, e in zip(table["interview"], table["start"], table["end"], strict=True)
    ]
    table = table.assign(exact=exact, corpus="synthetic")
    if order is not None:
        table = table.iloc[order(len(table))].reset_index(drop=True)

    def notes_read(coder=None, *, uncoded=None):
        if uncoded == "not_observed":  # only what was coded or marked
            who = {coder} if isinstance(coder, str) else set(coder or table["coder"])
            marked = (read or {}).items()
            coded = table.loc[table["coder"].isin(who), "interview"]
            return frozenset({*coded, *(i for c, own in marked if c in who for i in own)})
        everybody = [primary] if primary else [*table["coder"], *(read or {}), "A"]
        wished = everybody if coder is None else [coder] if isinstance(coder, str) else coder
        return frozenset().union(*(_read_by(c, read, held, table) for c in wished))

    def text(interview):
        return notes.set_index("interview").loc[interview, "text"]

    return SimpleNamespace(
        participants=participants,
        interviews=interviews.assign(corpus="synthetic"),
        notes=notes.assign(corpus="synthetic"),
        codings=table,
        codebook=book,
        rounds=pd.DataFrame({"round": list(rounds), "label": list(rounds)}),
        corpus="synthetic",
        mark="synthetic",
        primary_coder=primary,
        settings=settings or {},
        coders=tuple(sorted({*table["coder"], *(read or {}), "A"})),
        notes_read=notes_read,
        text=text,
        verbatim=lambda interview: verbatim_spans(text(interview)),
    )


def _read_by(coder, read, held, table):
    """What a coder read: everything by A, unless said otherwise, and where a coding is."""
    marked = {"A": held["interview"]} if read is None else read
    return {*marked.get(coder, ()), *table.loc[table["coder"] == coder, "interview"]}


@pytest.fixture
def study_of():
    """The maker of stand-in studies."""
    return make_study
