"""A study small enough to count by hand: three people, two rounds, two languages."""

import pytest

from quidqual.study.model import Study

NOTES = {
    "A-R1": "She does not trust people. “I trust nobody here.” The trainer is kind.",
    "A-R2": "She trusts her trainer now. “My friends come on Sunday.”",
    "B-R1": "Non si fida di nessuno. “La mia amica è lontana.”",
    "B-R2": "Si fida dell'amica. È sicura che verrà. “Mi sento sicura.”",
    "C-R1": "Nobody asked her. She has no friends and trusts the trainer.",
}
CODEBOOK = [
    {"id": "ties"},
    {
        "id": "trust",
        "parent": "ties",
        "patterns": {"en": ["trust*", "trust* ~2 trainer"], "it": ["fid*", "fiducia"]},
    },
    {"id": "friends", "parent": "ties", "patterns": {"en": ["friend*"], "it": ["amic*"]}},
    {"id": "safety", "patterns": {"en": ["safe*"], "it": ["sicur*", "!sicura che"]}},
]


def coding(interview: str, words: str, code: str, coder: str = "H") -> dict[str, object]:
    start = NOTES[interview].index(words)
    return {
        "coder": coder,
        "interview": interview,
        "start": start,
        "end": start + len(words),
        "code": code,
    }


@pytest.fixture(scope="session")
def study() -> Study:
    people = [("A", "w", "en", 30), ("B", "w", "it", 40), ("C", "s", "en", 50)]
    return Study.from_tables(
        title="Small",
        corpus="synthetic",
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": p, "group": g, "language": x, "age": a} for p, g, x, a in people],
        interviews=[
            {"interview": f"{p}-{r}", "participant": p, "round": r, "language": x,
             "status": "held" if f"{p}-{r}" in NOTES else "missed"}
            for p, _, x, _ in people
            for r in ("R1", "R2")
        ],
        notes=NOTES,
        codebook=CODEBOOK,
        codings=[
            coding("A-R1", "“I trust nobody here.”", "trust"),
            coding("A-R2", "She trusts her trainer now.", "trust"),
            coding("A-R2", "“My friends come on Sunday.”", "friends"),
            coding("B-R1", "Non si fida di nessuno.", "trust"),
            coding("B-R2", "“Mi sento sicura.”", "safety"),
            coding("C-R1", "trusts the trainer", "trust", coder="K"),
        ],
    )  # fmt: skip
