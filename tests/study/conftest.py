"""A study small enough to see whole: two people, two rounds, one interview missed."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "study.toml": """title = "Small"
approach = "codebook"
corpus = "synthetic"
languages = ["en", "it"]
uncoded = "absent"

[[rounds]]
round = "R1"
start = 2021-05-01
end = 2021-05-31

[[rounds]]
round = "R2"
start = 2021-07-01
end = 2021-07-31
""",
    "participants.csv": "participant,role,group,language,age\nP1,a,one,en,30s\nP2,b,two,it,\n",
    "interviews.csv": (
        "interview,participant,round,date,language,mode,minutes,status,note\n"
        "P1-R1,P1,R1,2021-05-03,en,in_person,45,held,notes/P1-R1.md\n"
        "P1-R2,P1,R2,2021-07-05,en,video,50,held,notes/P1-R2.md\n"
        "P2-R1,P2,R1,2021-05-04,it,in_person,61,held,notes/P2-R1.md\n"
        "P2-R2,P2,R2,,it,,,missed,\n"
    ),
    "notes/P1-R1.md": "She likes the work. “I stay,” she says. 🙂 ok\n",
    "notes/P1-R2.md": "Work goes on. She trusts one of them.\n",
    "notes/P2-R1.md": "Perché no? È stanco.\n",
    "codebook.yaml": (
        "codes:\n- {id: ties, codable: false}\n- {id: trust, parent: ties}\n- {id: work}\n"
    ),
    "codings/A.jsonl": (
        '{"op": "add", "id": "c1", "at": "2021-05-04T09:00:00Z", "coder": "A", '
        '"interview": "P1-R1", "start": 10, "end": 18, "exact": "the work", "code": "work"}\n'
        '{"op": "add", "id": "c2", "at": "2021-07-06T09:00:00Z", "coder": "A", '
        '"interview": "P1-R2", "start": 18, "end": 24, "exact": "trusts", "code": "trust"}\n'
    ),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Folder of the small study, free to be damaged."""
    folder = tmp_path / "small"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


@pytest.fixture
def damage(small: Path):
    """Replace words of one file of the small study and list what is wrong then."""

    def replace(name: str, old: str, new: str):
        import quidqual as qq

        path = small / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new).encode("utf-8"))
        return qq.validate(small)

    return replace
