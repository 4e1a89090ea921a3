"""The codebook: a tree of codes, their definitions and patterns, and constructs made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError, did_you_mean, listed
from quidqual.study.faced import face_of
from quidqual.study.gate import id_fault
from quidqual.study.wording import counted

_DEEPEST = 500
"""Levels of a tree of codes: far more than anyone reads, and each is walked up again and again."""


@dataclass(frozen=True)
class Asked:
    """With whom, and when, the interview protocol raises a topic; empty means always.

    Where a topic was not raised and nobody brought it up, a code is *not observed*,
    which is not the same as absent.
    """

    groups: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """One code of the codebook; a theme is a code without a parent.

    ``kind`` says what a later absence means: ``state`` (it does not hold then), ``event``
    (it happened once and stays so), ``background`` (a circumstance, spoken of or not) or
    ``prompted_once`` (asked about in one round only).

    ``codable`` is False for a heading: no passage is coded with it, and no table counts it. A
    theme that stays codable although only its children are used counts as a code of which
    nobody ever spoke. ``retired``: its codings stand, and no new passage gets it.
    """

    id: str
    label: Mapping[str, str] = field(default_factory=dict)
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    parent: str | None = None
    colour: str = ""
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)
    codable: bool = True
    source: str = ""
    memo: str = ""
    kind: str = "state"
    retired: bool = False  # its codings stand, and no new passage gets it

    def name(self, language: str = "en") -> str:
        """Label in a language, or in any language there is, or the id."""
        return self.label.get(language) or next(iter(self.label.values()), "") or self.id

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Code:
        """Build a code from its YAML mapping (checked against the JSON Schema before)."""
        label = raw.get("label") or {}
        asked = raw.get("asked") or {}
        return cls(
            id=str(raw["id"]),
            label={"en": label} if isinstance(label, str) else dict(label),
            definition=str(raw.get("definition") or "").strip(),
            include=str(raw.get("include") or "").strip(),
            exclude=str(raw.get("exclude") or "").strip(),
            examples=tuple(raw.get("examples") or ()),
            parent=raw.get("parent") or None,
            colour=raw.get("colour") or "",
            patterns={k: tuple(v or ()) for k, v in (raw.get("patterns") or {}).items()},
            asked=Asked(tuple(asked.get("groups") or ()), tuple(asked.get("rounds") or ())),
            codable=bool(raw.get("codable", True)),
            source=raw.get("source") or "",
            memo=raw.get("memo") or "",
            kind=raw.get("kind") or "state",
            retired=bool(raw.get("retired", False)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the YAML mapping of the code, without empty fields."""
        asked = {k: list(v) for k, v in vars(self.asked).items() if v}
        full: dict[str, Any] = {
            "id": self.id,
            "parent": self.parent,
            "label": dict(self.label),
            "definition": self.definition,
            "include": self.include,
            "exclude": self.exclude,
            "examples": list(self.examples),
            "colour": self.colour,
            "asked": asked,
            "patterns": {k: list(v) for k, v in self.patterns.items()},
            "kind": "" if self.kind == "state" else self.kind,
            "source": self.source,
            "memo": self.memo,
            "retired": self.retired,
        }
        kept = {key: value for key, value in full.items() if value}
        return kept if self.codable else {**kept, "codable": False}


@dataclass(frozen=True)
class ConstructState:
    """One state of a construct: reached in a round when any of its codes is present."""

    id: str
    any_of: tuple[str, ...]
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Construct:
    """An ordered state made of codes by a rule: the latest state present is the state."""

    id: str
    states: tuple[ConstructState, ...]
    label: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Construct:
        """Build a construct from its YAML mapping."""
        states = tuple(
            ConstructState(str(s["id"]), tuple(s["any_of"]), dict(s.get("label") or {}))
            for s in raw["states"]
        )
        return cls(str(raw["id"]), states, dict(raw.get("label") or {}))

    def to_dict(self) -> dict[str, Any]:
        """Give the YAML mapping of the construct."""
        states = [
            {"id": s.id, "label": dict(s.label), "any_of": list(s.any_of)} for s in self.states
        ]
        return {"id": self.id, "label": dict(self.label), "states": states}


