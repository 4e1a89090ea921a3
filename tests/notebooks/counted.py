"""The counts that claims ask for, made anew from the files of the example, without the library.

Written from the data card (asked, absent, not observed; kinds of codes) and from the words for times
in ``docs/report.md``; nothing of `quidqual` is imported, so that a figure printed by a notebook is
compared with one that does not come from the code that printed it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import yaml


class Counted:
    """Who has what, when, in one reading of the study."""

    def __init__(self, folder: Path, coder: str, leave_out: tuple[str, ...] = ()) -> None:
        """Read the files; ``leave_out`` names people and rounds."""

        def table(name):
            with open(folder / name, encoding="utf-8", newline="") as stream:
                return list(csv.DictReader(stream))

        self.people = [p for p in table("participants.csv") if p["participant"] not in leave_out]
        talks = table("interviews.csv")
        talks = [i for i in talks if not {i["participant"], i["round"]} & set(leave_out)]
        self.rounds = sorted({talk["round"] for talk in talks})
        held = {t["interview"]: t for t in talks if t["status"] == "held"}
        self.held = {(t["participant"], t["round"]) for t in held.values()}
        self.book = {
            code["id"]: code
            for code in yaml.safe_load((folder / "codebook.yaml").read_text("utf-8"))["codes"]
        }
        self.group = {p["participant"]: p["group"] for p in self.people}
        self.times: dict[tuple[str, str, str], int] = {}
        log = (folder / "codings" / f"{coder}.jsonl").read_text("utf-8").splitlines()
        for entry in map(json.loads, log):
            assert entry["op"] == "add"
            if entry["interview"] in held:
                talk = held[entry["interview"]]
                key = (talk["participant"], talk["round"], entry["code"])
                self.times[key] = self.times.get(key, 0) + 1

    def course(self, person: str, code: str) -> list[bool | None]:
        """True, False or None (not observed) for each round."""
        asked = self.book[code].get("asked") or {}
        told, raised = False, False
        course: list[bool | None] = []
        for name in self.rounds:
            state: bool | None = None
            if (person, name) in self.held:
                meant = self.group[person] in asked.get("groups", [self.group[person]])
                meant = meant and name in asked.get("rounds", [name])
                state = True if (person, name, code) in self.times else False if meant else None
            kind = self.book[code].get("kind", "state")
            if state is False and told and kind == "event":
                state = True
            elif state is False and (
                (told and kind == "background") or (raised and kind == "prompted_once")
            ):
                state = None
            told, raised = told or state is True, raised or state is not None
            course.append(state)
        return course

    def together(self, person, codes, *, match="any", rounds=()):
        """The course of several codes: any of them, or all."""
        found: list[bool | None] = []
        for name, states in zip(
            self.rounds,
            zip(*(self.course(person, code) for code in codes), strict=True),
            strict=True,
        ):
            if rounds and name not in rounds:
                found.append(None)
            elif match == "all":
                found.append(None if None in states else all(states))
            else:
                found.append(None if set(states) == {None} else True in states)
        return found

    def truth(self, person: str, condition: dict) -> bool | None:
        """Whether a condition holds of a person; None where nothing was observed."""
        rounds = condition.get("rounds") or ()
        if "first" in condition:
            first = self.together(person, condition["first"], rounds=rounds)
            then = self.together(person, condition["then"], rounds=rounds)
            pairs = [(a, b) for a, b in zip(first, then, strict=True)]
            if sum(None not in pair for pair in pairs) < 2:
                return None
            return any(then[later] is True and True in first[:later] for later in range(len(then)))
        codes = condition["codes"]
        course = self.together(person, codes, match=condition.get("match", "any"), rounds=rounds)
        seen = [
            (name, state)
            for name, state in zip(self.rounds, course, strict=True)
            if state is not None
        ]
        when = condition.get("when", "any")
        if len(seen) < (2 if when in ("fades", "rises", "later", "only_first") else 1):
            return None
        states = [state for _, state in seen]
        times = [sum(self.times.get((person, name, c), 0) for c in codes) for name, _ in seen]
        return {
            "any": any(states),
            "every": all(states),
            "never": not any(states),
            "first": states[0],
            "not_first": not states[0],
            "only_first": states[0] and not any(states[1:]),
            "later": any(states[1:]),
            "last": states[-1],
            "not_last": not states[-1],
            "only_last": states[-1] and not any(states[:-1]),
            "fades": states[0] and not states[-1],
            "rises": states[-1] and (not states[0] or times[-1] > times[0]),
        }[when]

    def count(self, check: dict, group: str) -> str:
        """``k of n`` of one check."""
        who = check.get("who") or ({"group": group} if group in self.group.values() else {})
        k = n = 0
        for row in self.people:
            if any(row[c] not in (v if isinstance(v, list) else [v]) for c, v in who.items()):
                continue
            conditions = check.get("where") or [check]
            given = {"rounds": check.get("rounds") or ()}
            answers = [self.truth(row["participant"], {**given, **c}) for c in conditions]
            if False in answers:
                n += 1
            elif None not in answers:
                k, n = k + 1, n + 1
        return f"{k} of {n}" if n else "not observed"

    def counts(self, claim: dict) -> list[str] | None:
        """The counts of a claim as they are printed; None if it counts anything but people."""
        checks = claim.get("check")
        checks = checks if isinstance(checks, list) else [checks] if checks else []
        if not checks or any(check["measure"] != "prevalence" for check in checks):
            return None
        given = {"rounds": claim["rounds"]} if claim.get("rounds") else {}
        told = {}
        for check in ({**given, **check} for check in checks):
            asked = {key: value for key, value in check.items() if key not in ("k", "n", "op")}
            told[json.dumps(asked, sort_keys=True)] = self.count(check, claim.get("group", "all"))
        return list(told.values())
