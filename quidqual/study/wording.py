"""How counts and names are written, in every message, table and picture the same way."""

from __future__ import annotations

from collections.abc import Sequence


def k_of_n(k: int, n: int) -> str:
    """Write a count with its denominator; the denominator is never left out.

    Examples
    --------
    >>> k_of_n(3, 4), k_of_n(0, 0)
    ('3 of 4', 'not observed')
    """
    return f"{k} of {n}" if n else "not observed"


def counted(n: int, what: str) -> str:
    """Write a number with its noun, one or several.

    Examples
    --------
    >>> counted(1, "code"), counted(4, "participant"), counted(27_000, "segment")
    ('1 code', '4 participants', '27,000 segments')
    """
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def corpus_and_reading(mark: str) -> tuple[str, str]:
    """Take the mark of a table apart: the corpus, and the reading, "" if it is the study's own.

    Examples
    --------
    >>> corpus_and_reading("synthetic [reading: coder B]"), corpus_and_reading("real")
    (('synthetic', 'coder B'), ('real', ''))
    """
    corpus, _, reading = mark.partition(" [reading: ")
    return corpus, reading.removesuffix("]")


def joined(names: Sequence[object], *, last: str = "and", limit: int | None = None) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> joined(["S1", "S2", "S3"]), joined(["a", "b"], last="or"), joined("abcd", limit=2)
    ('S1, S2 and S3', 'a or b', 'a, b and 2 more')
    """
    shown = [str(name) for name in names]
    if limit is not None and len(shown) > limit:
        return f"{', '.join(shown[:limit])} {last} {len(shown) - limit} more"
    return (
        f" {last} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
    )
