"""Matches as the frame that a user sees: words, code, pattern, cue of negation, speech."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from quidqual.coding.engine import Engine
from quidqual.coding.patterns import ANY_LANGUAGE, Pattern
from quidqual.coding.sources import Passages
from quidqual.study.codebook import Codebook
from quidqual.study.first_use import wing
from quidqual.study.speech import speech_of

Kind = Literal["negation", "hypothetical", "past_only", "other_person"]
KINDS: tuple[Kind, ...] = ("negation", "hypothetical", "past_only", "other_person")
"""What a hit may be flagged as, in the order of the columns."""


class Found:
    """Matches of several engines, as rows of numbers, no object for each."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.number: dict[Pattern, int] = {}
        self.languages: dict[str, int] = {}

    def add(
        self, engine: Engine, language: str, at: list[int] | None, rows: Iterable[np.ndarray]
    ) -> None:
        """Take the rows of one engine; ``at`` gives the row of each of its texts."""
        own = [self.number.setdefault(p, len(self.number)) for p in engine.patterns]
        names = [language if p.language == ANY_LANGUAGE else p.language for p in engine.patterns]
        spoken = [self.languages.setdefault(name, len(self.languages)) for name in names]
        numbers, tongues = np.array([own, spoken], dtype=np.int64)
        place = None if at is None else np.array(at, dtype=np.int64)
        for text, start, end, pattern in (part.T for part in rows if len(part)):
            text = text if place is None else place[text]
            kept = [text, start, end, numbers[pattern], tongues[pattern]]
            self.rows.append(np.stack(kept, axis=1))

    def sorted(self) -> np.ndarray:
        """Rows of text, start, end, pattern, language: in the order of the first four."""
        rows = np.concatenate([*self.rows, np.empty((0, 5), np.int64)])
        return rows[np.lexsort(rows.T[3::-1])]


def frame_of(
    found: Found,
    given: Passages,
    book: Codebook,
    cues: Sequence[Any] | None,
) -> pd.DataFrame:
    """Put the matches into the frame that the user sees."""
    at, start, end, pattern, spoken = found.sorted().T
    known, names = list(found.number), list(found.languages)
    rows = list(zip(*(x.tolist() for x in (at, start, end)), strict=True))
    said = [names[number] for number in spoken.tolist()]
    frame = given.rows(at.tolist())
    base = frame["start"].to_numpy(dtype=np.int64)
    carried = [c for c in frame.columns if c not in ("interview", "segment", "start")]
    texts = given.texts
    columns: dict[str, Any] = {
        "interview": frame["interview"],
        "segment": frame["segment"].astype(np.int64),
        "start": base + start,
        "end": base + end,
        "words": pd.Series([texts[i][a:b] for i, a, b in rows], dtype="str"),
    }
    columns |= _names(pattern, known, book)
    columns["language"] = pd.Categorical(said, categories=sorted(set(said)))
    flags = _flag(at, np.stack([start, end], axis=1), spoken, names, texts, cues)
    columns |= _flags(flags, at, texts, base)
    columns |= {name: frame[name] for name in carried}
    if given.spoken:
        columns["speech"] = _speech(
            frame["interview"], columns["start"], columns["end"], given.spoken
        )
    return pd.DataFrame(columns)


def _speech(
    interviews: Iterable[str],
    starts: Iterable[int],
    ends: Iterable[int],
    spans: Mapping[str, list[tuple[int, int]]],
) -> pd.Series:
    """Tell for each hit itself whether it is the participant's words or a paraphrase."""
    said = [speech_of(a, b, spans[i]) for i, a, b in zip(interviews, starts, ends, strict=True)]
    return pd.Series(said, dtype="str")


def _names(pattern: np.ndarray, known: Sequence[Pattern], book: Codebook) -> dict[str, Any]:
    ids, themes = list(book.ids), list(book.themes)
    sources = sorted({p.source for p in known})
    place = {source: i for i, source in enumerate(sources)}

    def take(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)[pattern] if known else pattern

    code = take([ids.index(p.code) for p in known])
    theme = take([themes.index(book.theme_of(p.code)) for p in known])
    return {
        "code": pd.Categorical.from_codes(code, ids, ordered=True),
        "theme": pd.Categorical.from_codes(theme, themes, ordered=True),
        "pattern": pd.Categorical.from_codes(take([place[p.source] for p in known]), sources),
    }


def _flag(
    at: np.ndarray,
    spans: np.ndarray,
    spoken: np.ndarray,
    names: Sequence[str],
    texts: Sequence[str],
    cues: Sequence[Any] | None,
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Flags of the rows that have any; the rows of a text stand together."""
    if cues is not None and not cues:
        return
    reader = wing("cues.flagger")
    for number, language in enumerate(names):
        own = np.flatnonzero(spoken == number)
        if not len(own):
            continue
        new = np.diff(at[own], prepend=-1) != 0
        looked_at = [texts[i] for i in at[own[new]].tolist()]
        made = reader.flagger(language) if cues is None else reader.Flagger(language, cues)
        for i, flags in made.flag_many(looked_at, np.cumsum(new) - 1, spans[own]):
            yield int(own[i]), flags


def _flags(
    flags: Iterable[tuple[int, tuple[Any, ...]]],
    at: np.ndarray,
    texts: Sequence[str],
    base: np.ndarray,
) -> dict[str, Any]:
    """Cue columns."""
    kinds = np.zeros((len(at), len(KINDS)), dtype=bool)
    shown, every = [""] * len(at), [""] * len(at)
    first = np.full(len(at), -1)
    scopes = np.zeros((2, len(at)), dtype=np.int64)
    for i, own in flags:
        text = texts[at[i]]
        words = [text[f.cue_start : f.cue_end] for f in own]
        order = [KINDS.index(f.kind) for f in own]
        kinds[i, order] = True
        first[i], shown[i] = order[0], words[0]
        every[i] = "; ".join(f"{f.kind}: {w}" for f, w in zip(own, words, strict=True))
        scopes[:, i] = own[0][3:]

    def place(values: np.ndarray) -> Any:
        return pd.arrays.IntegerArray(values + base, first < 0)

    negated, hypothetical, past_only, other_person = kinds.T.copy()
    return {
        "negated": negated,
        "hypothetical": hypothetical,
        "past_only": past_only,
        "other_person": other_person,
        "cue_kind": pd.Categorical.from_codes(first + 1, ["", *KINDS]),
        "cue": pd.Series(shown, dtype="str"),
        "cues": pd.Series(every, dtype="str"),
        "scope_start": place(scopes[0]),
        "scope_end": place(scopes[1]),
    }
