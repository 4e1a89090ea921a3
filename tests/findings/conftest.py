"""Studies made by hand, whose findings can be counted on the fingers."""

from __future__ import annotations

import pytest

import quidqual as qq


def make(
    courses, *, codes=("c", "d"), claims=(), missed=(), asked=None, corpus="synthetic", group="g"
):
    """Build a study from courses such as {"P1": {"c": "10", "d": "01"}}: 1 coded, 0 not."""
    length = max(len(word) for course in courses.values() for word in course.values())
    rounds = [f"R{i}" for i in range(1, length + 1)]
    interviews, notes, codings = [], {}, []
    for person, course in courses.items():
        for i, name in enumerate(rounds):
            interview = f"{person}-{name}"
            held = interview not in missed
            interviews.append(
                {
                    "interview": interview,
                    "participant": person,
                    "round": name,
                    "status": "held" if held else "missed",
                }
            )
            if not held:
                continue
            notes[interview] = "".join(f"word{code} " for code in codes)
            for place, code in enumerate(codes):
                if course.get(code, "0" * length)[i] == "1":
                    start = place * (len(code) + 5)
                    codings.append(
                        {
                            "interview": interview,
                            "start": start,
                            "end": start + 4,
                            "code": code,
                            "coder": "A",
                        }
                    )
    book = [
        {"id": code, **({"asked": asked[code]} if asked and code in asked else {})}
        for code in codes
    ]
    people = [{"participant": person, "group": group, "role": "r"} for person in courses]
    return qq.Study.from_tables(
        title="hand-made", corpus=corpus, rounds=[{"round": r} for r in rounds], participants=people,
        interviews=interviews, notes=notes, codebook=book, codings=codings or None, claims=claims,
        settings={"uncoded": "absent"},  # 0 is read and not coded
    )  # fmt: skip


@pytest.fixture(scope="session")
def example():
    return qq.load_example()
