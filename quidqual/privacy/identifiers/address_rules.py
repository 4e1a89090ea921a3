"""Rules for addresses: a word for a street, its name, and a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quidqual.privacy.identifiers.marks import REVIEW, SURE, Mark

_STREET = (
    r"(?:via|viale|v\.le|corso|c\.so|piazza|p\.zza|p\.za|pzza|piazzale|p\.le|piazzetta|vicolo|vico|"
    r"contrà|v\.lo|largo|l\.go|strada|str\.|contrada|c\.da|calle|campo|fondamenta|lungadige|lungotevere|"
    r"lungarno|stradone|località|loc\.|frazione|fraz\.|traversa|salita|circonvallazione|galleria|"
    r"cascina|corte|borgata)"
)
_WORD = r"(?:[A-ZÀ-Þ][\w'’.]*|[IVX]{1,5}|\d{1,2}(?= [A-ZÀ-Þ]))"
_LINK = (
    r"(?:di|del|dello|della|dei|degli|delle|dell['’]|dell|al|alla|alle|ai|da|dal|dalla|e|"
    r"la|il|l['’]|san|s\.)"
)
_NUMBER = (
    r"(?:,? ?(?:n\.|n°|nr\.?|num\.?|civico)? ?\d{1,4}(?: ?/ ?[A-Za-z0-9]{1,3}\b| ?(?:bis|"
    r"ter)\b|[A-Za-z]\b)?)"
)
_INSIDE = (
    r"(?:,? ?(?:int\.?|interno|scala|sc\.|piano|p\.|lotto|appartamento|app\.|pal\.|"
    r"palazzina) ?[A-Za-z0-9]{1,3}\b)"
)
_ITALIAN = re.compile(
    rf"\b(?i:{_STREET}) (?:(?i:{_LINK})[ '’]?)*(?:{_WORD})(?:(?: |['’])(?:(?i:{_LINK}) ?)*{_WORD})*"
    rf"(?P<number>{_NUMBER})?{_INSIDE}*"
)
_SMALL = re.compile(
    r"\b(?:via|viale|corso|piazza|piazzale|vicolo|largo|"
    rf"strada)(?: [a-zà-ÿ'’.]+){{1,4}}{_NUMBER}(?! ?(?:€|euro|anni|ore|mesi))",
)
_BEFORE = re.compile(  # the number first, as who thinks in English writes it; *v.* for *via*
    r"\b\d{1,4},? (?:via|viale|corso|piazza|vicolo|contrà|largo|strada)(?: [a-zà-ÿ'’.]+){1,2}"
    r"|\bv\. ?[a-zà-ÿ'’]{3,}(?: [a-zà-ÿ'’]+)? \d{1,4}\b"
)
_ENGLISH = re.compile(
    r"\b(?:(?:No\.?|Nr\.?) )?(?:\d{1,4}[A-Za-z]?,? )?(?:[A-ZÀ-Þ][\w'’]+ ){1,4}"
    r"(?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Square|Close|Drive|Crescent|Terrace|"
    r"Boulevard|Alley|Court(?= \d))"
    r"(?:,? (?:no\.? ?)?\d{1,4})?\b"
)
_POSTCODE = re.compile(r"\b\d{5}(?= [A-ZÀ-Þ][a-zà-ÿ]+)|\bCAP:? ?\d{5}\b")


def addresses(text: str, language: str) -> Iterator[list[Mark]]:
    """Find addresses, one list a rank, the surest first."""
    found = []
    for place in _ITALIAN.finditer(text):
        sure = bool(place["number"]) or language == "it" or place.group()[0].isupper()
        found.append(Mark(*place.span(), "address", "rule", SURE if sure else REVIEW))
    yield found
    yield [
        Mark(*place.span(), "address", "rule", SURE)
        for pattern in (_BEFORE, _SMALL, _ENGLISH, _POSTCODE)
        for place in pattern.finditer(text)
    ]
