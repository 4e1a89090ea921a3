"""A study where the words of each code are known."""

import numpy as np
import pytest

from quidqual.study.model import Study
from quidqual.suggestions.suggest import Suggestions, suggest

PEOPLE = ["P1", "P2", "P3", "P4", "P5"]
FILLER = [
    "bread",
    "window",
    "market",
    "street",
    "coat",
    "river",
    "garden",
    "letter",
    "kitchen",
    "paper",
    "Sunday",
    "bridge",
]


def build(n_coded: int = 5, *, copies: bool = False) -> Study:
    """Five people; sentences on trust and on money are coded, P1 alone speaks of rare."""
    rng = np.random.default_rng(7)
    notes, codings = {}, []
    for k, person in enumerate(PEOPLE):
        sentences = []
        for i in range(24):
            words = list(rng.choice(FILLER, 5)) + [f"own{person.lower()}"]
            code = ("trust", "money", "")[i % 3]
            words.insert(2, {"trust": "trusting", "money": "wages", "": "weather"}[code])
            if person == "P1" and i < 3:
                words, code = ["unicorns", "sang", *words[:1]], "rare"
            sentence = " ".join(map(str, words)).capitalize() + "."
            sentences.append(
                (
                    "Everyone said this very same sentence here."
                    if copies and i == 0
                    else sentence,
                    code,
                )
            )
        notes[f"{person}-R1"] = " ".join(s for s, _ in sentences)
        at = 0
        for sentence, code in sentences:
            if code and k < n_coded:
                codings.append(
                    {
                        "coder": "H",
                        "interview": f"{person}-R1",
                        "start": at,
                        "end": at + len(sentence),
                        "code": code,
                    }
                )
            at += len(sentence) + 1
    return Study.from_tables(
        title="Toy", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": p, "group": "g"} for p in PEOPLE],
        interviews=[{"interview": f"{p}-R1", "participant": p, "round": "R1", "language": "en"} for p in PEOPLE],
        notes=notes, codebook=[{"id": "trust"}, {"id": "money"}, {"id": "rare"}], codings=codings,
    )  # fmt: skip


@pytest.fixture(scope="session")
def build_toy():
    return build


@pytest.fixture(scope="session")
def toy() -> Study:
    return build(4)


@pytest.fixture(scope="session")
def made(toy) -> Suggestions:
    return suggest(toy)
