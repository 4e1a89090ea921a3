"""A study small enough to count by hand, for the examples in the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quidqual.study.model import Study


def tiny_study() -> Study:
    """Build a study of two people and two rounds, one interview missed (invented).

    ``P1`` (a survivor, as the group is called) speaks of trust only in the second round;
    ``P2`` (staff) speaks of trust in the first and misses the second. Work is asked of
    survivors only.

    Examples
    --------
    >>> tiny_study().participants["participant"].tolist()
    ['P1', 'P2']
    """
    from quidqual.study.model import Study

    notes = {
        "P1-R1": "She likes her work. She says little else.\n",
        "P1-R2": "The work goes on. She says: “I trust one of them.”\n",
        "P2-R1": "He wants to build trust with everyone.\n",
    }
    marks = [
        ("P1-R1", "likes her work", "work"),
        ("P1-R2", "The work goes on", "work"),
        ("P1-R2", "I trust one of them", "trust"),
        ("P2-R1", "build trust", "trust"),
    ]
    return Study.from_tables(
        title="Two people, two rounds",
        corpus="synthetic",
        rounds=[
            {"round": "R1", "label": "First", "start": "2021-05-01", "end": "2021-05-31"},
            {"round": "R2", "label": "Second", "start": "2021-07-01", "end": "2021-07-31"},
        ],
        participants=[
            {"participant": "P1", "role": "survivor", "group": "survivor", "language": "en"},
            {"participant": "P2", "role": "trainer", "group": "staff", "language": "en"},
        ],
        interviews=[
            _interview("P1", "R1", "2021-05-03", "held"),
            _interview("P1", "R2", "2021-07-05", "held"),
            _interview("P2", "R1", "2021-05-04", "held"),
            _interview("P2", "R2", None, "missed"),
        ],
        notes=notes,
        codebook=[
            {"id": "ties", "label": {"en": "Ties"}, "codable": False},
            {"id": "trust", "parent": "ties", "label": {"en": "Trust"}},
            {"id": "daily", "label": {"en": "Daily life"}, "codable": False},
            {
                "id": "work",
                "parent": "daily",
                "label": {"en": "Work"},
                "asked": {"groups": ["survivor"]},
            },
        ],
        codings=[
            {
                "coder": "A",
                "interview": interview,
                "start": notes[interview].index(words),
                "end": notes[interview].index(words) + len(words),
                "code": code,
            }
            for interview, words, code in marks
        ],
    )


def _interview(participant: str, round_: str, date: str | None, status: str) -> dict[str, object]:
    """Write one row of the table of interviews."""
    held = status == "held"
    return {
        "interview": f"{participant}-{round_}",
        "participant": participant,
        "round": round_,
        "date": date,
        "language": "en",
        "mode": "in person" if held else None,
        "minutes": 50 if held else None,
        "status": status,
        "note": f"notes/{participant}-{round_}.md" if held else None,
    }
