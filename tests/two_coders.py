"""A study of two coders, small enough to count by hand, for the documentation's examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quidqual.study.model import Study

_NOTES = {
    "P1-R1": "She likes her work. She trusts nobody yet. The day is long. She rests.\n",
    "P1-R2": "The work goes on. She trusts one of them. She laughs. It rains.\n",
}
_MARKS = (
    ("A", "P1-R1", "likes her work", "work"),
    ("B", "P1-R1", "She likes her work", "work"),
    ("A", "P1-R1", "trusts nobody", "trust"),
    ("B", "P1-R1", "The day is long", "trust"),
    ("B", "P1-R1", "trusts nobody yet", "trust"),
    ("A", "P1-R2", "The work goes on", "work"),
    ("B", "P1-R2", "work goes on", "work"),
    ("A", "P1-R2", "trusts one of them", "trust"),
    ("B", "P1-R2", "trusts one of them", "trust"),
    ("A", "P1-R2", "She laughs", "trust"),
)


def two_coders(*, approach: str = "coding_reliability", marks: Any = _MARKS) -> Study:
    """Build a study of one person, two rounds and the coders A and B (invented).

    Of eight sentences both mark the same two with work; three each with trust, of which
    they share two.

    Examples
    --------
    >>> two_coders().coders
    ('A', 'B')
    """
    from quidqual.study.model import Study

    codings = [
        {
            "coder": coder,
            "interview": interview,
            "start": _NOTES[interview].index(words),
            "end": _NOTES[interview].index(words) + len(words),
            "code": code,
        }
        for coder, interview, words, code in marks
    ]
    return Study.from_tables(
        title="One person, two rounds, two coders",
        corpus="synthetic",
        approach=approach,
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": "P1", "group": "survivor", "language": "en"}],
        interviews=[
            {"interview": i, "participant": "P1", "round": i[-2:], "language": "en"} for i in _NOTES
        ],
        notes=_NOTES,
        codebook=[{"id": "trust"}, {"id": "work"}, {"id": "rest"}],
        codings=codings,
    )
