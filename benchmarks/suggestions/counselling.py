"""A public data set as a study: AnnoMI, counselling talks with expert codes, each of other people.

Not part of this repository. It is the file ``AnnoMI-full.csv`` of github.com/uccollab/AnnoMI
(Wu, Z. et al. (2023). Creation, analysis and evaluation of AnnoMI. Future Internet 15(3), 110).
The first annotation of each utterance counts. The patterns were written from the names of the codes,
before the talks were looked at.
"""

from __future__ import annotations

import csv
from pathlib import Path

import quidqual as qq

CODES = {
    "input_information": ("information", ["percent", "studies", "research", "risk", "according"]),
    "input_advice": ("advice", ["should", "recommend", "suggest", "try to", "need to", "important to"]),
    "input_negotiation": ("negotiation", ["would you be willing", "agree", "plan", "goal", "next time"]),
    "input_options": ("options", ["could", "options", "option", "another way", "or you could"]),
    "reflection_simple": ("simple", ["so you", "you feel", "you said", "it sounds like", "okay so"]),
    "reflection_complex": ("complex", ["it sounds like", "part of you", "on the one hand", "you're worried"]),
    "question_open": ("open", ["what", "how", "tell me", "why"]),
    "question_closed": ("closed", ["do you", "are you", "have you", "is it", "is that", "can you", "did you"]),
    "talk_change": ("change", ["i want to", "i need to", "i could", "i will", "i'm going to", "i'll"]),
    "talk_sustain": ("sustain", ["i can't", "i don't want", "i don't think", "hard to", "i like"]),
}  # fmt: skip
COLUMNS = {
    "input": "therapist_input_subtype", "reflection": "reflection_subtype",
    "question": "question_subtype", "talk": "client_talk_type",
}  # fmt: skip


def counselling(path: Path, *, talks: int = 60) -> qq.Study:
    """Make a study of the first talks: turns as they were spoken, a coding an utterance and code."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = {(int(r["transcript_id"]), int(r["utterance_id"])): r for r in reversed(list(csv.DictReader(file)))}  # fmt: skip
    chosen = sorted({talk for talk, _ in rows})[:talks]
    notes, codings = {}, []
    for talk in chosen:
        name, note = f"T{talk}", ""
        for _, row in sorted((at, r) for (t, at), r in rows.items() if t == talk):
            note += f"{row['interlocutor'].title()}: "
            words = " ".join(row["utterance_text"].split())
            for code, (value, _) in CODES.items():
                if row[COLUMNS[code.split("_")[0]]] == value:
                    codings.append({"interview": name, "start": len(note),
                                    "end": len(note) + len(words), "code": code})  # fmt: skip
            note += words + "\n\n"
        notes[name] = note
    book = [{"id": theme, "codable": False} for theme in COLUMNS]
    book += [
        {"id": code, "parent": code.split("_")[0], "patterns": {"en": patterns}}
        for code, (_, patterns) in CODES.items()
    ]
    return qq.Study.from_tables(
        title="AnnoMI", corpus="real", rounds=["R1"], codebook=book, notes=notes, codings=codings,
        participants=[{"participant": n, "group": "talks", "language": "en"} for n in notes],
        interviews=[{"interview": n, "participant": n, "round": "R1", "language": "en"} for n in notes],
        settings={"speech": {"turns": True}},
    )  # fmt: skip
