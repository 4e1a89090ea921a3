"""Commands for safe hands: pseudonymise, key destroy, forget, release-check."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted

PASSPHRASE = "QUIDQUAL_KEY_PASSPHRASE"


def add_commands(commands: Any) -> None:
    """Add the commands of this family."""
    hide = commands.add_parser("pseudonymise", help="raw notes to a study under pseudonyms")
    hide.add_argument("notes", type=Path, help="raw study, or folder of files named WHO-ROUND.md")
    hide.add_argument("--study", required=True, type=Path, help="new folder of the study")
    hide.add_argument("--key", required=True, type=Path, help="key file, apart from the study")
    hide.add_argument("--review", required=True, type=Path, help="CSV of what you have to decide")
    hide.add_argument("--roster", type=Path, help="CSV of the people, bodies and places you know")
    hide.add_argument("--language", help="of a folder of notes: en or it")
    hide.add_argument(
        "--replacements",
        default="neutral",
        choices=("neutral", "names"),
        help="what stands for people: [woman 7], or names of the same gender and tradition",
    )
    hide.set_defaults(run=_pseudonymise)

    key = commands.add_parser("key", help="what leads from pseudonyms back to people")
    verbs = key.add_subparsers(dest="verb", required=True, metavar="VERB")
    destroy = verbs.add_parser("destroy", help="overwrite and delete the key file")
    destroy.add_argument("key", type=Path)
    destroy.add_argument("--yes", action="store_true", help="without it nothing is destroyed")
    destroy.set_defaults(run=_destroy)

    leave = commands.add_parser("forget", help="a participant withdraws: take her out")
    leave.add_argument("participant", help="her id, such as P3")
    leave.add_argument("--study", required=True, type=Path, help="study folder, which is changed")
    leave.add_argument("--key", type=Path, help="key file, to take her row out of it")
    leave.add_argument("--outputs", type=Path, help="folder of what was made from the study")
    leave.set_defaults(run=_forget)

    check = commands.add_parser("release-check", help="before anything is published")
    check.add_argument("path", type=Path, help="file or folder: table, page, notebook, crate, ...")
    check.add_argument("--study", type=Path, help="study folder it was made from")
    check.add_argument("--roster", type=Path, help="CSV of names that must not be in it")
    check.add_argument("--all", action="store_true", help="list every place of every rule")
    check.add_argument("--log", type=Path, help="release_log.csv with overrides")
    check.add_argument("--override", metavar="RULE", help="let the findings of a rule through")
    check.add_argument("--place", help="only at this place")
    check.add_argument("--name", default="", help="who takes the responsibility")
    check.add_argument("--reason", default="", help="why it may be published")
    check.add_argument("--at", default="", help="time to write into the log, ISO 8601")
    check.set_defaults(run=_release_check)


def _passphrase() -> str:
    """Take the passphrase from the environment or ask for it; never from the command line."""
    from getpass import getpass

    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise QuidqualError.of(
            "there is nobody to ask for the passphrase of the key.",
            remedy=f"Set the environment variable {PASSPHRASE} for this command.",
        )
    return getpass("Passphrase of the key: ")


def _pseudonymise(chosen: argparse.Namespace) -> int:
    from quidqual.privacy.pseudonyms.pseudonymise import pseudonymise

    done = pseudonymise(
        chosen.notes,
        study=chosen.study,
        key=chosen.key,
        passphrase=_passphrase(),
        roster=chosen.roster,
        review=chosen.review,
        language=chosen.language,
        replacements=chosen.replacements,
    )
    if done.study is None:
        print(
            f"{done.undecided} of {len(done.queue)} places to decide in {chosen.review}. Fill in "
            "accept, replace or ignore (with a reason), and run this again. Nothing was written."
        )
        return 1
    for kind, n in done.report.groupby("kind")["n"].sum().items():
        print(f"{kind}: {n}")
    print(f"Wrote {chosen.study}, pseudonymised. The key is {chosen.key}: keep it apart.")
    return 0


def _destroy(chosen: argparse.Namespace) -> int:
    from quidqual.privacy.pseudonyms.key_file import destroy_key

    if not chosen.yes:
        raise QuidqualError.of(
            "without the key no pseudonym leads back to a person, for you neither.",
            remedy="Add --yes if that is what you want.",
        )
    destroy_key(chosen.key)
    print("The key file is gone. Backups and copies of it are not: delete them as well.")
    return 0


def _forget(chosen: argparse.Namespace) -> int:
    from quidqual.privacy.pseudonyms.forget import forget

    passphrase = _passphrase() if chosen.key is not None else ""
    done = forget(
        chosen.study,
        chosen.participant,
        key=chosen.key,
        passphrase=passphrase,
        outputs=chosen.outputs,
    )
    for row in done.itertuples():
        print(f"{row.action}: {row.what}: {row.place}")
    print("Backups, the history of a repository and what was sent to others are still there.")
    return 0


_SHOWN = 3


def _print_findings(findings: Any, *, every: bool) -> None:
    """Print blocks before reviews; of many places of one rule the first ones, unless all."""
    order = {"block": 0, "review": 1, "pass": 2}
    ranked = findings.assign(rank=findings["result"].map(order)).sort_values(
        ["rank", "rule"], kind="stable"
    )
    for (_, rule, who), rows in ranked.groupby(["rank", "rule", "override"], sort=True):
        through = f" (let through by {who})" if who else ""
        for row in rows.head(None if every else _SHOWN).itertuples():
            print(f"{row.result}: {rule}: {row.place}: {row.what}.{through} {row.remedy}")
        if not every and len(rows) > _SHOWN:
            print(f"  {rule}: {counted(len(rows) - _SHOWN, 'more place')} (--all lists them)")


def _release_check(chosen: argparse.Namespace) -> int:
    from quidqual.privacy.release.check_release import release_check

    found = release_check(chosen.path, study=chosen.study, roster=chosen.roster, log=chosen.log)
    if chosen.override:
        if chosen.log is None:
            raise QuidqualError.of(
                "there is no log to write the override into.",
                remedy="Give --log release_log.csv.",
                field="--log",
            )
        found.override(
            rule=chosen.override,
            name=chosen.name,
            reason=chosen.reason,
            log=chosen.log,
            place=chosen.place,
            at=chosen.at,
        )
        found = release_check(chosen.path, study=chosen.study, roster=chosen.roster, log=chosen.log)
    _print_findings(found.findings, every=chosen.all)
    print(repr(found))
    return 1 if found.result == "block" else 0
