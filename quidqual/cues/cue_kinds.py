"""What a cue is, and how rows of cues are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from quidqual.coding.hits import KINDS, Kind

__all__ = ["KINDS", "WIDE", "Cue", "Kind"]


WIDE = 8


@dataclass(frozen=True)
class Cue:
    """A pattern that flags hits near it.

    Attributes
    ----------
    pattern : str
        In the pattern language; with a leading ``!`` it is a pseudo-cue (*not only*).
    kind : {"negation", "hypothetical", "past_only"}
        What it says of the hit. Who is meant (``other_person``) has no cues of its own: it is
        read off the subject of the clause.
    before : bool
        The hit stands before the cue (*it is over*) and not after it.
    reach : int
        At most so many words between the cue and the hit, all in one clause.
    subject : bool
        A determiner (*no*): where it begins the clause it denies the whole of it, however
        short its reach is elsewhere.
    first : bool
        A cue only where it begins its clause (*once*, *mai ... così*).
    phrase : bool
        A preposition (*without*): its reach ends where a clause begins.
    turns : bool
        It denies by its meaning (*lose, doubt, without*): after another denial, none is left.
    past : bool
        A cue only in a clause whose verb is in the past (*una volta*, *before the move*).
    answer : bool
        What answers a question or a few words without a verb (*Safe? Forget it*).
    across : bool
        Reaches every clause of its sentence, on either side (*rolling her eyes*).
    """

    pattern: str
    kind: Kind = "negation"
    before: bool = False
    reach: int = WIDE
    subject: bool = False
    first: bool = False
    phrase: bool = False
    turns: bool = False
    past: bool = False
    answer: bool = False
    across: bool = False


_NOT = (
    "not|never|don't|doesn't|didn't|isn't|wasn't|aren't|weren't|"
    "haven't|hasn't|hadn't|can't|cannot|couldn't|won't|wouldn't|shouldn't"
)


# What is known, noticed or suspected holds whether or not anyone knows it.
_KNOW = (
    "know|knows|knew|imagine|imagines|imagined|realise|realises|realised|realize|realizes|"
    "realized|see|sees|saw|guess|guesses|guessed|understand|understands|understood|suspect|"
    "suspects|suspected|notice|notices|noticed|appreciate|appreciates|dreamt|sense|senses"
)
_SA = (
    "immagina|immaginano|immaginava|immaginare|immaginerebbe|indovinerebbe|crederebbe|visto|sa|"
    "sanno|sapeva|sapevano|sapere|seppe|saputo|capisce|capiscono|capiva|capito|capire|vede|"
    "vedono|vedeva|sospetta|sospettava|sospettano|accorge|accorto|accorti|accorgeva|conto|nota|"
    "notato|intuisce|intuiva|indovina"
)


def _whole(patterns: str) -> list[str]:
    """The patterns of a row, with the classes of words written out."""
    for name, words in (("NOT", _NOT), ("KNOW", _KNOW), ("SANNO", _SA)):
        patterns = patterns.replace(name, words)
    return patterns.split(",")


def cues_of(patterns: str, **how: Any) -> tuple[Cue, ...]:
    """One cue a pattern; ``lost:3`` reaches three words and not as far as the others."""
    rows = []
    for part in _whole(patterns):
        pattern, _, reach = part.strip().partition(":")
        cue = Cue(pattern, **how)
        rows.append(replace(cue, reach=int(reach)) if reach else cue)
    return tuple(rows)


def pseudo(patterns: str, *kinds: Kind) -> tuple[Cue, ...]:
    """Rows of what looks like a cue of these kinds and is none."""
    chosen: tuple[Kind, ...] = kinds or ("negation",)
    return tuple(Cue("!" + p.strip(), kind) for p in _whole(patterns) for kind in chosen)


def ended(patterns: str, **how: Any) -> tuple[Cue, ...]:
    """What has ended is denied now and was so once."""
    return cues_of(patterns, **how) + cues_of(patterns, kind="past_only", **how)
