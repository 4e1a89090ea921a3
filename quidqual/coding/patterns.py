"""The pattern language of a codebook: words a person can write, parsed and checked.

========================  =====================================================================
``trust``                 the word, whole, in any case
``small circle``          words in a row
``fiduci*``               a glob: ``*`` stands for any letters, at the end or inside of a word
``trust ~3 nobody``       at most three words between
``(very) sure``           an optional word or words
``small|narrow circle``   either word, once; ``could_not|couldn't`` joins words of one side
``<fidarsi>``             every form whose lemma this is, as :func:`quidqual.expand` shows
``!sicuro che``           an exclusion: a hit of the code that overlaps it is none
``solo[pos=ADJ]``         a constraint: ``pos, tag, dep, lemma, ent_type, morph`` (trained pipeline)
``sure of *``             ``*`` alone: any one word
========================  =====================================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Literal, TypeAlias

from quidqual.coding.lemmas import lemma_key
from quidqual.coding.tokens import APOSTROPHES, Token, breaks_in, is_clitic, tokenise

MAX_GAP, MAX_WORDS, MAX_VARIANTS, MAX_LENGTH = 30, 20, 64, 500
ANY_LANGUAGE = "xx"
ATTRIBUTES = ("pos", "tag", "dep", "lemma", "ent_type", "morph")
# Universal parts of speech: the same in every language, so a slip of the pen can be told.
PARTS_OF_SPEECH = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
_STAR = "\ua78f"  # a letter that stands for * while words are cut

Where: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


class PatternError(Exception):
    """What is wrong with a pattern, and at which character (counted from 1)."""

    def __init__(self, message: str, remedy: str, at: int | None = None) -> None:
        super().__init__(message)
        self.message, self.remedy, self.at = message, remedy, at


@dataclass(frozen=True)
class Word:
    """One way to fill a place in a pattern."""

    kind: Literal["literal", "glob", "lemma", "any"]
    text: str
    where: Where = ()


@dataclass(frozen=True)
class Element:
    """One place in a pattern: any of its words, at most ``gap`` words after the last place."""

    words: tuple[Word, ...]
    gap: int = 0


Sequence_: TypeAlias = tuple[Element, ...]


@dataclass(frozen=True)
class Pattern:
    """A parsed pattern: its variants are tried in order, the most complete first."""

    source: str
    variants: tuple[Sequence_, ...]
    exclude: bool = False
    code: str = ""
    language: str = ANY_LANGUAGE

    @property
    def constrained(self) -> bool:
        """Whether it needs the annotation of a trained pipeline."""
        return any(w.where for v in self.variants for e in v for w in e.words)

    def of(self, *, code: str, language: str) -> Pattern:
        """Say whose pattern it is."""
        return replace(self, code=code, language=language)


@lru_cache(4096)
def parse(source: str) -> Pattern:
    """Parse one pattern.

    Parameters
    ----------
    source : str
        As written in the codebook.

    Returns
    -------
    Pattern
        Its variants in the order in which they are tried.

    Raises
    ------
    PatternError
        If it is malformed, could never match, or would match almost anything.

    Examples
    --------
    >>> pattern = parse("trust ~3 nobody|no-one")
    >>> [[e.words[0].text for e in v] for v in pattern.variants]
    [['trust', 'no', 'one'], ['trust', 'nobody']]
    """
    text = source.strip()
    exclude = text.startswith("!")
    if len(text) > MAX_LENGTH:
        raise PatternError(f"it is longer than {MAX_LENGTH} characters.", "Write several patterns.")
    body = " " + text[1:] if exclude else text
    shift = len(source) - len(source.lstrip())
    nodes = _Reader(body, shift).read()
    if isinstance(nodes[0], int) or isinstance(nodes[-1], int):
        raise PatternError(
            "it begins or ends with a gap, and a gap is what lies between two words.",
            "Remove the ~ at its end, or write the word that follows.",
        )
    variants = _variants(nodes)
    _check(variants)
    return Pattern(source=source.strip(), variants=variants, exclude=exclude)


Node: TypeAlias = "int | list[Node] | tuple[tuple[Word, ...], ...]"


class _Reader:
    """Reads items from left to right: gaps (int), optional groups (list), words (tuple)."""

    def __init__(self, text: str, shift: int) -> None:
        self.text, self.at, self.shift = text, 0, shift

    def read(self, closing: str = "") -> list[Node]:
        nodes: list[Node] = []
        opened = self.at - 1
        while True:
            self._skip()
            here = self.text[self.at : self.at + 1]
            if not here:
                if closing:
                    raise self.error("'(' is not closed.", "Close it with ')'.", opened)
                break
            self.at += 1
            if here == closing:
                break
            if here == ")":
                raise self.error("')' closes nothing.", "Remove it or open '('.", self.at - 1)
            if here == "(":
                nodes.append(self.read(")"))
            elif here == "~":
                nodes.append(self._gap())
            else:
                self.at -= 1
                nodes.append(self._word())
        if not nodes or (closing and all(isinstance(node, int) for node in nodes)):
            raise self.error("it holds no word.", "Write at least one word.", max(opened, 0))
        return nodes

    def error(self, message: str, remedy: str, at: int | None = None) -> PatternError:
        place = (self.at if at is None else at) + 1 + self.shift
        return PatternError(f"at character {place}: {message}", remedy, place)

    def _skip(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1

    def _gap(self) -> int:
        digits = re.compile(r"\d{1,6}").match(self.text, self.at)
        if not digits:
            raise self.error("'~' needs a number.", "Write ~3 for up to three words.", self.at - 1)
        self.at = digits.end()
        if int(digits.group()) > MAX_GAP:
            raise self.error(f"a gap of more than {MAX_GAP} words.", "Use a smaller gap.")
        return int(digits.group())

    def _word(self) -> tuple[tuple[Word, ...], ...]:
        """Alternatives, each a row of words (mostly one)."""
        sides = [self._side()]
        while True:
            mark = self.at
            self._skip()
            if self.text[self.at : self.at + 1] != "|":
                self.at = mark
                return tuple(sides)
            self.at += 1
            self._skip()
            sides.append(self._side())

    def _side(self) -> tuple[Word, ...]:
        start = self.at
        if self.text[self.at : self.at + 1] == "<":
            lemma = re.compile(r"<([^<>\s]+)>").match(self.text, self.at)
            if not lemma:
                raise self.error("'<' opens a lemma that is not closed.", "Write <fidarsi>.")
            self.at = lemma.end()
            words = (Word("lemma", lemma_key(lemma.group(1))),)
            return self._constrained(words)
        plain = re.compile(r"[^\s()|~\[\]<>]*").match(self.text, self.at)
        self.at = plain.end()  # type: ignore[union-attr]
        raw = plain.group()  # type: ignore[union-attr]
        if not raw:
            if self.text[self.at : self.at + 1] == "[":
                return self._constrained((Word("any", "*"),))
            raise self.error("a word is missing here.", "Write a word on both sides of '|'.", start)
        if "!" in raw:
            raise self.error(
                "'!' may only stand first.",
                "Put the exclusion in its own pattern.",
                start + raw.index("!"),
            )
        return self._constrained(self._cut(raw, start))

    def _cut(self, raw: str, start: int) -> tuple[Word, ...]:
        tokens = _tokens(raw.replace("*", _STAR).replace("_", " "))
        if not tokens:
            raise self.error(
                "it has no word that could match.",
                "A sign or an emoji does not count as one.",
                start,
            )
        sign = next((c for c in raw if c in "%@#&\\‰§" or unicodedata.category(c)[0] == "S"), "")
        if sign and sign not in "`´":
            raise self.error(
                f"{sign!r} is a sign, and a match is made of words alone.",
                "Write the word without it (25 for 25%), or the sign in words (per cent).",
                start + raw.index(sign),
            )
        last = not self.text[self.at :].strip()
        if tokens[-1].run or (breaks_in(raw) and not last):
            raise self.error(
                "a sentence ends inside the pattern, so it can never match.",
                "No pattern reaches over the end of a sentence: write two.",
                start,
            )
        keys = [token.keys[0] for token in tokens]
        if raw[-1] in APOSTROPHES and not keys[-1].endswith("'"):
            keys[-1] += "'"  # an elided article: its word follows in the next place
        return tuple(self._single(key, start) for key in keys)

    def _single(self, key: str, start: int) -> Word:
        if _STAR not in key:
            return Word("literal", key)
        text = re.sub(r"\*+", "*", key.replace(_STAR, "*"))
        if text == "*":
            return Word("any", "*")
        if sum(c.isalnum() for c in text) < 2:
            raise self.error(
                f"the glob {text!r} would take in a large part of all words.",
                "Give it at least two letters.",
                start,
            )
        return Word("glob", text)

    def _constrained(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        if self.text[self.at : self.at + 1] != "[":
            return words
        inside = re.compile(r"\[([^\[\]]*)\]").match(self.text, self.at)
        if not inside:
            raise self.error("'[' is not closed.", "Close it with ']'.")
        where: list[tuple[str, tuple[str, ...]]] = []
        for part in inside.group(1).split(","):
            name, _, values = (p.strip() for p in part.partition("="))
            allowed = tuple(v.strip() for v in values.split("|") if v.strip())
            if name not in ATTRIBUTES or not allowed:
                raise self.error(
                    f"the constraint {part.strip()!r} cannot be read.",
                    "Write [pos=ADJ], [tag=...], [dep=...], [lemma=...], [ent_type=...] or "
                    "[morph=Number=Sing].",
                )
            unknown = [v for v in allowed if name == "pos" and v not in PARTS_OF_SPEECH]
            if unknown:
                raise self.error(
                    f"the part of speech {unknown[0]!r} does not exist, so nothing can match.",
                    f"Use one of {', '.join(PARTS_OF_SPEECH)}.",
                )
            if name == "morph" and any("=" not in v for v in allowed):
                raise self.error(
                    f"{part.strip()!r} names no feature with its value.",
                    "Write it as Universal Dependencies do: [morph=Number=Sing].",
                )
            if name == "lemma":
                allowed = tuple(map(lemma_key, allowed))
            where.append((name, allowed))
        self.at = inside.end()
        return (*words[:-1], replace(words[-1], where=tuple(where)))


def _tokens(raw: str) -> list[Token]:
    """Words of an item; one that is nothing but a clitic ('s) is read as behind a word."""
    return tokenise("x" + raw)[1:] if is_clitic(raw) else tokenise(raw)


def _variants(nodes: list[Node]) -> tuple[Sequence_, ...]:
    """Write out optional groups and many-word alternatives: flat sequences only."""
    rows = _expand(nodes)
    flat = dict.fromkeys(_flatten(row) for row in rows)
    return tuple(sorted(flat, key=len, reverse=True))


def _expand(nodes: list[Node]) -> list[list[int | tuple[Word, ...]]]:
    choices: list[list[list[int | tuple[Word, ...]]]] = []
    size = 1
    for node in nodes:
        if isinstance(node, int):
            choice: list[list[int | tuple[Word, ...]]] = [[node]]
        elif isinstance(node, list):
            choice = [*_expand(node), []]
        else:
            single = tuple(side[0] for side in node if len(side) == 1)
            choice = [[single]] if single else []
            choice += [[(word,) for word in side] for side in node if len(side) > 1]
        size *= len(choice)
        if size > MAX_VARIANTS:
            raise PatternError(
                f"it stands for more than {MAX_VARIANTS} phrases.",
                "Write several patterns with fewer optional words.",
            )
        choices.append(choice)
    return [[item for part in row for item in part] for row in product(*choices)]


def _flatten(row: list[int | tuple[Word, ...]]) -> Sequence_:
    elements: list[Element] = []
    gap = 0  # around an optional word left out the larger gap stays, at an end it falls away
    for item in row:
        if isinstance(item, int):
            gap = max(gap, item)
        else:
            elements.append(Element(item, gap if elements else 0))
            gap = 0
    return tuple(elements)


def _check(variants: tuple[Sequence_, ...]) -> None:
    if any(not v for v in variants):
        raise PatternError("all of it is optional.", "Leave at least one word outside of ( ).")
    if any(len(v) > MAX_WORDS for v in variants):
        raise PatternError(f"it has more than {MAX_WORDS} words.", "Shorten it.")
    if any(not any(fixed(e) or _told(e) for e in v) for v in variants):
        raise PatternError(
            "it can match without any word of its own, so nearly everywhere.",
            "Give it at least one word that is not * or optional.",
        )


def fixed(element: Element) -> bool:
    """Whether only certain words can fill the place."""
    return all(word.kind != "any" for word in element.words)


def _told(element: Element) -> bool:
    """Whether ``*`` stands there for few words: those of a lemma or a kind of name."""
    return all(
        any(name in ("lemma", "ent_type") for name, _ in word.where) for word in element.words
    )


def glob_matches(glob: str, key: str) -> bool:
    """Whether a key fits a glob; takes time in proportion to their lengths, whatever the glob.

    Examples
    --------
    >>> glob_matches("fiduci*", "fiducioso"), glob_matches("in*ibile", "incredibile")
    (True, True)
    """
    first, *middle, last = glob.split("*")
    if len(key) < len(first) + len(last) or not key.startswith(first) or not key.endswith(last):
        return False
    at, stop = len(first), len(key) - len(last)
    for part in middle:
        at = key.find(part, at, stop)
        if at < 0:
            return False
        at += len(part)
    return True


def words_of(patterns: Iterable[Pattern]) -> dict[Word, None]:
    """Different words of many patterns, in order, without their constraints."""
    return {
        replace(word, where=()): None
        for pattern in patterns
        for variant in pattern.variants
        for element in variant
        for word in element.words
    }
