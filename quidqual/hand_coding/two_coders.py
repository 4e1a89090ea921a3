"""`quidqual compare`, `decide`, `unite`: two coders side by side, and two copies put together."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from quidqual.hand_coding.coding_commands import add_who, session_of


def add_commands(commands: Any) -> None:
    """Add the commands."""
    compare = commands.add_parser("compare", help="list where two coders agree and where they part")
    _pair(compare)
    compare.add_argument("--interview", help="only this note")
    compare.set_defaults(run=_compare)
    decide = commands.add_parser("decide", help="decide where two coders part, into a third set")
    _pair(decide)
    decide.add_argument("cases", nargs="*", metavar="CASE", help="as compare lists them")
    decide.add_argument("--same", action="store_true", help="all passages in which they agree")
    decide.add_argument("--take", required=True, choices=("first", "second", "both", "neither"),
                        help="whose reading is taken")  # fmt: skip
    decide.add_argument("--reason", default="", help="why; needed where they part")
    decide.set_defaults(run=_decide)
    unite = commands.add_parser("unite", help="take in what was coded in another copy of a study")
    unite.add_argument("other", type=Path, help="the other copy; it is not touched")
    add_who(unite)
    unite.set_defaults(run=_unite)


def _pair(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--first", required=True, metavar="CODER")
    parser.add_argument("--second", required=True, metavar="CODER")
    add_who(parser)


def _compare(chosen: argparse.Namespace) -> int:
    with session_of(chosen) as c:
        table = c.compare(chosen.first, chosen.second, interview=chosen.interview)
    columns = ["case", "interview", "kind", "start", "end", "first_code", "second_code", "decided"]
    print(table[columns].to_string(index=False) if len(table) else "nothing to compare")
    counts = table["kind"].value_counts(sort=False)
    print(", ".join(f"{n} {kind}" for kind, n in counts.items()))
    return 0


def _decide(chosen: argparse.Namespace) -> int:
    from quidqual.study.errors import QuidqualError

    with session_of(chosen) as c:
        cases = list(chosen.cases)
        if chosen.same:
            table = c.compare(chosen.first, chosen.second)
            cases += table.loc[table["kind"] == "same", "case"].tolist()
        if not cases:
            raise QuidqualError.of(
                "no case is named.", remedy="Name some that `quidqual compare` lists, or --same."
            )
        made = c.decide(cases, first=chosen.first, second=chosen.second, take=chosen.take,
                        reason=chosen.reason)  # fmt: skip
    print(f"{len(cases)} decided, {len(made)} codings added to those of {c.coder}")
    return 0


def _unite(chosen: argparse.Namespace) -> int:
    from quidqual.hand_coding.united import unite

    session_of(chosen).close()  # says who codes, and that the study is in order
    table = unite(chosen.study, chosen.other, coder=chosen.coder)
    print(table.to_string(index=False) if len(table) else "nothing was coded there")
    return 0
