"""Verbs on the codebook: each a recorded step that carries the codings of all coders along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.hand_coding.codebook_text import (
    FIELDS,
    add_code,
    remove_code,
    rename_in,
    rename_in_claims,
    set_fields,
)
from quidqual.hand_coding.log_state import Line, LogState, edit_lines
from quidqual.hand_coding.overlaps import joined
from quidqual.study.arguments import must_be_text
from quidqual.study.check_claims import check_claims
from quidqual.study.claims import Claim
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.reading import load_yaml
from quidqual.study.schema import check_document

if TYPE_CHECKING:
    from quidqual.hand_coding.session_core import SessionCore

_REPORT = ["coder", "moved", "joined", "apart"]


class CodebookVerbs:
    """What may be done to the codebook of a study that is being coded.

    Each verb writes one line into ``codebook.log.jsonl``, changes ``codebook.yaml`` (its
    comments and order stay) and, where a code gets another name, ``claims.yaml`` and the
    logs of all coders; all of it or nothing. `CodingSession.undo` takes it back.
    """

    def __init__(self, session: SessionCore) -> None:
        self._session = session

    @property
    def book(self) -> Codebook:
        """The codebook as it is now."""
        return self._session.study.codebook

    def create(self, code: str, *, parent: str | None = None, **fields: Any) -> None:
        """Create a code.

        Parameters
        ----------
        code : str
            Its id.
        parent : str, optional
            The code above it; none for a theme.
        **fields
            ``label`` (text in the study's first language, or text by language),
            ``definition``, ``include``, ``exclude``, ``examples``, ``colour``, ``codable``
            (False: a heading), ``kind``, ``asked``, ``patterns``, ``source``, ``memo``.

        Raises
        ------
        QuidqualError
            If there is such a code, or the fields are not those of a code.
        """
        self._new(code)
        text = self._text("codebook.yaml")
        entry = {"id": code, **({"parent": self._known(parent)} if parent else {})}
        entry |= self._checked_fields(fields)
        after = [*self.book.descendants(parent), parent] if parent else []
        after = sorted(after, key=self.book.ids.index)
        text = add_code(text, entry, after=after[-1] if after else None)
        self._write({"op": "create", "code": code}, text)

    def rename(self, code: str, into: str) -> int:
        """Give a code another id everywhere; the number of codings that went along."""
        self._known(code)
        self._new(into)
        lines = self._edits(code, into)
        self._write(
            {"op": "rename", "code": code, "into": into},
            rename_in(self._text("codebook.yaml"), code, into),
            lines=lines,
            claims=(code, into),
        )
        return sum(len(added) for added in lines.values())

    def redefine(self, code: str, **fields: Any) -> None:
        """Change what a code means, or any other field; None takes a field away.

        Codings made before a change of label, definition, include, exclude or examples
        are listed by `quidqual.hand_coding.codebook_versions.to_reread`.
        """
        self._known(code)
        if not fields:
            raise QuidqualError.of("nothing is to be changed.", remedy="Give definition=, ...")
        text = set_fields(self._text("codebook.yaml"), code, self._checked_fields(fields))
        meaning = {"label", "definition", "include", "exclude", "examples"} & fields.keys()
        told = ", ".join(sorted(fields))
        self._write({"op": "redefine" if meaning else "edit", "code": code, "told": told}, text)

    def move(self, code: str, *, parent: str | None) -> None:
        """Put a code under another one; ``parent=None`` makes it a theme."""
        self._known(code)
        if parent is not None and (parent == code or parent in self.book.descendants(code)):
            raise QuidqualError.of(
                f"{parent!r} is {code!r} itself or beneath it.",
                remedy="Choose a parent outside of its branch.",
                field="parent",
            )
        if parent is not None:
            self._known(parent)
        text = set_fields(self._text("codebook.yaml"), code, {"parent": parent})
        told = f"{self.book[code].parent or ''} -> {parent or ''}"
        self._write({"op": "move", "code": code, "into": parent or "", "told": told}, text)

    def merge(self, code: str, *, into: str, overlaps: str = "join") -> pd.DataFrame:
        """Read all codings of a code as codings of another, for every coder.

        Parameters
        ----------
        code : str
            The code that goes; codes beneath it move beneath the other.
        into : str
        overlaps : {"join", "keep"}
            What becomes of passages of one coder that overlap and now have the same code:
            joined into one passage (memos of both, the greater weight), or kept apart.

        Returns
        -------
        DataFrame
            One row a coder: ``coder``, ``moved`` (codings that got the other code),
            ``joined`` (those that went into another one), ``apart`` (those that overlap
            another one and were kept).
        """
        self._known(code)
        self._session.check_code(into)
        if overlaps not in ("join", "keep"):
            raise QuidqualError.of(
                f"overlaps must be 'join' or 'keep', not {overlaps!r}.", field="overlaps"
            )
        if into == code or into in self.book.descendants(code):
            raise QuidqualError.of(
                f"{into!r} is {code!r} itself or beneath it.",
                remedy="Move it out of the branch first.",
                field="into",
            )
        texts = self._session.study.raw.notes
        lines: dict[str, list[Line]] = {}
        rows = []
        for coder, state in sorted(self._session.all_states().items()):
            moved, merged, apart, added = joined(state, code, into, texts, join=overlaps == "join")
            if added:
                lines[coder] = added
                rows.append((coder, moved, merged, apart))
        text = self._text("codebook.yaml")
        for child in self.book.children(code):
            text = set_fields(text, child, {"parent": into})
        text = rename_in(remove_code(text, code), code, into)
        report = pd.DataFrame(rows, columns=_REPORT)
        told = "; ".join(f"{c}: {m} moved, {j} joined, {a} apart" for c, m, j, a in rows)
        self._write({"op": "merge", "code": code, "into": into, "told": told}, text,
                    lines=lines, claims=(code, into))  # fmt: skip
        return self._session.seen(report)

    def split(self, code: str, into: Mapping[str, Sequence[str]], **fields: Any) -> dict[str, int]:
        """Move codings of a code into other codes, given as lists of their ids.

        Parameters
        ----------
        code : str
        into : mapping of code to ids of codings
            Codings of any coder. A code that is not there yet is created beside ``code``.
            Codings that no list names stay.
        **fields
            ``{new code: mapping of its fields}`` under its id, such as a definition.

        Returns
        -------
        dict
            How many codings each code got.
        """
        self._known(code)
        owners = {
            key: (coder, coding)
            for coder, state in self._session.all_states().items()
            for key, coding in state.standing.items() if coding["code"] == code
        }  # fmt: skip
        keys = [key for ids in into.values() for key in ids]
        wrong = [key for key in keys if key not in owners]
        if wrong or len(keys) != len(set(keys)):
            raise QuidqualError.of(
                f"{len(wrong)} of the codings are not codings of {code!r}." if wrong
                else "a coding stands in two lists.",
                remedy="See study.codings for the ids of each code.", field="into",
            )  # fmt: skip
        text = self._text("codebook.yaml")
        after = [code, *self.book.descendants(code)]
        last = max(after, key=self.book.ids.index)
        lines: dict[str, list[Line]] = {}
        for target, ids in into.items():
            if target not in self.book:
                parent = self.book[code].parent
                entry = {"id": target, **({"parent": parent} if parent else {})}
                entry |= self._checked_fields(fields.get(target, {}))
                text, last = add_code(text, entry, after=last), target
            else:
                self._session.check_code(target)
            for key in ids:
                coder, coding = owners[key]
                lines.setdefault(coder, []).extend(edit_lines(coding, {"code": target}))
        told = ", ".join(f"{target}: {len(ids)}" for target, ids in into.items())
        self._write({"op": "split", "code": code, "into": ", ".join(into), "told": told}, text,
                    lines=lines)  # fmt: skip
        return {target: len(ids) for target, ids in into.items()}

    def retire(self, code: str) -> None:
        """Take a code out of use: its codings stand, and no new passage can be given it."""
        self._known(code)
        text = set_fields(self._text("codebook.yaml"), code, {"retired": True})
        self._write({"op": "retire", "code": code}, text)

    def carried_along(
        self, record: Mapping[str, Any], text: str, lines: dict[str, list[Line]]
    ) -> dict[str, list[Line]]:
        """Give what taking a step back does to codings made since with a code that then goes.

        Raises
        ------
        QuidqualError
            If such codings would be left without a code.
        """
        left = _book_of(text)
        changed = {line["id"] for added in lines.values() for line in added}
        for coder, state in self._session.all_states().items():
            for key, coding in state.standing.items():
                if key in changed or coding["code"] in left:
                    continue
                if record["op"] == "rename" and record["code"] in left:
                    lines.setdefault(coder, []).extend(edit_lines(coding, {"code": record["code"]}))
                    continue
                raise QuidqualError.of(
                    f"this cannot be taken back: {coder!r} has codings of {coding['code']!r}.",
                    remedy="Give them another code first.",
                    field="code",
                )
        return lines

    def _write(
        self,
        record: dict[str, Any],
        text: str,
        *,
        lines: Mapping[str, Sequence[Line]] | None = None,
        claims: tuple[str, str] | None = None,
    ) -> None:
        """Check what the study would be after the step, and write it."""
        texts = {"codebook.yaml": text}
        raw = replace(self._session.study.raw, codebook=_book_of(text))
        if claims and (self._session.folder / "claims.yaml").is_file():
            texts["claims.yaml"] = renamed = rename_in_claims(self._text("claims.yaml"), *claims)
            stated = (load_yaml(renamed, file="claims.yaml") or {}).get("claims") or ()
            raw = replace(
                raw, claims=tuple(Claim.from_dict(c) for c in stated), claims_source=renamed
            )
        errors = [problem for problem in check_claims(raw) if problem.level == "error"]
        if errors:
            heading = "The step would leave the study with errors, and nothing was written:"
            raise QuidqualError(errors, heading=heading)
        self._session.carry(record, texts=texts, lines=lines or {})

    def _edits(self, code: str, into: str) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for coder, state in self._session.all_states().items():
            added = [
                line for coding in _of(state, code) for line in edit_lines(coding, {"code": into})
            ]
            if added:
                found[coder] = added
        return found

    def _text(self, name: str) -> str:
        return (self._session.folder / name).read_bytes().decode("utf-8-sig")

    def _checked_fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse what is no field of a code; a label without a language is in the study's first."""
        wrong = [name for name in fields if name not in FIELDS]
        if wrong:
            raise QuidqualError.of(
                f"{wrong[0]!r} is not a field of a code.",
                remedy=f"Use some of: {', '.join(FIELDS)}.",
                field=wrong[0],
            )
        kept = {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}
        if isinstance(kept.get("label"), str):
            language = next(iter(self._session.study.languages), "en")
            kept["label"] = {"en" if language == "und" else language: kept["label"]}
        return kept

    def _known(self, code: Any) -> str:
        return self.book[code].id

    def _new(self, code: str) -> None:
        must_be_text(code, field="code")
        if not code.strip() or code != code.strip() or "\n" in code:
            raise QuidqualError.of("a code needs a name.", remedy="Give a short one.", field="code")
        if code in self.book:
            raise QuidqualError.of(
                f"{code!r} is in the codebook already.",
                remedy="Choose another id, or merge the two.",
                field="code",
            )


def _of(state: LogState, code: str) -> Iterable[Line]:
    return [coding for coding in state.standing.values() if coding["code"] == code]


def _book_of(text: str) -> Codebook:
    """Read a codebook that is to be written; everything wrong with it is an error now."""
    document = load_yaml(text, file="codebook.yaml")
    problems = check_document(document, "codebook", file="codebook.yaml", source=text)
    if problems:
        raise QuidqualError(problems)
    return Codebook(document["codes"] or (), constructs=document.get("constructs") or ())
