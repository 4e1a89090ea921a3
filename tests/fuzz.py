"""Damage to files, the same on every run: what a reader must survive with a QuidqualError.

    for data in mutants(path.read_bytes(), count=100, seed=1):
        ...

Kinds: bytes changed, spans cut out, doubled, moved or swapped, the end cut off, and things put
in that parsers trip over (brackets without end, tags, aliases, halves of characters, digits,
paths that climb). A mutant is a pure function of the data, the seed and its number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

_THINGS = (
    b"[" * 5_000, b"{" * 5_000, b"(" * 3_000, b"- " * 500, b"9" * 5_000, b"-1", b"1e999", b"NaN", b"null",
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", "“".encode() * 300, b'"', b"'", b"\\", b"\r", b"\n\n", b"\t",
    b"!!bool x", b"!!python/object:os.system x", b"&a [*a, *a]", b"*a", b"<<: *a", b"? ", b"%YAML 9.9\n",
    b"../../x", b"/etc/passwd", b"con", b"=1+1", b"<!ENTITY a 'b'>", b"&#0;", "é".encode("cp1252"),
    "\U0001f642".encode(), "\u202e".encode(), b" " * 2_000, b",,,,,,", b";", b"]]>", b"2021-99-99",
)  # fmt: skip


def mutants(data: bytes, *, count: int, seed: int = 0) -> Iterator[bytes]:
    """Give damaged copies of some bytes, one to three damages each."""
    for number in range(count):
        rng = random.Random(f"{seed}:{number}:{len(data)}")
        damaged = data
        for _ in range(rng.choice((1, 1, 2, 3))):
            damaged = _damage(damaged, rng)
        yield damaged


def _damage(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    to = min(len(data), at + rng.choice((1, 1, 2, 8, 40, 400)))
    kind = rng.randrange(7)
    if kind == 0:
        return data[:at] + bytes(rng.randrange(256) for _ in range(to - at)) + data[to:]
    if kind == 1:
        return data[:at] + data[to:]
    if kind == 2:
        return data[:to] + data[at:to] * rng.choice((1, 3)) + data[to:]
    if kind == 3:
        return data[:at]
    if kind == 4:
        lines = data.split(b"\n")
        rng.shuffle(lines)
        return b"\n".join(lines)
    return data[:at] + rng.choice(_THINGS) + data[at if kind == 5 else to :]
