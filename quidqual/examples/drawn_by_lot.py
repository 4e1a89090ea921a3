"""An invented study of the size that alluvial, UpSet and network are made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

_ROUNDS = ("R1", "R2", "R3", "R4")
_THEMES = {
    "ties": ("trust", "belonging", "friendship", "family"),
    "work": ("skill", "workload", "pay", "colleagues"),
    "place": ("language", "housing", "transport", "documents"),
    "outlook": ("doubt", "waiting", "plans"),
}
_STAGES = ("doubt", "waiting", "plans")
_MISSED = 0.08


def larger_study(people: int = 120, *, seed: int = 7) -> Study:
    """Draw a study by lot: four rounds, fifteen codes, one construct of three states.

    Its notes say nothing but which code was drawn, so nobody can take them for words of
    anyone. Codes of one theme come together more often than others, and people move from
    doubt over waiting to plans, some of them back.

    Parameters
    ----------
    people : int
        How many participants, in turn of the groups ``north`` and ``south``.
    seed : int
        The same seed draws the same study.

    Examples
    --------
    >>> study = larger_study(4)
    >>> study.corpus, len(study.participants), len(study.interviews)
    ('synthetic', 4, 16)
    """
    from quidqual.study.model import Study

    rng = np.random.default_rng(seed)
    participants = [
        {"participant": f"P{i + 1}", "role": "resident", "group": ("north", "south")[i % 2],
         "language": "en"}
        for i in range(people)
    ]  # fmt: skip
    interviews: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    codings: list[dict[str, Any]] = []
    for row in participants:
        stage = int(rng.integers(0, 2))
        leaning = rng.beta(1.2, 2.2, size=len(_THEMES) - 1)
        for number, round_ in enumerate(_ROUNDS):
            stage = int(np.clip(stage + rng.choice([-1, 0, 1], p=[0.15, 0.45, 0.4]), 0, 2))
            held = bool(rng.random() > _MISSED)
            interview = _interview(row["participant"], round_, number, held)
            interviews.append(interview)
            if held:
                spoken = [*_spoken(rng, leaning), [_STAGES[stage]]]
                name = interview["interview"]
                notes[name], marks = _note(spoken)
                codings += [{"coder": "A", "interview": name, **mark} for mark in marks]
    return Study.from_tables(
        title=f"{people} people drawn by lot",
        corpus="synthetic",
        rounds=[
            {"round": name, "label": name, "start": f"2021-{m:02d}-01", "end": f"2021-{m:02d}-28"}
            for name, m in zip(_ROUNDS, (3, 6, 9, 12), strict=True)
        ],
        participants=participants,
        interviews=interviews,
        notes=notes,
        codebook=_codebook(),
        codings=codings,
    )


def _spoken(rng: np.random.Generator, leaning: np.ndarray) -> list[list[str]]:
    """Draw the passages of an interview, each with the codes it carries."""
    passages = []
    for share, theme in zip(leaning, list(_THEMES)[:-1], strict=True):
        drawn = [code for code in _THEMES[theme] if rng.random() < share]
        if drawn:
            passages.append(drawn)
    if len(passages) > 1 and rng.random() < 0.5:
        passages[0].append(passages.pop()[0])  # a passage on two themes
    return passages


def _note(passages: list[list[str]]) -> tuple[str, list[dict[str, Any]]]:
    """Write the note, a sentence a passage, and mark each sentence with its codes."""
    text, marks = "", []
    for codes in passages:
        sentence = f"Drawn by lot: {', '.join(codes)}."
        marks += [
            {"start": len(text), "end": len(text) + len(sentence), "code": code} for code in codes
        ]
        text += sentence + "\n"
    return text, marks


def _interview(participant: str, round_: str, number: int, held: bool) -> dict[str, Any]:
    """Write one row of the table of interviews."""
    name = f"{participant}-{round_}"
    day = 1 + int(participant[1:]) * 7 % 28
    return {
        "interview": name,
        "participant": participant,
        "round": round_,
        "date": f"2021-{3 * number + 3:02d}-{day:02d}" if held else None,
        "language": "en",
        "mode": "in person" if held else None,
        "minutes": 45 if held else None,
        "status": "held" if held else "missed",
        "note": f"notes/{name}.md" if held else None,
    }


def _codebook() -> Codebook:
    from quidqual.study.codebook import Codebook

    codes: list[dict[str, Any]] = []
    for theme, members in _THEMES.items():
        codes.append({"id": theme, "label": {"en": theme.capitalize()}, "codable": False})
        codes += [
            {"id": code, "parent": theme, "label": {"en": code.capitalize()}} for code in members
        ]
    states = [{"id": stage, "any_of": [stage]} for stage in _STAGES]
    return Codebook(codes, constructs=[{"id": "outlook", "states": states}])
