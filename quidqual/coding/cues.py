"""Negation and speculation near a hit: shown for review, never acted upon.

Rules in the manner of NegEx: a cue reaches a few words to its right (or left) until a word
that ends its scope. They are wrong often enough (rules that scored 24 of 24 on the examples
they were written from scored 10 of 20 on new ones) that a hit is only ever *flagged*.

References
----------
Chapman, W. W. et al. (2001). A simple algorithm for identifying negated findings and
diseases in discharge summaries. Journal of Biomedical Informatics 34, 301-310.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from quidqual.coding.engine import Engine
from quidqual.coding.patterns import parse
from quidqual.coding.tokens import Token, breaks_in, tokenise

Kind = Literal["negation", "speculation"]


@dataclass(frozen=True)
class Cue:
    """A pattern that flags hits near it.

    Attributes
    ----------
    pattern : str
        In the pattern language; with a leading ``!`` it is a pseudo-cue (*not only*).
    kind : {"negation", "speculation"}
        What it says of the hit.
    before : bool
        The hit stands before the cue (*it is over*) and not after it.
    reach : int
        At most so many words between the cue and the hit.
    """

    pattern: str
    kind: Kind = "negation"
    before: bool = False
    reach: int = 5


class Flag(NamedTuple):
    """What a cue says of a hit: kind, place of the cue, place of its scope."""

    kind: str
    cue_start: int
    cue_end: int
    scope_start: int
    scope_end: int


def _cues(negation: str, past: str, speculation: str, pseudo: str) -> tuple[Cue, ...]:
    def split(text: str) -> list[str]:  # "no:1": at most one word between
        return [part.strip() for part in text.split(",")]

    return (
        *(Cue(p, reach=int(n or 5)) for p, _, n in (x.partition(":") for x in split(negation))),
        *(Cue(p, before=True, reach=2) for p in split(past)),
        *(Cue(p, "speculation", reach=6) for p in split(speculation)),
        *(Cue("!" + p, kind) for p in split(pseudo) for kind in ("negation", "speculation")),
    )


CUES: dict[str, tuple[Cue, ...]] = {
    "en": _cues(
        "not, don't|doesn't|didn't|isn't|wasn't|aren't|weren't|haven't|hasn't|hadn't, "
        "cannot|can't|couldn't|won't|wouldn't|shouldn't, never, no:1, nor, neither, without, "
        "nobody, no one, nothing, none, hardly|barely|scarcely, no longer, far from, anything but, "
        "lack* of, stopped|stops|stop|ceased, instead of, rather than, "
        "free of|from, unable to, refus* to",
        "gone, is|was over, (has) passed, disappeared, vanished",
        "may|might, maybe|perhaps|possibly|probably, seem*, appear* to, as if, would like, hope*, "
        "wish*, if|whether, could be, suppose*, unsure, impression, wonder*, guess*",
        "not only, not just, no doubt, no wonder, not to mention, nothing but, not without",
    ),
    "it": _cues(
        "non, mai, né, senza, nessun*:1, niente|nulla, neanche|nemmeno|neppure, "
        "smesso|smette|smettere di, tutt'altro che, mica, mancanza di, manca*, priv* di, anziché, "
        "invece di, piuttosto che, incapace di, rifiut* di",
        "passat*|sparit*|finit*|svanit*, mica, non c'è più, non c'era più",
        "forse|magari|probabilmente, sembra*|pare|pareva, può darsi, come se, vorrebbe|vorrei, "
        "spera*|spero, se, chissà, a quanto pare, dovrebbe|potrebbe, impressione, chiede|chiedo se",
        "non solo|soltanto|solamente, senza dubbio, non vede l'ora, non appena, non a caso, "
        "nient'altro che",
    ),
}
ENDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        {
            "though",
            "who",
            "because",
            "while",
            "however",
            "which",
            "so",
            "except",
            "yet",
            "but",
            "although",
        }
    ),
    "it": frozenset(
        {
            "pero'",
            "tuttavia",
            "benche'",
            "mentre",
            "perche'",
            "ma",
            "tranne",
            "eppure",
            "salvo",
            "sebbene",
            "anzi",
            "quindi",
        }
    ),
}


class Flagger:
    """Finds the cue that bears on a hit, for one language.

    Parameters
    ----------
    language : str
        Decides the words that end a scope, and the cues if none are given.
    cues : sequence of Cue, optional
        In place of :data:`CUES`.

    Examples
    --------
    >>> text = "Non mi sento sicura."
    >>> flag = Flagger("it").flag(text, [(13, 19)])[0]
    >>> flag.kind, text[flag.cue_start:flag.cue_end]
    ('negation', 'Non')
    """

    def __init__(self, language: str, cues: Sequence[Cue] | None = None) -> None:
        base = language.split("-")[0]
        chosen = tuple(CUES.get(base, ()) if cues is None else cues)
        self.cues = tuple(c for c in chosen if not c.pattern.startswith("!"))
        ordered = (*self.cues, *(c for c in chosen if c.pattern.startswith("!")))
        self.engine = Engine([parse(c.pattern).of(code=c.kind, language=base) for c in ordered])
        self.ends = ENDS.get(base, frozenset())

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[Flag | None]:
        """Give for each hit the cue that bears on it: negation first, then the nearest."""
        return dict(self.flag_many([text], [hits])).get(0, [None] * len(hits))

    def flag_many(
        self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[tuple[int, list[Flag | None]]]:
        """Do the same for many texts, each with its hits; give those that hold a cue at all."""
        for i, found in self.engine.scan(texts) if self.cues else ():
            yield i, [self._nearest(texts[i], start, end, found) for start, end in hits[i]]

    def _nearest(self, text: str, start: int, end: int, found: Sequence) -> Flag | None:
        best: tuple[bool, int, Flag] | None = None
        for hit in found:
            cue = self.cues[hit.pattern]
            between = (end, hit.start) if cue.before else (hit.end, start)
            distance = between[1] - between[0]
            if distance < 0 or distance > 40 * (cue.reach + 1):
                continue
            rank = (cue.kind != "negation", distance)
            if best is not None and best[:2] <= rank:
                continue
            if self._open(text[slice(*between)], cue.reach):
                best = (*rank, Flag(cue.kind, hit.start, hit.end, *self._scope(text, hit, cue)))
        return best[2] if best else None

    def _open(self, between: str, reach: int) -> bool:
        """Whether nothing between cue and hit ends the scope."""
        tokens = tokenise(between)
        return len(tokens) <= reach and not breaks_in(between) and not self._ends_at(tokens)

    def _ends_at(self, tokens: Sequence[Token]) -> bool:
        return any(key in self.ends for token in tokens for key in token.keys)

    def _scope(self, text: str, hit: tuple[int, int, int], cue: Cue) -> tuple[int, int]:
        """Words the cue reaches: from the cue to the first word that ends it."""
        width = 40 * (cue.reach + 1)
        if cue.before:
            base = max(0, hit[0] - width)
            tokens = tokenise(text[base : hit[0]])[::-1]
        else:
            base = hit[1]
            tokens = tokenise(text[base : base + width])
        inside: list[Token] = []
        for token in tokens[: cue.reach + 1]:
            if (inside or cue.before) and token.run != tokens[0].run:
                break
            if token.run != (tokens[0].run if cue.before else 0) or self._ends_at([token]):
                break
            inside.append(token)
        if not inside:
            return (hit[0], hit[0]) if cue.before else (hit[1], hit[1])
        return base + min(t.start for t in inside), base + max(t.end for t in inside)


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
