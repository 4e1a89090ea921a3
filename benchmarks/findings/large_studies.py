"""Two studies as large as they come, the same each time; every word and figure is made up.

*people*: 500 people in 6 rounds, 40 codes, 28,800 codings (a second coder on a tenth of the notes)
and 66 claims. *documents*: 30 long documents, 230 codes, 753 codings and 66 claims, as an imported
project has them. The sentences follow the word statistics of the example's English notes.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import Any

from made_claims import claims_of

import quidqual as qq


def sentences(n: int, seed: int) -> list[str]:
    """Sentences in which each word is one that follows the word before it in the example."""
    segments = qq.load_example().segments
    follows: dict[str, list[str]] = defaultdict(list)
    for text in segments.loc[segments["language"] == "en", "words"]:
        words = text.strip("“”").split()
        for a, b in zip(["", *words], [*words, ""], strict=True):
            follows[a].append(b)
    draw, made = random.Random(seed), []
    while len(made) < n:
        word, words = draw.choice(follows[""]), []
        while word and len(words) < 30:
            words.append(word.strip(".!?“”"))
            word = draw.choice(follows[word])
        if len(words) > 3:
            made.append(" ".join(words) + ".")
    return made


def _book(n: int, said: list[str], draw: random.Random) -> qq.Codebook:
    """Give each code a theme and two words of the talk as its patterns."""
    themes = [{"id": f"t{j}", "label": f"Theme {j}", "codable": False} for j in range(n // 8)]
    counts = Counter(word.lower() for text in said for word in text.strip(".").split())
    words = [w for w, k in counts.most_common(60 + 3 * n)[60:] if w.isalpha()]
    draw.shuffle(words)
    codes = [
        {"id": f"c{j}", "label": f"Code {j}", "parent": f"t{j % len(themes)}",
         "definition": f"About matter {j}.", "patterns": {"en": words[2 * j : 2 * j + 2]}}
        for j in range(n)
    ]  # fmt: skip
    states = [{"id": f"s{j}", "any_of": [f"c{j}"]} for j in range(3)]
    return qq.Codebook(themes + codes, constructs=[{"id": "view", "states": states}])


def _coded(name: str, text: str, code: qq.Code, draw: random.Random, coder: str) -> dict[str, Any]:
    """Code one of the sentences of a note: one with a word of the code, if there is one."""
    ends = [i + 1 for i, letter in enumerate(text) if letter == "."]
    spans = list(zip([0, *(end + 1 for end in ends)], ends, strict=False))
    own = set(code.patterns["en"])
    telling = [(a, b) for a, b in spans if own & set(text[a : b - 1].lower().split())]
    start, end = draw.choice(telling or spans)
    return {"interview": name, "start": start, "end": end, "code": code.id, "coder": coder}


def of_people(people: int = 500, missed: float = 0.03) -> tuple[qq.Study, str]:
    """500 people x 6 rounds x 40 codes, nine codes a note by A and on a tenth of them by B."""
    draw, fate = random.Random(1), random.Random(4)
    said = sentences(60 * people, 1)
    book = _book(40, said, draw)
    codes = [book[code] for code in book.codable]
    talks, notes, codings = [], {}, []
    for i in range(6 * people):
        person, round_ = divmod(i, 6)
        name = f"P{person}-R{round_}"
        talk = {"interview": name, "participant": f"P{person}", "round": f"R{round_}"}
        if fate.random() < missed:
            talks.append({**talk, "status": "missed"})
            continue
        talks.append(
            {**talk, "language": "en", "mode": "video" if i % 7 == 0 else "in person",
             "minutes": draw.randrange(20, 90), "date": f"2021-0{round_ + 1}-{1 + person % 28:02d}"}
        )  # fmt: skip
        notes[name] = " ".join(said[10 * i : 10 * i + 10])
        for coder in "AB" if i % 10 == 0 else "A":
            for code in draw.sample(codes, 9):
                codings.append(_coded(name, notes[name], code, draw, coder))
    table = [
        {"participant": f"P{i}", "group": "ab"[i % 2], "language": "en",
         "role": "adviser" if i % 3 == 0 else "member", "age_band": f"{2 + i % 4}0s"}
        for i in range(people)
    ]  # fmt: skip
    covered = [talk["interview"] for talk in talks[::10] if talk["interview"] in notes]
    return _with_claims(
        said, title=f"{people} people", rounds=[{"round": f"R{r}"} for r in range(6)],
        participants=table, interviews=talks, notes=notes, codebook=book, codings=codings,
        settings={"primary_coder": "A", "uncoded": "absent", "coders": {"B": {"covers": covered}}},
    )  # fmt: skip


def of_documents() -> tuple[qq.Study, str]:
    """30 documents of 150 sentences, each a participant, 230 codes and 753 codings."""
    draw = random.Random(2)
    said = sentences(4500, 2)
    book = _book(230, said, draw)
    codes = [book[code] for code in book.codable]
    names = [f"D{i}" for i in range(30)]
    notes = {d: " ".join(said[150 * i : 150 * i + 150]) for i, d in enumerate(names)}
    common = [round(min(229, draw.expovariate(1 / 40))) for _ in range(753)]
    codings = [
        _coded(d, notes[d], codes[code], draw, "A")
        for code in common
        for d in draw.sample(names, 1)
    ]  # fmt: skip
    return _with_claims(
        said, title="30 documents", rounds=[{"round": "R1"}],
        participants=[{"participant": d, "group": "documents", "language": "en"} for d in names],
        interviews=[{"interview": d, "participant": d, "round": "R1", "language": "en"}
                    for d in names],
        notes=notes, codebook=book, codings=codings,
        settings={"primary_coder": "A"},
    )  # fmt: skip


def _with_claims(said: list[str], **tables: Any) -> tuple[qq.Study, str]:
    """Make the study, and the report whose claims it holds."""
    tables |= {"corpus": "synthetic"}
    stated, report = claims_of(qq.Study.from_tables(**tables), said)
    return qq.Study.from_tables(**tables, **stated), report
