"""Which forms in the notes are one and the same person, body or place, and what stands for them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from quidqual.privacy.identifiers.gazetteers import fold, given_names
from quidqual.privacy.identifiers.roster import Known, Roster, plain
from quidqual.privacy.identifiers.words_of_text import words_for
from quidqual.privacy.pseudonyms.fitting_names import FittingNames
from quidqual.privacy.pseudonyms.key_file import Key
from quidqual.privacy.pseudonyms.ladders import label

NUMBERED = ("person", "organisation", "place", "name")
"""Kinds whose finds are told apart by a number."""


class WhoIsWho:
    """The entities of a key, looked up by the forms they are written in.

    A name in full makes an entity; a part of it alone is the same person where only one
    entity has that part. Where two have it, it gets an entity of its own: to take two people
    for one would be an error of the analysis, not only of the spelling.
    """

    def __init__(self, key: Key, roster: Roster, names: FittingNames | None = None) -> None:
        self.key, self.roster, self.names = key, roster, names
        self._by_form: dict[tuple[str, str], dict[str, Any]] = {}
        for entity in key.entities:
            for form in entity["forms"]:
                self._by_form[_group(entity["kind"]), form] = entity

    def learn(
        self, finds: Iterable[tuple[str, str, str]], owners: Mapping[str, str] | None = None
    ) -> None:
        """Take the finds of all notes, (kind, words, where), the fullest names first.

        ``owners`` tells which participant a place is about: who is known by a first name is
        who bears it in full in her own notes, if nobody else there is called so.
        """
        named = [find for find in finds if find[0] in NUMBERED]
        self._names_in_full(named, owners or {})
        ordered = sorted(
            {(kind, words) for kind, words, _ in named},
            key=lambda find: (-len(_parts(find[1])), find),
        )
        for kind, words in ordered:
            self.entity(kind, words)

    def _names_in_full(
        self, finds: Iterable[tuple[str, str, str]], owners: Mapping[str, str]
    ) -> None:
        full: dict[str, dict[str, set[str]]] = {}
        for kind, words, where in finds:
            form = _form(words)
            if _group(kind) == "person" and len(form.split()) > 1:
                about = full.setdefault(form.split()[0], {}).setdefault(form, set())
                about.add(owners.get(where, ""))
        for entity in [e for e in self.key.entities if e["participant"]]:
            if any(len(form.split()) > 1 for form in entity["forms"]):
                continue
            known = [
                (form, about) for f in entity["forms"] for form, about in full.get(f, {}).items()
            ]
            if len(known) == 1 and entity["participant"] in known[0][1]:
                self._add_form(entity, known[0][0])

    def entity(self, kind: str, words: str) -> dict[str, Any]:
        """Entity that a form stands for; a new one if there is none."""
        form = _form(words)
        known = self.roster.entry_of(words) or self.roster.entry_of(form)
        if known is not None:
            return self._of_roster(known, form)
        found = self._by_form.get((_group(kind), form)) or self._by_part(kind, form)
        if found is None:
            found = self._new(kind, form, gender=_gender(words, form))
        self._add_form(found, form)
        return found

    def _of_roster(self, known: Known, form: str) -> dict[str, Any]:
        found = self._by_form.get((_group(known.kind), plain(known.name)))
        if found is None:
            found = self._new(known.kind, plain(known.name), gender=known.gender or "n")
            found |= {
                "participant": known.participant,
                "pseudonym": known.pseudonym or known.participant,
                "relation": known.relation,
            }
            self._add_form(found, plain(known.name))
        self._add_form(found, form)
        return found

    def participant(self, name: str) -> str:
        """Id in the study of a participant whose file is named so."""
        known = self.roster.entry_of(name)
        if known is not None and known.participant:
            return known.participant
        entity = self.entity("person", name)
        if not entity["participant"]:
            taken = {e["participant"] for e in self.key.entities}
            entity["participant"] = entity["pseudonym"] = _free("P", taken)
        return str(entity["participant"])

    def _by_part(self, kind: str, form: str) -> dict[str, Any] | None:
        if _group(kind) != "person":
            return None
        parts = set(_parts(form))
        candidates = []
        for entity in self.key.entities:
            if _group(entity["kind"]) != "person":
                continue
            for other in entity["forms"]:
                theirs = set(_parts(other))
                if parts and (parts < theirs or (theirs < parts and len(theirs) > 1)):
                    candidates.append(entity)
                    break
        return candidates[0] if len(candidates) == 1 else None

    def _new(self, kind: str, form: str, *, gender: str) -> dict[str, Any]:
        taken = {e["number"] for e in self.key.entities if _group(e["kind"]) == _group(kind)}
        entity: dict[str, Any] = {
            "kind": kind,
            "number": _random_number(taken),
            "gender": gender,
            "participant": "",
            "pseudonym": "",
            "relation": "",
            "forms": [],
        }
        self.key.entities.append(entity)
        return entity

    def _add_form(self, entity: dict[str, Any], form: str) -> None:
        if form not in entity["forms"]:
            entity["forms"] = sorted([*entity["forms"], form])
        self._by_form.setdefault((_group(entity["kind"]), form), entity)

    def met(self, kind: str, words: str, where: str) -> None:
        """Note in which text somebody or something is named: with its last one it is forgotten."""
        if kind in NUMBERED:
            entity = self.entity(kind, words)
            entity["where"] = sorted({*entity.get("where", ()), where})

    def drawn_names(self) -> list[str]:
        """Names that stand for names."""
        if self.names is None:
            return []
        people = [e for e in self.key.entities if e["kind"] == "person" and not e["participant"]]
        return sorted({str(e["pseudonym"]) for e in people if e["pseudonym"]})

    def words_for(self, kind: str, words: str, language: str) -> str:
        """Say what stands for a form in a note of this language."""
        entity = self.entity(kind, words)
        if self.names is not None and entity["kind"] == "person" and not _is_told(entity):
            taken = [e["pseudonym"] for e in self.key.entities]
            fullest = max(entity["forms"], key=lambda form: (len(form.split()), form))
            entity["pseudonym"] = self.names.draw(fullest, entity["gender"], taken)
        if entity["pseudonym"]:
            return str(entity["pseudonym"])
        if entity["relation"]:
            return label("relation", language, relation=entity["relation"])
        kind = entity["kind"]
        if kind == "person":
            kind = {"f": "woman", "m": "man"}.get(entity["gender"], "person")
        if kind == "place":
            from quidqual.privacy.pseudonyms.ladders import ladder_data

            return str(ladder_data()["place"]["unknown"][language].format(n=entity["number"]))
        return label(kind, language, n=entity["number"])


def _is_told(entity: dict[str, Any]) -> bool:
    """Tell whether it is settled already what stands for somebody."""
    return bool(entity["pseudonym"] or entity["relation"])


def _group(kind: str) -> str:
    """Persons and names of unknown kind are looked for together."""
    return "person" if kind in ("person", "name") else kind


def _form(words: str) -> str:
    """Take titles off a name and bring it into the form that is compared."""
    kept = [
        part
        for part in re.split(r"\s+", words.strip())
        if part.lower().strip("'’") not in words_for("title") or part == words
    ]
    return plain(" ".join(kept) or words)


def _parts(words: str) -> list[str]:
    return [p for p in re.findall(r"[^\W\d_]+", plain(words)) if len(p) > 2]


def _gender(words: str, form: str) -> str:
    """Tell a gender from a title or from the gazetteer; what cannot be told stays neutral."""
    first = plain(words).split()[0].rstrip(".")
    if first in (
        "mr",
        "sig",
        "signor",
        "don",
        "fra",
        "zio",
        "uncle",
        "dottor",
        "avvocato",
        "father",
    ):
        return "m"
    if first in (
        "mrs",
        "ms",
        "miss",
        "madam",
        "signora",
        "suor",
        "zia",
        "aunt",
        "aunty",
        "mama",
        "dottoressa",
    ):
        return "f"
    known = given_names().get(fold(form.split()[0])) if form.split() else None
    return known.gender if known else "n"


def _random_number(taken: set[int]) -> int:
    """Draw a number that is not taken: the order of numbers must not tell the order of names."""
    space = max(30, 3 * (len(taken) + 1))
    free = [n for n in range(1, space + 1) if n not in taken]
    return secrets.choice(free)


def _free(letter: str, taken: set[str]) -> str:
    numbers = {int(p[1:]) for p in taken if re.fullmatch(rf"{letter}\d+", p)}
    return f"{letter}{_random_number(numbers)}"
