"""Times as other programs write them, as the coding log keeps them: UTC with a Z."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def utc(value: str) -> str:
    """Bring a time into the form ``2021-05-20T10:15:00Z``; "" if it is none.

    A time without a zone is taken as UTC, since nothing tells the zone.

    Examples
    --------
    >>> utc("2021-05-20T12:15:00+02:00"), utc("2021-05-20 10:15:00.123"), utc("soon")
    ('2021-05-20T10:15:00Z', '2021-05-20T10:15:00.123Z', '')
    """
    if len(value) == 20 and _UTC.fullmatch(value):
        return value if _real(value) else ""
    text = value.strip()
    # Seven digits of a second (.NET) are one more than a datetime holds.
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    whole = moment.strftime("%Y-%m-%dT%H:%M:%S").zfill(19)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{whole}{fraction}Z"


def _real(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def has_zone(value: str) -> bool:
    """Tell whether a time says its zone."""
    return bool(re.search(r"(Z|[+-]\d{2}:?\d{2})$", value.strip()))
