"""`quidqual code`, `read`, `codebook`: coding from a terminal and from scripts."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quidqual.hand_coding.session import CodingSession


def add_commands(commands: Any) -> None:
    """Add the commands."""
    _add_code(commands)
    for name, help_text in (("read", "say that notes were read to their end"),
                            ("unread", "take that mark away")):  # fmt: skip
        mark = commands.add_parser(name, help=help_text)
        mark.add_argument("interviews", nargs="+", metavar="INTERVIEW")
        add_who(mark)
        mark.set_defaults(run=_mark, mark=name)
    for name, help_text in (("undo", "take the last step of a coder back"),
                            ("redo", "make the step again that was taken back last")):  # fmt: skip
        back = commands.add_parser(name, help=help_text)
        add_who(back)
        back.set_defaults(run=_back, way=name)
    _add_codebook(commands)


def add_who(parser: argparse.ArgumentParser) -> None:
    """Add what says which study, and who codes."""
    parser.add_argument("--study", type=Path, default=Path("."), help="study folder (default: .)")
    parser.add_argument("--coder", default=os.environ.get("QUIDQUAL_CODER"),
                        help="who codes (default: the variable QUIDQUAL_CODER)")  # fmt: skip


def _add_code(commands: Any) -> None:
    code = commands.add_parser("code", help="add, list, change or remove codings")
    verbs = code.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="code a passage")
    add.add_argument("interview")
    add.add_argument("--code", required=True)
    add.add_argument("--words", help="the passage, as it stands in the note")
    add.add_argument("--nth", type=int, help="which place, where the words stand several times")
    add.add_argument("--start", type=int, help="in place of words: code points from 0")
    add.add_argument("--end", type=int)
    add.add_argument("--memo", default="")
    add.add_argument("--weight", type=float)
    add.set_defaults(run=_add)
    find = verbs.add_parser("find", help="code every hit of words or of a query, after a look")
    find.add_argument("query", help='such as trust* or \'"trust*" & round("R1")\'')
    find.add_argument("--code", help="left out: the hits are only listed")
    find.add_argument("--except", dest="without", type=int, nargs="+", default=[], metavar="N",
                      help="numbers of hits that are none")  # fmt: skip
    find.set_defaults(run=_find)
    listed = verbs.add_parser("list", help="list the codings of a coder, without their words")
    listed.add_argument("interview", nargs="?")
    listed.set_defaults(run=_list)
    remove = verbs.add_parser("remove", help="remove a coding")
    remove.add_argument("coding", help="its id, or the first letters of it")
    remove.set_defaults(run=_remove)
    change = verbs.add_parser("change", help="give a coding another code, bounds, memo or weight")
    change.add_argument("coding", help="its id, or the first letters of it")
    change.add_argument("--code")
    change.add_argument("--words", help="new bounds, by the words of the passage")
    change.add_argument("--start", type=int)
    change.add_argument("--end", type=int)
    change.add_argument("--memo")
    change.add_argument("--weight", type=float)
    change.set_defaults(run=_change)
    for verb in (add, find, listed, remove, change):
        add_who(verb)


def _add_codebook(commands: Any) -> None:
    book = commands.add_parser("codebook", help="let the codebook grow; see how it grew")
    verbs = book.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser("create", help="create a code")
    create.add_argument("code")
    redefine = verbs.add_parser("redefine", help="change what a code means")
    redefine.add_argument("code")
    for verb in (create, redefine):
        for field in ("label", "definition", "include", "exclude"):
            verb.add_argument(f"--{field}")
    create.add_argument("--parent", help="the code above it")
    create.add_argument("--heading", action="store_true",
                        help="only a heading for codes beneath it, no code of its own")  # fmt: skip
    rename = verbs.add_parser("rename", help="give a code another id, everywhere")
    rename.add_argument("code")
    rename.add_argument("into")
    merge = verbs.add_parser("merge", help="read a code's codings as another's")
    merge.add_argument("code")
    merge.add_argument("into")
    merge.add_argument("--overlaps", choices=("join", "keep"), default="join",
                       help="overlapping passages become one, or stay apart")  # fmt: skip
    split = verbs.add_parser("split", help="move codings of a code into another")
    split.add_argument("code")
    split.add_argument("into")
    split.add_argument("codings", nargs="+", help="their ids")
    move = verbs.add_parser("move", help="put a code under another one")
    move.add_argument("code")
    move.add_argument("--under", help="left out: it becomes a theme")
    retire = verbs.add_parser("retire", help="take a code out of use; its codings stand")
    retire.add_argument("code")
    for verb in (create, redefine, rename, merge, split, move, retire):
        add_who(verb)
        verb.set_defaults(run=_codebook)
    history = verbs.add_parser("history", help="list every recorded step")
    difference = verbs.add_parser("diff", help="what changed between two versions")
    difference.add_argument("before", type=int)
    difference.add_argument("after", type=int, nargs="?")
    reread = verbs.add_parser("reread", help="codings made before their code was redefined")
    finish = verbs.add_parser("finish", help="finish a step that was cut off")
    for verb in (history, difference, reread, finish):
        verb.add_argument("--study", type=Path, default=Path("."), help="study folder (default: .)")
        verb.set_defaults(run=_look)


def session_of(chosen: argparse.Namespace) -> CodingSession:
    """Open the study for coding in the name of who codes."""
    from quidqual.hand_coding.session import coding_session
    from quidqual.study.errors import QuidqualError

    if not chosen.coder:
        raise QuidqualError.of(
            "it is not said who codes.",
            remedy="Give --coder NAME, or set QUIDQUAL_CODER.",
            field="coder",
        )
    return coding_session(chosen.study, coder=chosen.coder)


def _add(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        key = c.add(
            chosen.interview, code=chosen.code, words=chosen.words, nth=chosen.nth,
            start=chosen.start, end=chosen.end, memo=chosen.memo, weight=chosen.weight,
        )  # fmt: skip
        place = c.coding(key)
    print(f"{key}  {place['interview']} {place['start']}-{place['end']}  {chosen.code}")
    return 0


def _find(chosen: argparse.Namespace) -> int:
    from quidqual.hand_coding.code_hits import as_asked

    with session_of(chosen) as c:
        hits = c.find(as_asked(chosen.query))
        hits.index = range(1, len(hits) + 1)
        if not chosen.code:
            listed = hits[["interview", "start", "end", "speech"]]
            print(listed.to_string() if len(hits) else "none")
            return 0
        hits["keep"] = ~hits.index.isin(chosen.without)
        done = c.code_hits(hits, chosen.code)["done"].value_counts()
    print(", ".join(f"{n} {what}" for what, n in done.items()) or "none")
    return 0


def _list(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        table = c.codings[["id", "interview", "start", "end", "code", "source", "weight"]]
    if chosen.interview:
        table = table[table["interview"] == chosen.interview]
    print(table.to_string(index=False) if len(table) else "no codings")
    return 0


def _one(c: CodingSession, given: str) -> str:
    from quidqual.study.errors import QuidqualError

    found = [key for key in c.state.standing if key.startswith(given)]
    if len(found) != 1:
        raise QuidqualError.of(
            f"{len(found)} codings of {c.coder!r} begin with these letters.",
            remedy="Give more of the id; `quidqual code list` shows it.",
            field="coding",
        )
    return found[0]


def _remove(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        key = _one(c, chosen.coding)
        c.remove(key)
    print(f"removed {key}")
    return 0


def _change(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        key = _one(c, chosen.coding)
        if chosen.words is not None or chosen.start is not None or chosen.end is not None:
            c.change_bounds(key, words=chosen.words, start=chosen.start, end=chosen.end)
        if chosen.code is not None:
            c.change_code(key, chosen.code)
        if chosen.memo is not None:
            c.memo(chosen.memo, coding=key)
        if chosen.weight is not None:
            c.weigh(key, chosen.weight)
    print(f"changed {key}")
    return 0


def _mark(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        (c.read if chosen.mark == "read" else c.unread)(*chosen.interviews)
        done, notes = len(c.state.read), len(c.study.notes)
    print(f"{chosen.coder}: {done} of {notes} notes marked as read")
    return 0


def _back(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        what = c.undo() if chosen.way == "undo" else c.redo()
    print(f"{chosen.way}: {what}" if what else f"nothing to {chosen.way}")
    return 0


def _codebook(chosen: argparse.Namespace) -> int:
    names = ("label", "definition", "include", "exclude")
    given = {n: getattr(chosen, n, None) for n in names}
    fields: dict[str, Any] = {n: value for n, value in given.items() if value is not None}
    with session_of(chosen) as c:
        codes, verb = c.codes, chosen.verb
        if verb == "create":
            if chosen.heading:
                fields["codable"] = False
            codes.create(chosen.code, parent=chosen.parent, **fields)
            told = f"created {chosen.code}"
        elif verb == "redefine":
            codes.redefine(chosen.code, **fields)
            again = c.to_reread()
            told = f"redefined {chosen.code}: {(again['code'] == chosen.code).sum()} codings of "
            told += f"{chosen.coder} to read again"
        elif verb == "rename":
            told = (
                f"renamed {chosen.code} to {chosen.into}: {codes.rename(chosen.code, chosen.into)}"
            )
            told += " codings went along"
        elif verb == "merge":
            report = codes.merge(chosen.code, into=chosen.into, overlaps=chosen.overlaps)
            told = f"merged {chosen.code} into {chosen.into}\n"
            told += report.to_string(index=False) if len(report) else "no codings moved"
        elif verb == "split":
            codes.split(chosen.code, {chosen.into: chosen.codings})
            told = f"{len(chosen.codings)} codings of {chosen.code} are now {chosen.into}"
        elif verb == "move":
            codes.move(chosen.code, parent=chosen.under)
            told = f"{chosen.code} is now " + (
                f"under {chosen.under}" if chosen.under else "a theme"
            )
        else:
            codes.retire(chosen.code)
            told = f"retired {chosen.code}; its codings stand"
    print(told)
    return 0


def _look(chosen: argparse.Namespace) -> int:
    from quidqual.hand_coding.codebook_versions import codebook_diff, codebook_history, to_reread

    if chosen.verb == "finish":
        from quidqual.hand_coding.carried import finish

        print("finished" if finish(chosen.study) else "nothing was cut off")
        return 0
    if chosen.verb == "history":
        table = codebook_history(chosen.study).drop(columns="step")
    elif chosen.verb == "diff":
        table = codebook_diff(chosen.study, chosen.before, chosen.after)
    else:
        table = to_reread(chosen.study)
    print(table.to_string(index=False) if len(table) else "nothing")
    return 0
