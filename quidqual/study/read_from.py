"""What a saved reading keeps of the whole study: who was interviewed when, and no more.

The ledger asks whom a claim is about, and that is not fewer people because a reading leaves some
out. So the folder of a reading holds a folder ``read_from`` with the participants, interviews and
rounds of the whole study: no note, no coding, and of the attributes only those that claims name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.study.claims import Claim
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.read_table import read_text_table
from quidqual.study.reading import RawStudy, read_settings, round_list
from quidqual.study.schema import fields_of
from quidqual.study.write_table import csv_text

if TYPE_CHECKING:
    from quidqual.study.model import Study

FOLDER = "read_from"
_PEOPLE = ("participant", "group", "role")
_TALKS = ("interview", "participant", "round", "status")
_SETTINGS = ("title", "approach", "corpus", "languages")


def whole_files(study: Study) -> dict[str, Any]:
    """Give the tables and settings of the whole study that a reading keeps, by name."""
    if study.read_from is None:
        return {}
    whole = study.read_from.raw
    named = set(_named_by(study.claims))
    people = [c for c in whole.participants if c in _PEOPLE or c in named]
    talks = [c for c in whole.interviews if c in _TALKS or c in named]
    rounds = [{"round": entry["round"]} for entry in round_list(whole.settings)]
    settings = {name: whole.settings[name] for name in _SETTINGS if name in whole.settings}
    return {
        "study.toml": {**settings, "rounds": rounds},
        "participants.csv": csv_text(whole.participants[people]),
        "interviews.csv": csv_text(whole.interviews[talks]),
    }


def _named_by(claims: tuple[Claim, ...]) -> Iterator[str]:
    """Columns by which checks choose people and interviews."""
    for claim in claims:
        for check in claim.checks:
            for key in ("who", "where"):
                if isinstance(check.get(key), Mapping):
                    yield from map(str, check[key])


def read_whole(folder: Path, problems: list[Problem]) -> RawStudy | None:
    """Read what a saved reading keeps of the whole study; None where there is nothing."""
    place = folder / FOLDER
    if not place.is_dir():
        return None
    whole = RawStudy(settings=read_settings(place, problems))
    for table in ("participants", "interviews"):
        name = f"{FOLDER}/{table}.csv"
        try:
            data = (folder / name).read_bytes()
        except OSError:
            message = "the file is missing, so whom this reading leaves out is not known."
            problems.append(Problem(name, None, "", message, "Make and save the reading anew."))
            return None
        try:
            found = read_text_table(data, file=name, columns=fields_of(table))
        except QuidqualError as error:
            problems.extend(error.problems)
            return None
        problems.extend(found.problems)
        setattr(whole, table, found.frame)
    return whole
