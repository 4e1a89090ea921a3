"""A study small enough to read, with a name for everything that a page must not swallow."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import quidqual as qq

EVIL = "<script>alert('x')</script>"
SECRET = "Nobody coded this sentence about the lake."
NOTES = {
    "P1-R1": f"She came early & sat down. {SECRET}\n\nShe said: “I stay, <b>whatever</b> comes.” Then she left.\n",
    "P1-R2": "Later she said: “I go home.” It was late. She counted the days.\n",
    "P2-R1": "He waited for her. He counts the days too.\n",
}
MARKS = [
    ("P1-R1", "She came early & sat down.", "stay"),
    ("P1-R1", "She said: “I stay, <b>whatever</b> comes.” Then she left.", "stay"),
    ("P1-R1", "I stay, <b>whatever</b> comes", "home"),
    ("P1-R2", "“I go home.”", "home"),
    ("P1-R2", "She counted the days.", "stay"),
    ("P2-R1", "He waited for her.", "stay"),
    ("P2-R1", "He counts the days too.", "stay"),
]
CLAIMS = [
    {
        "id": "C 1",
        "kind": "prevalence",
        "group": "all",
        "page": 3,
        "summary": f"Both stay {EVIL} {{{{ 7*7 }}}}.",
        "stated": {"k": 2, "n": 2},
        "check": {"measure": "prevalence", "codes": ["stay"], "k": 2, "n": 2},
        "against": ["home"],
    },
    {
        "id": "C2",
        "kind": "prevalence",
        "group": "g",
        "summary": "Everyone goes home.",
        "stated": {"k": 2, "n": 2},
        "check": {"measure": "prevalence", "codes": ["home"], "k": 2, "n": 2, "rounds": ["R2"]},
    },
    {
        "id": "C3",
        "kind": "design",
        "summary": "It rained.",
        "stated": {"text": "rain"},
        "not_checkable": "no table holds the weather",
    },
]
RECOMMENDATIONS = (
    {"id": "A", "page": 4, "summary": "Let them stay.", "rests_on": ["C 1", "C2"]},
    {"id": "B", "page": 4, "summary": "Buy umbrellas.", "rests_on": [], "note": "no finding"},
)


def study_of(corpus="synthetic", *, approach="codebook", coders=("A",), reporting=None):
    """Three interviews with two people; the second of P2 was missed."""
    return qq.Study.from_tables(
        title=f"Small {EVIL}",
        corpus=corpus,
        approach=approach,
        settings={"reporting": reporting or {}, "primary_coder": "A"},
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[
            {"participant": "P1", "group": "g", "role": "r", "shoe_size": "41"},
            {"participant": "P2", "group": "g", "role": "r", "shoe_size": "43"},
        ],
        interviews=[
            {"interview": "P1-R1", "participant": "P1", "round": "R1", "date": "2021-05-03"},
            {"interview": "P1-R2", "participant": "P1", "round": "R2", "date": "2021-07-01"},
            {"interview": "P2-R1", "participant": "P2", "round": "R1", "date": "2021-05-04"},
            {"interview": "P2-R2", "participant": "P2", "round": "R2", "status": "missed"},
        ],
        notes=NOTES,
        codebook=[
            {"id": "theme", "label": {"en": f"Theme {EVIL}"}, "codable": False},
            {
                "id": "stay",
                "parent": "theme",
                "label": {"en": "Stays & waits"},
                "examples": ["Kept words."],
            },
            {"id": "home", "parent": "theme", "label": {"en": "Home"}},
        ],
        codings=[
            {
                "coder": coder,
                "interview": interview,
                "start": NOTES[interview].index(words),
                "end": NOTES[interview].index(words) + len(words),
                "code": code,
                "memo": "my memo" if code == "home" else "",
            }
            for coder in coders
            for interview, words, code in MARKS
        ],
        claims=CLAIMS,
        recommendations=RECOMMENDATIONS,
    )


class Page(HTMLParser):
    """What a browser would read: tags with attributes, and text by the classes around it."""

    VOID = frozenset({"meta", "br", "input", "img", "link"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, str]] = []
        self.text: list[tuple[tuple[tuple[str, str], ...], str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if tag not in self.VOID:
            self.open.append((tag, found.get("class", "")))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.text.append((tuple(self.open), data))

    def inside(self, tag: str, class_: str = "") -> str:
        """All text inside elements of a tag (and class)."""
        return "".join(
            text
            for opened, text in self.text
            if any(t == tag and class_ in c.split() if class_ else t == tag for t, c in opened)
        )

    def values(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [found[name] for _, found in self.tags if name in found]

    @property
    def seen(self) -> str:
        """What a reader can see."""
        return "".join(
            text for opened, text in self.text if not {t for t, _ in opened} & {"script", "style"}
        )


@pytest.fixture
def small():
    return study_of()


@pytest.fixture
def real():
    return study_of("real")
