"""Rules for what has a form of its own: phones, mails, accounts, documents, plates, links.

A checksum that fails does not make a number harmless: whoever mistyped a fiscal code meant one.
So the form decides what is marked, and the checksum only where a long run of letters and digits
ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quidqual.privacy.identifiers.marks import REVIEW, SURE, Mark
from quidqual.study.errors import QuidqualError

_URL = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"“”»)]+|\b(?:wa\.me|t\.me|fb\.com|[a-z]{2,12}\.com)/[^\s<>\"“”»)]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+'’-])[\w.+'’-]{1,200}@[\w-]+(?:\.[\w-]+)*\.\w{2,}")
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.-])(?:[a-z]{1,2} )?"
    r"(?:[\w.-]{1,40} (?:trattino|dash|hyphen|underscore|basso|punto|dot) ){0,3}"
    r"[\w.-]{1,60} ?(?:\(at\)|\[at\]|\(chiocciola\)|"
    r"\bchiocciola\b|\bat\b) ?[\w-]+"
    r"(?:\.[\w-]+)* ?(?:\.|\(dot\)|\[dot\]|\bdot\b|\bpunto\b) ?"
    r"(?:com|it|org|net|eu|info|ng|al|ro|ua|md|example)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]*\w")
_NICK = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9]+(?:[._][a-z0-9]+)*_[a-z0-9_.]*\w|[a-z]{3,}\d{2,4}(?!\w))",
    re.IGNORECASE,
)
_DIGIT = "[0-9LMNPQRSTUV]"  # letters stand for digits in omocode forms
_FISCAL = re.compile(  # dictated and copied with spaces anywhere
    rf"\b(?:[A-Z] ?){{6}}(?:{_DIGIT} ?){{2}}[ABCDEHLMPRST] ?(?:{_DIGIT} ?){{2}}"
    rf"[A-Z] ?(?:{_DIGIT} ?){{3}}[A-Z]\b",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"\b[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE
)
_ITALIAN_IBAN = re.compile(  # as banks print it: country, check, CIN, ABI, CAB, account
    r"\bIT ?[0-9]{2}[ -]?[A-Z][ -]?[0-9]{5}[ -]?[0-9]{5}[ -]?[A-Z0-9]{12}\b", re.IGNORECASE
)
_PROFILE = re.compile(
    r"\b(?:instagram|insta|ig|facebook|fb|tiktok|snapchat|snap|telegram|twitter)\b"
    r"(?:[ :,]|\bis\b|\bas\b|è|\bcome\b){1,4}(?P<handle>[A-Za-z0-9]+(?:[._][A-Za-z0-9]+)+)",
    re.IGNORECASE,
)
_PLATE = re.compile(r"\b[A-HJ-NPR-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NPR-TV-Z]{2}\b", re.IGNORECASE)
_OTHER_PLATE = re.compile(
    r"\b(?:[A-Z]{1,3}[ -]?[0-9]{2,6}[ -]?[A-Z]{2,3}|[A-Z]{2}[ -]?[0-9]{5,6}|"
    r"[A-Z]{1,3}-[A-Z]{1,2} ?[0-9]{1,4})\b"
)
_LAST_DIGITS = re.compile(
    r"\b(?:end(?:s|ing)?|last (?:four|4|three|3|five|5)(?: digits)?|finisce|termina|ultime "
    r"(?:quattro|4|tre|3|cinque|5)(?: cifre)?)(?: (?:in|with|are|is|per|con|sono))?:? "
    r"(?P<number>\d{3,6})\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w/-])(?=[A-Z0-9/-]{0,30}[A-Z])(?=(?:[A-Z/-]{0,30}[0-9]){4})"
    r"[A-Z0-9]{1,30}(?:[/-][A-Z0-9]{1,30}){0,6}(?![\w/-])"
)
_SMALL_CODE = re.compile(r"\b[a-z]{1,3}[0-9]{5,}[a-z]{0,2}\b")
_SPACED_CODE = re.compile(r"\b[A-Z]{1,3} [0-9]{5,}\b")
_COORDINATES = re.compile(r"-?\d{1,2}\.\d{3,}°?[NS]?[,;] ?-?\d{1,3}\.\d{3,}°?[EWO]?")
_ADDRESS_OF_MACHINE = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_FILED = re.compile(
    r"\b(?:prot(?:\.|ocol+o?)|r\.?g\.?|rgnr|n\.?r\.?g\.?|fasc(?:\.|icolo)|pratica|file|case|permit|"
    r"permesso(?: di soggiorno)?|passaporto|passport|carta(?: d['’]identità)?|c\.i\.|id|badge|"
    r"matricola|tessera|patente|licen[cs]e|vestanet|cui|dossier)"
    r"(?: (?:number|numero|is number|card))?[ :]*(?:n\.|n°|no\.?|nr\.?|num\.?|#|è il n\.|is)?[ :]*"
    r"(?P<number>[A-Z]{0,3}[0-9][0-9A-Z]*(?:[/.-][0-9A-Z]+)*)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\(?(?:\+|"
    r"00)\d{1,3}\)?[ ./-]?)?\(?\d{1,5}\)?(?:[ ./-]{0,3}\d){5,12}(?![\w]|[.,]\d)"
)
_LONG_NUMBER = re.compile(r"(?<![\w.,])\d{6,}(?!\w|[.,]\d)")
_DIGITS_SAID = (
    r"(?:zero|oh|nought|naught|one|two|three|four|five|six|seven|eight|nine|double|triple|plus|"
    r"ten|eleven|twelve|\w{3,5}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"uno|due|tre|quattro|cinque|sei|sette|otto|nove|doppio|triplo|più|"
    r"dieci|diciotto|\w{2,8}dici|dicia\w{5,6}|vent\w{0,8}|(?:tr|quar|cinqu|sess|sett|ott|nov)ant\w{0,8})"
)
_SAID = re.compile(rf"\b{_DIGITS_SAID}(?:[, -]+{_DIGITS_SAID}){{5,}}\b", re.IGNORECASE)
_MONEY_AFTER = re.compile(
    r"\s?(?:€|euros?\b|eur\b|dollar|\$|naira|lek\b|lei\b|hryvnia|pezzi|pieces)", re.IGNORECASE
)


def numbered(text: str) -> Iterator[list[Mark]]:
    """Find what has a form of its own, one list a rank, the surest first."""
    yield [
        *_all(_URL, text, "url"),
        *_all(_EMAIL, text, "email"),
        *_all(_SPOKEN_EMAIL, text, "email"),
    ]
    yield [*_all(_HANDLE, text, "handle"), *_all(_FISCAL, text, "fiscal_code")]
    yield [Mark(*found.span("handle"), "handle", "rule", SURE) for found in _PROFILE.finditer(text)]
    yield [*_all(_ITALIAN_IBAN, text, "iban")]
    yield list(_accounts(text))
    yield [
        *_all(_PLATE, text, "plate"),
        *_all(_COORDINATES, text, "address"),
        *_all(_ADDRESS_OF_MACHINE, text, "number"),
        *(
            Mark(*found.span("number"), "document", "rule", SURE)
            for found in _FILED.finditer(text)
            if not _is_year(found["number"]) and sum(c.isdigit() for c in found["number"]) > 2
        ),
    ]
    yield [*_all(_CODE, text, "document"), *_all(_SPACED_CODE, text, "document")]
    yield [
        *_all(_SMALL_CODE, text, "document", REVIEW),
        *_all(_OTHER_PLATE, text, "plate", REVIEW),
    ]
    yield [*_phones(text), *_all(_SAID, text, "phone")]
    yield [*_all(_LONG_NUMBER, text, "document")]
    yield [
        Mark(*found.span("number"), "document", "rule", REVIEW)
        for found in _LAST_DIGITS.finditer(text)
    ]
    yield list(_all(_NICK, text, "handle", REVIEW))


def _all(pattern: re.Pattern[str], text: str, kind: str, certainty: str = SURE) -> Iterator[Mark]:
    for found in pattern.finditer(text):
        yield Mark(*found.span(), kind, "rule", certainty)


def _is_year(number: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", number))


def _accounts(text: str) -> Iterator[Mark]:
    """Find IBANs; the checksum tells where one ends among words that follow it."""
    for found in _IBAN.finditer(text):
        ends = [i for i in range(found.start() + 15, found.end() + 1) if _ends_word(text, i)]
        right = [end for end in reversed(ends) if is_iban(text[found.start() : end])]
        digits = sum(c.isdigit() for c in found.group())
        if right:
            yield Mark(found.start(), right[0], "iban", "rule", SURE)
        elif digits >= 10:
            yield Mark(found.start(), found.end(), "iban", "rule", SURE)


def _ends_word(text: str, place: int) -> bool:
    return place == len(text) or not text[place].isalnum()


def is_iban(text: str) -> bool:
    """Tell whether letters and digits are an IBAN: the ISO 7064 remainder of 97 is 1.

    Examples
    --------
    >>> is_iban("GB82 WEST 1234 5698 7654 32"), is_iban("GB82 WEST 1234 5698 7654 33")
    (True, False)
    """
    plain = re.sub(r"[ -]", "", text).upper()
    if not 15 <= len(plain) <= 34 or not plain.isascii() or not plain.isalnum():
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _phones(text: str) -> Iterator[Mark]:
    """Find runs of digits of the length of a phone; those that no country has are for review."""
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if (
            found.group().count("/") > 1
            or not 6 <= len(digits) <= 15
            or _MONEY_AFTER.match(text, found.end())
        ):
            continue
        sure = len(digits) >= 7 and _could_be_phone(found.group())
        kind = "phone" if len(digits) >= 7 else "number"
        yield Mark(*found.span(), kind, "rule", SURE if sure else REVIEW)


def _could_be_phone(number: str) -> bool:
    try:
        import phonenumbers
    except ImportError:
        raise QuidqualError.of(
            "the search for identifiers needs the package phonenumbers.",
            remedy='Install it: pip install "quidqual[privacy]"',
        ) from None
    plain = re.sub(r"^00", "+", re.sub(r"[^\d+]", "", number))
    try:
        parsed = phonenumbers.parse(plain, "IT")
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(parsed))