def _made(kind: Any, entry: Any, what: str) -> Any:
    """Make a code or construct of a mapping, or say what is wanted."""
    if isinstance(entry, kind):
        return entry
    name = entry.get("id") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or name is None:
        given = f"{entry!r}" if isinstance(entry, str) else f"{type(entry).__name__}"
        raise QuidqualError.of(
            f"a {what} must be a mapping with an id, not {given[:60]}.",
            remedy="Write {'id': 'trust'}, and label, parent, patterns where there are any.",
            file="codebook.yaml",
        )
    try:
        return kind.from_dict(entry)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise QuidqualError.of(
            f"a field of the {what} {str(name)[:40]!r} is not of the kind that a codebook holds.",
            remedy="Labels and patterns are mappings of language to text (or a list of texts).",
            file="codebook.yaml",
        ) from None


class Codebook:
    """An ordered tree of codes.

    Parameters
    ----------
    codes : iterable of Code or of mappings
        In the order of the codebook, which is the order of every table and figure.
    constructs : iterable of Construct or of mappings, optional
        Ordered states made of codes.

    Raises
    ------
    QuidqualError
        For an id used twice, a parent that is not there, a circle of parents, or a
        construct that names a code that is not there; all of them at once.

    Examples
    --------
    >>> book = Codebook([{"id": "ties"}, {"id": "trust", "parent": "ties"}])
    >>> book.theme_of("trust")
    'ties'
    >>> book["trust"].name()
    'trust'
    """

    def __init__(
        self,
        codes: Iterable[Code | Mapping[str, Any]] = (),
        *,
        constructs: Iterable[Construct | Mapping[str, Any]] = (),
    ) -> None:
        self.codes = tuple(_made(Code, entry, "code") for entry in codes)
        self.constructs = tuple(_made(Construct, entry, "construct") for entry in constructs)
        self._by_id = {code.id: code for code in self.codes}
        problems = [*self._tree_problems(), *self._construct_problems()]
        if problems:
            raise QuidqualError(problems)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._by_id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Codebook):
            return NotImplemented
        return (self.codes, self.constructs) == (other.codes, other.constructs)

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, code: str) -> Code:
        try:
            return self._by_id[code]
        except (KeyError, TypeError):
            near = did_you_mean(str(code), self.ids) or f"Some of its codes: {listed(self.ids)}."
            raise QuidqualError.of(
                f"{code!r} is not a code of the codebook.",
                remedy=near if self.ids else "The codebook has no codes.",
            ) from None

    def __repr__(self) -> str:
        themes, codes = counted(len(self.themes), "theme"), counted(len(self.codable), "code")
        return f"<Codebook: {themes}, {codes}>"

    def _repr_html_(self) -> str:
        return face_of(self) or ""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All ids in the order of the codebook."""
        return tuple(code.id for code in self.codes)

    @cached_property
    def codable(self) -> tuple[str, ...]:
        """Ids that a coder may apply (a theme may be a heading only)."""
        return tuple(code.id for code in self.codes if code.codable)

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """Ids of the codes without a parent."""
        return tuple(code.id for code in self.codes if code.parent is None)

    def theme_of(self, code: str) -> str:
        """Top-level ancestor of a code (a theme is its own)."""
        return self._themes_of[self[code].id]

    @cached_property
    def _themes_of(self) -> dict[str, str]:
        top: dict[str, str] = {}
        for code in self.codes:
            at = code
            while at.parent is not None:
                at = self._by_id[at.parent]
            top[code.id] = at.id
        return top

    def children(self, code: str) -> tuple[str, ...]:
        """Ids directly beneath a code."""
        self[code]
        return tuple(c.id for c in self.codes if c.parent == code)

    def descendants(self, code: str) -> tuple[str, ...]:
        """All ids beneath a code, in the order of the codebook."""
        below = {self[code].id}
        grown = True
        while grown:
            more = {c.id for c in self.codes if c.parent in below} - below
            grown = bool(more)
            below |= more
        return tuple(c.id for c in self.codes if c.id in below and c.id != code)

    def construct(self, construct: str) -> Construct:
        """Look up a construct by id."""
        for candidate in self.constructs:
            if candidate.id == construct:
                return candidate
        names = [c.id for c in self.constructs]
        raise QuidqualError.of(
            f"{construct!r} is not a construct of the codebook.",
            remedy=f"Use one of: {listed(names)}." if names else "The codebook defines none.",
        )

    @property
    def frame(self) -> pd.DataFrame:
        """One row a code: id, theme, parent, depth, label, definition, include, exclude, ..."""
        return self._frame.copy(deep=False)

    @cached_property
    def _frame(self) -> pd.DataFrame:
        columns = ["id", "theme", "parent", "depth", "label", "definition", "include", "exclude"]
        columns += ["colour", "codable", "asked_groups", "asked_rounds", "source", "n_patterns"]
        rows = [
            (
                c.id, self.theme_of(c.id), c.parent or "", self._depth(c), c.name(), c.definition,
                c.include, c.exclude, self.colour_of(c.id), c.codable, ", ".join(c.asked.groups),
                ", ".join(c.asked.rounds), c.source, sum(len(p) for p in c.patterns.values()),
            )
            for c in self.codes
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"codable": bool, "depth": "int64", "n_patterns": "int64"})

    def colour_of(self, code: str) -> str:
        """Own colour of a code or the nearest ancestor's; "" if none has one."""
        at: Code | None = self[code]
        while at is not None:
            if at.colour:
                return at.colour
            at = self._by_id[at.parent] if at.parent else None
        return ""

    def _depth(self, code: Code) -> int:
        depth = 0
        while code.parent is not None:
            code = self._by_id[code.parent]
            depth += 1
        return depth

    def _tree_problems(self) -> list[Problem]:
        def problem(field: str, message: str, remedy: str) -> Problem:
            return Problem("codebook.yaml", None, field, message, remedy)

        found: list[Problem] = []
        seen: set[str] = set()
        for code in self.codes:
            if code.id in seen:
                found.append(
                    problem("id", f"{code.id!r} is used twice.", "Give each code its own id.")
                )
            seen.add(code.id)
            if fault := id_fault(code.id) or ("holds a *" if "*" in code.id else ""):
                remedy = "Write a short id, such as 'trust'; the label may be any text."
                found.append(problem("id", f"the id of a code {fault}.", remedy))
            if code.parent is not None and code.parent not in self._by_id:
                found.append(
                    problem("parent", f"the parent of {code.id!r}, {code.parent!r}, is not there.",
                            "Add that code or mend the parent.")
                )  # fmt: skip
        depths = self._depths()
        for key in self._by_id:
            if depths[key] < 0:
                found.append(
                    problem("parent", f"{key!r} is its own ancestor.", "Break the circle.")
                )
        if (most := max(depths.values(), default=0)) > _DEEPEST:
            message = f"codes nest {most:,} levels deep, more than {_DEEPEST}."
            found.append(problem("parent", message, "Flatten the codebook."))
        return found

    def _depths(self) -> dict[str, int]:
        """How deep each code stands, each walked over once; -1 where a circle leads nowhere."""
        depths: dict[str, int] = {}
        for code in self._by_id.values():
            path: dict[str, None] = {}
            at = code
            while at.id not in depths and at.id not in path and at.parent in self._by_id:
                path[at.id] = None
                at = self._by_id[at.parent]
            depth = -1 if at.id in path else depths.setdefault(at.id, 0)
            for key in reversed(path):
                depth = depth + 1 if depth >= 0 else -1
                depths[key] = depth
        return depths

    def _construct_problems(self) -> list[Problem]:
        return [
            Problem("codebook.yaml", None, "constructs",
                    f"{construct.id!r} names the code {code!r}, which is not there.",
                    "Add the code or mend the construct.")
            for construct in self.constructs
            for state in construct.states
            for code in state.any_of
            if code not in self._by_id
        ]  # fmt: skip
