"""Two readings of change, side by side, and those who go against the stream."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from quidqual.analysis.change import change
from quidqual.analysis.grid import PRESENCE, as_ordered, corpus_of, grid_of
from quidqual.study.arguments import must_be_number, must_have, some_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import k_of_n

__all__ = ["counter_movement", "cross_sections", "deviant_cases"]

UP = ("emerged", "increased", "cumulative")
DOWN = ("ceased", "decreased")
LEVEL = ("constant", "never", "happened", "background")


def cross_sections(presence: pd.DataFrame, *, rounds: Iterable[str] | None = None) -> pd.DataFrame:
    """Read each round as a cross-section, and beside it the same people over time.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it.
    rounds : iterable of str, optional
        Rounds in which the same people must have been observed; by default all rounds
        of the table.

    Returns
    -------
    DataFrame
        One row per code and round, sorted: ``code``, ``round`` (ordered Categorical);
        ``k``, ``n``, ``label``, ``who`` (str: everyone observed in this round);
        ``k_same``, ``n_same``, ``label_same``, ``who_same`` (those observed in every one
        of ``rounds``); ``corpus``.

    Raises
    ------
    QuidqualError
        If a round is not in the table.

    Notes
    -----
    Where the two readings differ, what looks like change may be a change in who was
    interviewed. With a round that only a few were due in, name the ``rounds`` to compare,
    or hardly anyone remains.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.cross_sections(qq.presence(qq.load_example("small"), codes="trust"))
    >>> table[["round", "label", "who", "label_same", "who_same"]]
      round   label     who label_same who_same
    0    R1  1 of 2  P1, P2     0 of 1       P1
    1    R2  1 of 1      P1     1 of 1       P1
    """
    grid = grid_of(presence, states=PRESENCE)
    names = [str(time) for time in grid.rounds]
    wished = names if rounds is None else some_of(rounds, names, field="rounds")
    at = [names.index(time) for time in wished]
    # What was said unasked has no denominator: the silence of the others was no absence.
    observed = grid.observed & ~grid.volunteered
    in_all = np.asarray(observed[:, :, at].all(axis=2))
    rows = []
    for c, code in enumerate(grid.things):
        for t in range(len(names)):
            seen, has = observed[:, c, t], grid.present[:, c, t]
            same = seen & in_all[:, c]
            row: list[object] = [code, grid.rounds[t]]
            for who in (seen, same):
                k, n = int((who & has).sum()), int(who.sum())
                row += [k, n, k_of_n(k, n), grid.who(who)]
            rows.append(tuple(row))
    columns = ["round", "k", "n", "label", "who", "k_same", "n_same", "label_same", "who_same"]
    table = grid.table(rows, columns)
    return table.assign(round=as_ordered(table["round"], grid.rounds))


def counter_movement(table: pd.DataFrame) -> pd.DataFrame:
    """Show for each code which way most participants go, and who goes the other way.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.change`, or of :func:`quidqual.presence`.

    Returns
    -------
    DataFrame
        One row per code that moves in anyone: ``code``; ``direction`` (``up``, ``down``,
        or ``divided`` if as many go up as down); ``n_with``, ``n_against``, ``n_level``,
        ``n_unclear``, ``n_unknown`` (int); ``n`` (participants whose course is known);
        ``label`` ("1 of 4": against); ``who_with``, ``who_against`` (str); ``corpus``.
        Codes with counter-movement stand first, then the order of the codebook.

    Raises
    ------
    QuidqualError
        If the table is neither of change nor of presence.

    Notes
    -----
    Up: emerged, increased, cumulative. Down: ceased, decreased. Level: constant, never, and
    what happened or held before the first interview: an event or a background cannot go down.
    Unclear: recurred, turning point, idiosyncratic. Unknown: fewer than two rounds. When
    divided, ``who_with`` goes up and ``who_against`` down. Up means that a code comes to
    be present, not that things get better: less of ``self_blame`` is down.

    Examples
    --------
    >>> import quidqual as qq
    >>> import pandas as pd
    >>> rows = [("a", "R1", "absent"), ("a", "R2", "present"), ("b", "R1", "absent"),
    ...         ("b", "R2", "present"), ("c", "R1", "present"), ("c", "R2", "absent")]
    >>> table = pd.DataFrame(rows, columns=["participant", "round", "state"]).assign(code="x")
    >>> qq.counter_movement(table)[["code", "direction", "label", "who_against"]]
      code direction   label who_against
    0    x        up  1 of 3           c
    """
    changed = _changed(table)
    kind = changed["kind"].astype("str")
    marks = changed.assign(
        up=kind.isin(UP), down=kind.isin(DOWN), level=kind.isin(LEVEL), unknown=kind == "unknown"
    )
    rows = []
    for code, part in marks.groupby("code", observed=True, sort=True):
        up, down, level, unknown = part[["up", "down", "level", "unknown"]].sum().tolist()
        if up + down == 0:
            continue
        ways = ("up", "down") if up >= down else ("down", "up")
        direction = "divided" if up == down else ways[0]
        n, fewer = len(part) - unknown, min(up, down)
        counts = (max(up, down), fewer, level, n - up - down - level, unknown, n, k_of_n(fewer, n))
        who = [", ".join(part.loc[part[way], "participant"].astype("str")) for way in ways]
        rows.append((code, direction, *counts, *who))
    columns = ["code", "direction", "n_with", "n_against", "n_level", "n_unclear", "n_unknown"]
    found = pd.DataFrame(rows, columns=[*columns, "n", "label", "who_with", "who_against"])
    if isinstance(changed["code"].dtype, pd.CategoricalDtype):
        found["code"] = found["code"].astype(changed["code"].dtype)
    found = found.assign(_none=found["n_against"] == 0).sort_values(["_none", "code"])
    return found.drop(columns="_none").reset_index(drop=True).assign(corpus=corpus_of(changed))


def deviant_cases(table: pd.DataFrame, *, majority: float = 0.5) -> pd.DataFrame:
    """Find the participants whose course does not fit what most others show.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.change`, or of :func:`quidqual.presence`.
    majority : float
        A course is the rule if more than this share of those whose course is known have
        it, at least two people; between 0.5 and 1.

    Returns
    -------
    DataFrame
        One row per deviation, sorted by code and participant: ``group``, ``code``,
        ``rule`` (the simpler kind that most show), ``k`` and ``n`` (who show it, of those
        known), ``label``; ``participant``, ``kind``, ``simple``, ``pattern`` of the case
        that does not fit; ``deviations`` (int: of this participant, over all codes);
        ``corpus``.

    Raises
    ------
    QuidqualError
        If the table is neither of change nor of presence, or ``majority`` is out of range.

    Notes
    -----
    Compared within a group, on the simpler kinds; *constant* and *persisted* fit each
    other, since they differ only in a missed interview. *Not observed* is no deviation:
    of those people nothing is known. A deviant case is not an error to explain away but
    the place where an explanation is tested.

    References
    ----------
    Lincoln, Y. S. & Guba, E. G. (1985). *Naturalistic Inquiry* (negative case analysis).
    Sage.

    Examples
    --------
    >>> import quidqual as qq
    >>> import pandas as pd
    >>> rows = [(p, r, "present" if r == "R2" else "absent") for p in "abc" for r in ("R1", "R2")]
    >>> rows += [("d", "R1", "present"), ("d", "R2", "absent")]
    >>> table = pd.DataFrame(rows, columns=["participant", "round", "state"]).assign(code="x")
    >>> qq.deviant_cases(table)[["code", "rule", "label", "participant", "simple"]]
      code     rule   label participant simple
    0    x  emerged  3 of 4           d  faded
    """
    must_be_number(majority, field="majority")
    if not 0.5 <= majority < 1:
        raise QuidqualError.of(
            f"majority must be from 0.5 to below 1, not {majority!r}.", field="majority"
        )
    changed = _changed(table)
    if "code_kind" in changed:
        changed = changed[changed["code_kind"] != "background"]  # a fact is no course
    simple = changed["simple"].astype("str")
    rows = changed.assign(simple=simple, as_rule=simple.replace("persisted", "constant"))
    known = rows[rows["simple"] != "not observed"]
    keys = ["group", "code"]
    counts = known.groupby([*keys, "as_rule"], observed=True).size().rename("k").reset_index()
    counts["n"] = counts.groupby(keys, observed=True)["k"].transform("sum")
    rules = counts[(counts["k"] > majority * counts["n"]) & (counts["k"] >= 2)]
    rules = rules.rename(columns={"as_rule": "rule"})
    found = known.merge(rules, on=keys, how="inner")
    found = found[found["as_rule"] != found["rule"]]
    found["label"] = [k_of_n(k, n) for k, n in zip(found["k"], found["n"], strict=True)]
    found["deviations"] = found.groupby("participant")["code"].transform("size").astype("int64")
    found = found.assign(_code=found["code"].map({c: i for i, c in enumerate(_order(changed))}))
    found = found.sort_values(["_code", "group", "participant"]).reset_index(drop=True)
    columns = [*keys, "rule", "k", "n", "label", "participant", "kind", "simple", "pattern"]
    return found[[*columns, "deviations", "corpus"]]


def _changed(table: pd.DataFrame) -> pd.DataFrame:
    """Take a table of change as it is, and make one of a table of presence."""
    if isinstance(table, pd.DataFrame) and "state" in table:
        return change(table)
    needed = ("participant", "group", "code", "kind", "simple", "pattern")
    must_have(table, needed, of="qq.change(...) or qq.presence(...)")
    twice = table.duplicated(["participant", "code"])
    if twice.any():
        place = ", ".join(f"{key} {table.loc[twice, key].iloc[0]!s}" for key in needed[:3:2])
        raise QuidqualError.of(
            f"the table has two rows for {place}.", remedy="Keep one row a course.", field="table"
        )
    return table if "corpus" in table else table.assign(corpus="")


def _order(changed: pd.DataFrame) -> list[str]:
    column = changed["code"]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.categories)
    return sorted(column.unique())
