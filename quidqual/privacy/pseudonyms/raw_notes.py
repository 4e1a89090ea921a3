"""Raw notes as they come, a study or a folder of files, and the study made of their new texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.privacy.pseudonyms.offset_map import OffsetMap
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.log import CONTEXT, coding_id
from quidqual.study.model import Study, open_study
from quidqual.study.text import canonical, decode

if TYPE_CHECKING:
    from quidqual.privacy.pseudonyms.who_is_who import WhoIsWho

_ENDINGS = (".md", ".txt")
_KEPT = ("participant", "group", "language", "interview", "round", "date", "status", "note",
         "mode", "minutes", "role")  # fmt: skip


@dataclass
class Raw:
    """A raw study; its notes, memos and further columns are what is searched."""

    study: Study
    named: bool  # whether its participants are names, as those of files are

    def texts(self) -> dict[str, str]:
        """Every text that may name somebody: notes, memos, cells of further columns; canonical."""
        raw = self.study.raw
        found = dict(raw.notes)
        for row in raw.codings.itertuples():
            if row.memo:
                found[f"memo:{row.coder}:{row.id}"] = canonical(row.memo)
        for table, frame in (("participants", raw.participants), ("interviews", raw.interviews)):
            for column in [c for c in frame.columns if c not in _KEPT]:
                for number, cell in enumerate(frame[column]):
                    if cell:
                        found[f"{table}:{column}:{number}"] = canonical(str(cell))
        return found

    def owners(self, who: WhoIsWho) -> dict[str, str]:
        """Tell of every text which participant, as she is called in the new study, it is about."""
        raw = self.study.raw
        name = who.participant if self.named else str
        people = {p: name(p) for p in raw.participants["participant"]}
        talks = {
            i: people[p]
            for i, p in zip(raw.interviews["interview"], raw.interviews["participant"], strict=True)
        }
        coded = dict(zip(raw.codings["id"], raw.codings["interview"], strict=True))
        rows = {
            "participants": [people[p] for p in raw.participants["participant"]],
            "interviews": [talks[i] for i in raw.interviews["interview"]],
        }
        found = {}
        for where in self.texts():
            kind, _, rest = where.partition(":")
            last = rest.rpartition(":")[2]
            if kind == "memo" and where not in talks:
                found[where] = talks.get(coded.get(last, ""), "")
            elif kind in rows and where not in talks:
                found[where] = rows[kind][int(last)]
            else:
                found[where] = talks[where]
        return found

    def language_of(self, where: str) -> str:
        """Language of a text: that of its interview, else the first of the study."""
        if where in self._languages():
            return self._languages()[where]
        kind, _, rest = where.partition(":")
        if kind == "memo":
            by_id = dict(
                zip(self.study.raw.codings["id"], self.study.raw.codings["interview"], strict=True)
            )
            return self._languages().get(by_id.get(rest.partition(":")[2], ""), self._first())
        return self._first()

    def _first(self) -> str:
        return str(self.study.raw.settings.get("languages", ["en"])[0])

    def _languages(self) -> dict[str, str]:
        frame = self.study.raw.interviews
        return {
            interview: language or self._first()
            for interview, language in zip(frame["interview"], frame["language"], strict=True)
            if interview in self.study.raw.notes
        }

    def introduce(self, who: WhoIsWho) -> None:
        """Make the participants known, the fullest names first, before anybody else is met."""
        if self.named:
            names = self.study.raw.participants["participant"]
            for name in sorted(names, key=lambda name: (-len(name.split()), name)):
                who.participant(name)

    def rounds(self) -> Sequence[Mapping[str, Any]]:
        """Rounds of the study, with their days where they are known."""
        return list(self.study.raw.settings.get("rounds", []))

    def with_texts(
        self, new: Mapping[str, str], maps: Mapping[str, OffsetMap], who: WhoIsWho
    ) -> tuple[Study, dict[str, int]]:
        """Make the study of the new texts; codings are carried over by the maps."""
        raw = self.study.raw
        ids = self._new_ids(who)
        interviews = raw.interviews.copy()
        participants = raw.participants.copy()
        for table, frame in (("participants", participants), ("interviews", interviews)):
            for column in [c for c in frame.columns if c not in _KEPT]:
                frame[column] = [
                    new.get(f"{table}:{column}:{number}", cell)
                    for number, cell in enumerate(frame[column])
                ]
        people = {p: who.participant(p) if self.named else p for p in participants["participant"]}
        participants["participant"] = participants["participant"].map(people)
        interviews["participant"] = interviews["participant"].map(people)
        interviews["note"] = [
            f"notes/{ids[i]}.md" if note else ""
            for i, note in zip(interviews["interview"], interviews["note"], strict=True)
        ]
        interviews["interview"] = interviews["interview"].map(ids)
        codings, widened = self._codings(new, maps, ids)
        settings = {k: v for k, v in raw.settings.items() if k not in ("journal", "memos")}
        drawn = who.drawn_names()
        if drawn:  # so that the release check knows them from names of people
            settings["privacy"] = {**settings.get("privacy", {}), "pseudonyms": drawn}
        made = replace(
            raw,
            settings=settings,
            participants=participants.sort_values("participant", ignore_index=True),
            interviews=interviews.sort_values("interview", ignore_index=True),
            participant_rows=list(range(2, len(participants) + 2)),
            interview_rows=list(range(2, len(interviews) + 2)),
            notes={ids[i]: new[i] for i in raw.notes},
            codings=codings,
            coding_places=None,
        )
        return Study(made), widened

    def _new_ids(self, who: WhoIsWho) -> dict[str, str]:
        frame = self.study.raw.interviews
        if not self.named:
            return {i: i for i in frame["interview"]}
        return {
            interview: f"{who.participant(person)}-{round_}"
            for interview, person, round_ in zip(
                frame["interview"], frame["participant"], frame["round"], strict=True
            )
        }

    def _codings(
        self, new: Mapping[str, str], maps: Mapping[str, OffsetMap], ids: Mapping[str, str]
    ) -> tuple[pd.DataFrame, dict[str, int]]:
        rows: list[dict[str, Any]] = []
        widened: dict[str, int] = {}
        for row in self.study.raw.codings.to_dict("records"):
            interview = row["interview"]
            text, offsets = new[interview], maps[interview]
            start, end = offsets.to_new(row["start"], row["end"])
            if offsets.cuts(row["start"], row["end"]):
                widened[interview] = widened.get(interview, 0) + 1
            memo = new.get(f"memo:{row['coder']}:{row['id']}", row["memo"])
            rows.append(
                {
                    **row,
                    "interview": ids[interview],
                    "start": start,
                    "end": end,
                    "exact": text[start:end],
                    "prefix": text[max(0, start - CONTEXT) : start],
                    "suffix": text[end : end + CONTEXT],
                    "memo": memo,
                    "id": coding_id(
                        row["coder"], ids[interview], start, end, row["code"], len(rows)
                    ),
                }
            )
        frame = pd.DataFrame(rows, columns=list(self.study.raw.codings.columns))
        return frame.astype(self.study.raw.codings.dtypes.to_dict()), widened


def raw_of(notes: Any, *, language: str | None) -> Raw:
    """Take raw notes as they come.

    Raises
    ------
    QuidqualError
        If there are none, or a name does not tell whose note of which round it is.
    """
    if isinstance(notes, Study):
        return Raw(notes, named=False)
    if isinstance(notes, Mapping):
        return Raw(_of_files(dict(notes), language), named=True)
    folder = as_path(notes, field="notes")
    if (folder / "study.toml").is_file():
        return Raw(open_study(folder), named=False)
    if not folder.is_dir():
        raise QuidqualError.of(
            "there is no such folder.", remedy="Check the path of the notes.", field="notes"
        )
    files = {
        path.stem: decode(path.read_bytes(), file=f"note {number}")
        for number, path in enumerate(sorted(folder.iterdir()), 1)
        if path.suffix.lower() in _ENDINGS
    }
    return Raw(_of_files(files, language), named=True)


def _of_files(files: dict[str, str], language: str | None) -> Study:
    """Make a study in memory of files named WHO-ROUND."""
    if not files:
        raise QuidqualError.of(
            "there are no notes.", remedy="Give .md or .txt files, named WHO-ROUND.", field="notes"
        )
    if language is None:
        raise QuidqualError.of(
            "the language of the notes is not told.",
            remedy="Give language='en' or 'it' (--language).",
            field="language",
        )
    told = [name.rpartition("-") for name in sorted(files)]
    if not all(who and round_ for who, _, round_ in told):
        raise QuidqualError.of(
            "a file's name does not tell whose note of which round it is.",
            remedy="Name each file WHO-ROUND, such as Maria-R1.md.",
            field="notes",
        )
    rounds = sorted({round_.strip() for _, _, round_ in told})
    people = sorted({who.strip() for who, _, _ in told})
    return Study.from_tables(
        title="Interviews",
        corpus="real",
        languages=[language],
        rounds=[{"round": round_} for round_ in rounds],
        participants=[{"participant": who, "group": "participants"} for who in people],
        interviews=[
            {
                "interview": "-".join((who.strip(), round_.strip())),
                "participant": who.strip(),
                "round": round_.strip(),
                "language": language,
                "status": "held",
            }
            for who, _, round_ in told
        ]
        + [
            {
                "interview": f"{who}-{round_}",
                "participant": who,
                "round": round_,
                "status": "missed",
                "language": language,
            }
            for who in people
            for round_ in rounds
            if not any((w.strip(), r.strip()) == (who, round_) for w, _, r in told)
        ],
        notes={
            "-".join((who.strip(), round_.strip())): files[name]
            for name, (who, _, round_) in zip(sorted(files), told, strict=True)
        },
        codebook=[],
    )
