"""`pseudonymise`: raw notes in, a study under pseudonyms out, once nothing is undecided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.privacy.identifiers.find import language_of, marks_of
from quidqual.privacy.identifiers.marks import SURE, Mark
from quidqual.privacy.identifiers.roster import Roster
from quidqual.privacy.pseudonyms.fitting_names import FittingNames
from quidqual.privacy.pseudonyms.key_file import (
    Key,
    check_passphrase,
    check_place,
    read_key,
    write_key,
)
from quidqual.privacy.pseudonyms.ladders import Ladders, label
from quidqual.privacy.pseudonyms.offset_map import OffsetMap, replace_all
from quidqual.privacy.pseudonyms.raw_notes import Raw, raw_of
from quidqual.privacy.pseudonyms.review_queue import (
    decisions_of,
    key_of,
    keys,
    open_rows,
    queue_of,
    read_queue,
    write_queue,
)
from quidqual.privacy.pseudonyms.who_is_who import NUMBERED, WhoIsWho
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.model import Study


@dataclass(frozen=True)
class Pseudonymised:
    """What came of it.

    Attributes
    ----------
    study : Study or None
        The study under pseudonyms; None while the queue has rows without a decision.
    queue : DataFrame
        Everything unsure, one row a place (``where, start, end, words, kind, layer, context``)
        with its ``decision, replacement, reason``. It holds words of the raw notes.
    report : DataFrame
        How many stretches of which ``kind`` were replaced in which place (``where, kind,
        n``), without their words; and codings that took in a whole pseudonym (kind
        ``coding widened``).
    """

    study: Study | None
    queue: pd.DataFrame
    report: pd.DataFrame

    @property
    def undecided(self) -> int:
        """How many rows of the queue have no decision."""
        return int((self.queue["decision"] == "").sum())


def pseudonymise(
    notes: Any,
    *,
    study: str | Path,
    key: str | Path,
    passphrase: str,
    roster: Any = None,
    review: str | Path | pd.DataFrame | None = None,
    language: str | None = None,
    levels: Mapping[str, str] | None = None,
    replacements: str = "neutral",
) -> Pseudonymised:
    """Replace what identifies people in raw notes, and make a study of the result.

    Parameters
    ----------
    notes : path, Study or mapping
        A raw study (its folder, or the `Study`), a folder of ``.md`` and ``.txt`` files named
        ``WHO-ROUND.md``, or a mapping of such names to texts.
    study : path
        A new or empty folder, where the study under pseudonyms goes.
    key : path
        The key file: made if it is not there, used again if it is, so that a name keeps its
        pseudonym over all rounds. Outside the study and outside any repository.
    passphrase : str
        Opens the key; at least twelve characters.
    roster : path, DataFrame or list, optional
        See :func:`find_identifiers`. Rows with a ``participant`` are participants.
    review : path or DataFrame, optional
        The queue. A path is written when something is undecided, and read again when you
        have filled it in. In a notebook: change ``.queue`` and give it back here.
    language : str, optional
        ``"en"`` or ``"it"``, for notes of a folder or mapping; those of a raw study have theirs.
    levels : mapping, optional
        How exact things stay: ``{"place": "province" | "region" | "area", "date":
        "round_week" | "round" | "year", "age": "decade" | "stage", "nationality": "region" |
        "area"}``. Left out: the default of ``data/ladders.yaml``.
    replacements : {"neutral", "names"}
        What stands for people who are not participants: ``[woman 7]``, or a name of the same
        gender and naming tradition that nobody in the notes or on the roster has. Where gender
        or tradition cannot be told it is neutral all the same. Such names read well, and a
        reader may take them for real: they are listed in study.toml (``[privacy] pseudonyms``).

    Returns
    -------
    Pseudonymised
        With the study, if every row of the queue has a decision: ``accept`` (replaced as
        its kind is), ``replace`` (by ``replacement``) or ``ignore`` (stays, with a
        ``reason``).

    Raises
    ------
    QuidqualError
        If the key would lie in the study or in a repository, does not open, the roster or
        a decision has problems, or the folder of the study holds something.

    Notes
    -----
    The result is pseudonymised. It stays personal data as long as the key exists, and after
    that as long as someone can tell the people by what they say.
    """
    one_of(replacements, ("neutral", "names"), field="replacements")
    folder, key_path = as_path(study, field="study"), as_path(key, field="key")
    check_passphrase(passphrase)
    check_place(key_path, study=folder)
    if folder.exists() and any(folder.iterdir()):
        raise QuidqualError.of(
            "the folder of the study is not empty.",
            remedy="Give a new folder, so that nothing is overwritten.",
            field="study",
        )
    raw = raw_of(notes, language=language)
    people = Roster.of(roster)
    opened = read_key(key_path, passphrase) if key_path.exists() else Key()
    found = {
        where: marks_of(text, raw.language_of(where), people) for where, text in raw.texts().items()
    }
    return _Work(raw, people, opened, found, dict(levels or {}), replacements == "names").run(
        folder, key_path, passphrase, review
    )


@dataclass
class _Work:
    """One run over one set of notes."""

    raw: Raw
    roster: Roster
    key: Key
    found: dict[str, list[Mark]]
    levels: dict[str, str]
    fitting: bool

    def run(self, folder: Path, key_path: Path, passphrase: str, review: Any) -> Pseudonymised:
        texts = self.raw.texts()
        ladders = Ladders(self.levels, self.raw.rounds())
        queue = queue_of(
            (where, texts[where], mark)
            for where, marks in self.found.items()
            for mark in marks
            if mark.certainty != SURE
        )
        decided = self._decisions(review)
        queue = open_rows(queue, decided)
        undecided = int((queue["decision"] == "").sum())
        if isinstance(review, str | Path) and (undecided or not Path(review).exists()):
            check_place(Path(review), study=folder)
            write_queue(Path(review), queue)
        nothing = pd.DataFrame(columns=["where", "kind", "n"])
        if undecided:
            return Pseudonymised(None, queue, nothing)
        final = dict(zip(keys(queue), queue.to_dict("records"), strict=True))
        names = FittingNames([*texts, *texts.values()], self.roster) if self.fitting else None
        who = WhoIsWho(self.key, self.roster, names)
        self.raw.introduce(who)
        who.learn(self._names(final), self.raw.owners(who))
        new, maps, report = self._replace(final, who, ladders)
        made, widened = self.raw.with_texts(new, maps, who)
        # Notes of other rounds, which went before, stay in the key.
        self.key.offsets |= {where: [list(p) for p in m.pieces] for where, m in maps.items()}
        self.key.owners |= self.raw.owners(who)
        earlier = [d for d in self.key.decisions if d["where"] not in texts]
        self.key.decisions = [*earlier, *queue.drop(columns="context").to_dict("records")]
        write_key(key_path, self.key, passphrase, study=folder)
        made.save(folder)
        rows = [*report, *((where, "coding widened", n) for where, n in sorted(widened.items()))]
        table = pd.DataFrame(rows, columns=["where", "kind", "n"])
        from quidqual.study.model import open_study

        return Pseudonymised(open_study(folder), queue, table)

    def _decisions(self, review: Any) -> Any:
        if isinstance(review, pd.DataFrame):
            return decisions_of(review)
        if review is not None and Path(review).exists():
            return decisions_of(read_queue(Path(review)), file=Path(review).name)
        return {}

    def _names(self, final: Mapping[Any, Any]) -> list[tuple[str, str, str]]:
        texts = self.raw.texts()
        names = []
        for where, marks in self.found.items():
            for mark in marks:
                words = texts[where][mark.start : mark.end]
                row = final.get(key_of(where, mark.start, mark.end, words))
                if row is None or row["decision"] == "accept":
                    names.append((mark.kind, words, where))
        return names

    def _replace(
        self, final: Mapping[Any, Any], who: WhoIsWho, ladders: Ladders
    ) -> tuple[dict[str, str], dict[str, OffsetMap], list[tuple[str, str, int]]]:
        texts = self.raw.texts()
        new: dict[str, str] = {}
        maps: dict[str, OffsetMap] = {}
        report = []
        for where, marks in self.found.items():
            text, language = texts[where], self.raw.language_of(where)
            parts = []
            counts: dict[str, int] = {}
            for mark in marks:
                words = text[mark.start : mark.end]
                row = final.get(key_of(where, mark.start, mark.end, words))
                if row is not None and row["decision"] == "ignore":
                    continue
                if row is not None and row["decision"] == "replace":
                    instead = row["replacement"]
                else:
                    instead = instead_of(mark, words, language_of(language), who, ladders)
                    who.met(mark.kind, words, where)
                parts.append((mark.start, mark.end, instead))
                counts[mark.kind] = counts.get(mark.kind, 0) + 1
            new[where], maps[where] = replace_all(text, parts)
            report += [(where, kind, n) for kind, n in sorted(counts.items())]
        return new, maps, report


def instead_of(mark: Mark, words: str, language: str, who: WhoIsWho, ladders: Ladders) -> str:
    """Say what stands for a find: a pseudonym, a step of a ladder, or the name of its kind."""
    if mark.kind == "date":
        return ladders.date(words, language, relative=mark.layer == "relative")
    if mark.kind == "age":
        return ladders.age(words, language)
    if mark.kind == "nationality":
        return ladders.nationality(words, language)
    if mark.kind == "place" and mark.layer != "roster":
        told = ladders.place(re.sub(r"\s+", " ", words), language)
        if told:
            return told
    if mark.kind in NUMBERED:
        return who.words_for(mark.kind, words, language)
    return label(mark.kind, language)
