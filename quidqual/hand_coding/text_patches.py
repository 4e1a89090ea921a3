"""Changes of a text as small patches that can be applied again and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from quidqual.study.errors import QuidqualError

Patch = list[list[int | str]]
"""Places of a change: line (from 0, in the text before), words before, words after."""


def patch_between(old: str, new: str) -> Patch:
    r"""Tell what turns one text into another, line by line.

    Examples
    --------
    >>> patch_between("a\nb\nc\n", "a\nB\nc\n")
    [[1, 'b\n', 'B\n']]
    """
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    matcher = SequenceMatcher(a=middle_a, b=middle_b, autojunk=False)
    return [
        [head + i1, "".join(middle_a[i1:i2]), "".join(middle_b[j1:j2])]
        for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        if kind != "equal"
    ]


def apply_patch(text: str, patch: Sequence[Sequence[int | str]], *, file: str = "") -> str:
    r"""Apply a patch; a text that changed elsewhere since is no obstacle.

    Raises
    ------
    QuidqualError
        If the place that the patch changes is no longer there, or not for certain.

    Examples
    --------
    >>> patch = patch_between("a\nb\n", "a\nB\n")
    >>> apply_patch("new\na\nb\n", patch)
    'new\na\nB\n'
    """
    lines = text.splitlines(keepends=True)
    shift = 0
    for at, old, new in patch:
        gone, come = str(old).splitlines(keepends=True), str(new).splitlines(keepends=True)
        place = _place(lines, gone, int(at) + shift, file=file)
        lines[place : place + len(gone)] = come
        shift = place - int(at) + len(come) - len(gone)
    return "".join(lines)


def reversed_patch(patch: Sequence[Sequence[int | str]]) -> Patch:
    r"""Turn a patch into the one that takes it back.

    Examples
    --------
    >>> patch = patch_between("a\nb\n", "a\nx\ny\nb\n")
    >>> apply_patch("a\nx\ny\nb\n", reversed_patch(patch))
    'a\nb\n'
    """
    turned: Patch = []
    shift = 0
    for at, old, new in patch:
        turned.append([int(at) + shift, new, old])
        shift += len(str(new).splitlines()) - len(str(old).splitlines())
    return turned


def _place(lines: list[str], gone: list[str], at: int, *, file: str) -> int:
    """Find the lines to be replaced: where they were, or the one other place."""
    if not gone:
        return min(max(at, 0), len(lines))
    if lines[at : at + len(gone)] == gone:
        return at
    places = _all_places(lines, gone)
    if len(places) != 1:
        raise QuidqualError.of(
            "this step cannot be taken back: the lines it wrote were edited since.",
            remedy="Edit the file by hand, or undo the later changes first.",
            file=file,
        )
    return places[0]


def _all_places(lines: list[str], gone: list[str]) -> list[int]:
    starts: Iterable[int] = range(len(lines) - len(gone) + 1)
    return [i for i in starts if lines[i : i + len(gone)] == gone]
