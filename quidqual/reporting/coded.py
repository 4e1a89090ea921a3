"""What a study holds, claim or no claim: its codebook, each code's quotes, and the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.reporting.quotes import Side, passages_of, side_of
from quidqual.study.wording import counted, joined, k_of_n

if TYPE_CHECKING:
    from quidqual.study.model import Study


@dataclass(frozen=True)
class CodeEntry:
    """One code of the codebook, as it is defined and as it was used."""

    id: str
    label: str
    theme: str
    depth: int
    definition: str
    include: str
    exclude: str
    people: str
    n_passages: int
    passages: Side

    @property
    def rules(self) -> str:
        """What to include and exclude, in one sentence each."""
        parts = [f"Include: {self.include}"] if self.include else []
        return " ".join([*parts, *([f"Exclude: {self.exclude}"] if self.exclude else [])])


def code_entries(
    study: Study, presence: pd.DataFrame, *, quotes: int | None, shown: bool
) -> tuple[CodeEntry, ...]:
    """Lay out the codebook with the use of each code.

    Parameters
    ----------
    study : Study
    presence : DataFrame
        As `quidqual.presence` gives it.
    quotes : int or None
        How many passages a code may be printed with their words; None for all.
    shown : bool
        Whether passages are listed at all, which a report of findings does under each of them.
    """
    codings = study.codings
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    by_code = dict(iter(codings.assign(side="for").groupby("code")))
    seen = presence[presence["state"] != "not_observed"]
    observed = seen.groupby("code", observed=True)["participant"].nunique()
    present = seen[seen["state"] == "present"]
    people = present.groupby("code", observed=True)["participant"].nunique()
    entries = []
    for row in study.codebook.frame.itertuples(index=False):
        own = by_code.get(row.id)
        found = passages_of(study, own) if shown and own is not None else []
        entries.append(
            CodeEntry(
                id=row.id,
                label=study.codebook[row.id].name(),
                theme=study.codebook[row.theme].name(),
                depth=int(row.depth),
                definition=row.definition,
                include=row.include,
                exclude=row.exclude,
                people=k_of_n(int(people.get(row.id, 0)), int(observed.get(row.id, 0)))
                if row.codable
                else "–",  # a heading
                n_passages=0 if own is None else len(own),
                passages=side_of(found, quotes),
            )
        )
    return tuple(entries)


def matrix(study: Study, presence: pd.DataFrame) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Lay participants against themes: in which rounds, and in how many passages.

    Returns
    -------
    (list of str, list of (str, list of str))
        Labels of the themes; each participant with a cell a theme.
    """
    themes = [t for t in study.codebook.themes if t in set(presence["theme"])]
    leaves = {code.id for code in study.codebook} - {code.parent for code in study.codebook}
    table = presence[presence["code"].isin(leaves)]
    pair = ["participant", "theme"]
    observed = table.loc[table["state"] != "not_observed", pair].drop_duplicates()
    seen = set(observed.itertuples(index=False, name=None))
    there = table[table["state"] == "present"]
    passages = there.groupby(pair)["n_codings"].sum().to_dict()
    rounds: dict[tuple[str, str], list[str]] = {}
    for *key, name in there[[*pair, "round"]].drop_duplicates().sort_values("round").to_numpy():
        rounds.setdefault((key[0], key[1]), []).append(str(name))

    def cell(key: tuple[str, str]) -> str:
        if key not in passages:
            return "–" if key in seen else "not observed"
        return f"{joined(rounds[key])}: {counted(int(passages[key]), 'passage')}"

    people = list(dict.fromkeys(presence["participant"]))
    rows = [(who, [cell((who, theme)) for theme in themes]) for who in people]
    return [study.codebook[theme].name() for theme in themes], rows
