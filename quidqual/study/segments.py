"""Cutting notes into segments: where sentences end, in each paragraph, item or turn."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from quidqual.study.speech import SpeechRules, note_speech, speech_of, speech_rules
from quidqual.study.text import trimmed

_MOST_MARKS = 5_000  # sentencex takes time with the square of quotation marks left open
_MARKS = str.maketrans("“”„«»‘‚\"'", "         ")
_OPENING = "“„«»‘‚([¿¡\"'—–-* "
_LABEL = re.compile(r"\W*(?:\d{1,3}|[^\W\d_])(?:\.(?:-?[^\W\d_]\.)?|\))\s*$")
_BEFORE_NUMBER = {  # abbreviations after which a number belongs to the same sentence
    "": "no nr n num pp p fig figs tab ca cf approx ch vol art sec par",
    "it": "pag pagg int cap art tel",
    "de": "bzw ca inkl zzgl zi kap abs str s nr art tel",
    "es": "pág págs núm aprox cap art tel",
    "fr": "env chap art tél av bd bât",
    "pl": "m nr str pkt art ust ok godz",
    "pt": "pág págs núm aprox cap art tel n.º",
    "el": "σελ αρ κεφ τηλ περ",
}
_BEFORE_NAME = {  # titles and the like, after which a name in capitals goes on
    "": "st ste mt dr prof mr mrs ms rev hon capt lt sgt jr",
    "it": "sig sigg dott ing avv geom prof on uff gent",
    "de": "pfr hr fr frl dr prof inkl zzgl exkl geb ing dipl",
    "es": "sr sra srta hna hno ud uds dña dn avda",
    "fr": "m mm mme mlle dr me mgr bd bât av st ste",
    "pl": "ks dr prof inż mgr św ul al pl os p pp hr lek",
    "pt": "sr sra srta dr dra prof profa eng d av r",
    "el": "κ κα κος δρ καθ αγ οδ",
}
_MAY_END = "etc ecc usw etc u.s.w uvm a.m p.m p. m a. m s.a ee. uu eu.a itp itd"
_END = re.compile(
    r"(?:…|\.\.\.|(?<![?!])[?!]{2,}+|[.?!…][)\]]"  # dots, double signs, a sentence in brackets
    rf"|\b(?:{'|'.join(re.escape(w) for w in _MAY_END.split(' ') if len(w) > 1)})\.)"
    r"\s+(?=[“„«‘(\[¿¡\"]*[^\W\d_])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<=[.?!…])\s+(?=\d{1,2}[.)]\s+[^\W\d_¿¡])")
_PLAIN_END = re.compile(r"(?<=[^\W\d_]{3})[.?!…]+\s+(?=[^\W\d_])")
_TWO_INITIALS = re.compile(r"\b[^\W\d_]\.-[^\W\d_]\.$")
_ORDINAL = re.compile(
    r"\b(?:am|im|vom|zum|beim|ab|bis|seit|dem|den|der|das|die|des|jede[mnrs]?|ein(?:e[mnrs]?)?|,)"
    r"\s*\d{1,2}\.\s*$",
    re.IGNORECASE,
)
# a German sentence may begin with these; an ordinal counts none of them
_NOT_COUNTED = re.compile(
    r"(?:der|die|das|eine?|er|sie|es|wir|ich|ihre?|du|man|dann|danach|da|dort|hier|heute|und|aber"
    r"|auch|als|wenn|weil|so|jetzt|nun|meine?|seine?)\b",
    re.IGNORECASE,
)


def sentence_starts(text: str, language: str) -> list[int]:
    """Find where the sentences of one paragraph begin.

    Parameters
    ----------
    text : str
        One paragraph; a line break counts as a blank.
    language : str
        BCP 47; one that is not known is cut by the general rules.

    Returns
    -------
    list of int
        Offsets in order; the first is 0.

    Examples
    --------
    >>> sentence_starts("Il dott. Rossi mi ha aiutato. Esco.", "it")
    [0, 30]
    """
    from sentencex import get_sentence_boundaries

    flat = text.replace("\n", " ")
    if sum(map(flat.count, '“„«"')) > _MOST_MARKS:
        flat = flat.translate(_MARKS)
    language = language.split("-")[0]
    known = [found["start_index"] for found in get_sentence_boundaries(language, flat)]
    more = [m.end() for m in _END.finditer(flat) if _begins(flat, m.end())]
    if re.match(r"\s*1[.)]\s", flat):  # a numbered list in one line
        more += [m.end() for m in _NUMBERED.finditer(flat)]
    small = flat == flat.lower()  # as people type in a chat: no capital shows where one begins
    if small:
        more += [m.end() for m in _PLAIN_END.finditer(flat)]
    starts = [0]
    for cut, after in pairwise([*sorted({*known, *more} - {0}), len(flat)]):
        cut = _before_marks(flat, cut, starts[-1])
        if cut > starts[-1] and _is_end(flat, starts[-1], cut, after, language, small=small):
            starts.append(cut)
    return starts


def _before_marks(text: str, cut: int, least: int) -> int:
    """An opening mark belongs to the sentence that it opens."""
    while cut > least and text[cut - 1] in "“„«‘([¿¡":
        cut -= 1
    return cut


def _begins(text: str, at: int) -> bool:
    """Tell whether what stands here looks like the beginning of a sentence."""
    first = text[at : at + 12].lstrip(_OPENING)[:1]
    return first.isupper() or text[at] in "¿¡"


def _is_end(text: str, start: int, cut: int, after: int, language: str, *, small: bool) -> bool:
    """Tell whether a sentence ends before a cut; what follows reaches to the next cut."""
    before, ahead = text[start:cut].rstrip(), text[cut:after]
    nexts = ahead.lstrip(_OPENING)[:1]
    if not before or (nexts and ((nexts.islower() and not small) or nexts in ",;:.)ºª!?")):
        return False
    if before[-1] == ";" and language == "el":  # the Greek question mark
        return True
    if before[-1] in ",;:" or (before[-1] == "." and not text[cut - 1].isspace()):
        return False
    if _LABEL.fullmatch(before) or _TWO_INITIALS.search(before[-6:]):  # "1." or "A." alone
        return False
    if before[-1] != ".":
        return True
    word = re.split(r"[\s(\[“„«‘’']", before[:-1])[-1].casefold()
    if nexts.isdigit():
        return word not in _words(_BEFORE_NUMBER, language)
    if word in _words(_BEFORE_NAME, language) and before[-2:-1].isalpha():
        return False
    if language == "de" and _ORDINAL.search(before):
        return not nexts or _NOT_COUNTED.match(ahead.lstrip(_OPENING)) is not None
    return True


def _words(table: dict[str, str], language: str) -> frozenset[str]:
    return frozenset(f"{table['']} {table.get(language, '')}".split())


class Segment(NamedTuple):
    """One segment of a note: place, words and who speaks in which voice."""

    paragraph: int
    start: int
    end: int
    words: str
    speech: str
    speaker: str


def segments_of(text: str, *, language: str, rules: SpeechRules | None = None) -> list[Segment]:
    r"""Cut one note into segments.

    Parameters
    ----------
    text : str
        Canonical text.
    language : str
        Language of the note; decides where sentences end.
    rules : SpeechRules, optional
        How speech is marked; default: as in that language.

    Returns
    -------
    list of Segment
        In order; white space around a segment, and the name before a turn, belong to none.

    Examples
    --------
    >>> [s.words for s in segments_of("She came. “I stay.”", language="en")]
    ['She came.', '“I stay.”']
    >>> [s.words for s in segments_of("She does not\ntrust people.", language="en")]
    ['She does not\ntrust people.']
    """
    note = note_speech(text, rules or speech_rules(language))
    found: list[Segment] = []
    for number, piece in enumerate(note.pieces, 1):
        inner = sentence_starts(text[piece.start : piece.end], language)
        cuts = [*(piece.start + cut for cut in inner), piece.end]
        for start, end in pairwise(cuts):
            start, end = trimmed(text, start, end)
            if start < end:
                voice = speech_of(start, end, note.spans)
                found.append(Segment(number, start, end, text[start:end], voice, piece.speaker))
    return found
