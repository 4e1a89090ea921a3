"""What exploring asks and is answered: a choice in, a table and the passages behind it out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.analysis.prevalence import prevalence
from quidqual.analysis.transitions import trajectories
from quidqual.study.errors import QuidqualError
from quidqual.widget.shown_codes import shown_codes
from quidqual.widget.shown_words import interface_words

if TYPE_CHECKING:
    from quidqual.study.model import Study

Message = dict[str, Any]
VIEWS = ("tiles", "prevalence", "courses")
_LETTERS = np.frombuffer(b"pan", dtype=np.uint8)  # present, absent, not observed
_CONTEXT = 90
_MANY, _FREQUENT = 500, 8


class ExploreSurface:
    """Answers the messages of the exploring surface.

    Parameters
    ----------
    study : Study
    language : {"en", "it"}
        Of the interface.
    name : str
        What the study is called in the lines of code that are shown.
    """

    def __init__(self, study: Study, *, language: str = "en", name: str = "study") -> None:
        self.study, self.language, self.name = study, language, name
        self.words = interface_words(language)
        self._presence: dict[tuple[str, str], pd.DataFrame] = {}

    def answer(self, message: Mapping[str, Any]) -> Message:
        """Do what a message asks; an error of the user is an answer, with its words."""
        try:
            if message.get("op") == "open":
                return self._open()
            if message.get("op") == "table":
                return self._table(message)
            if message.get("op") == "passages":
                return self._passages(message)
            if message.get("op") == "note":
                return self._note(message)
        except QuidqualError as error:
            return {"error": str(error)}
        return {"error": "this is not understood."}

    def _open(self) -> Message:
        study = self.study
        for level in ("theme", "code"):  # computed once, so that each choice is answered at once
            self._whole("", level)
        return {
            "kind": "open", "title": study.title, "corpus": study.corpus, "words": self.words,
            "language": self.language, "views": list(VIEWS), "rounds": list(study.round_order),
            "groups": list(dict.fromkeys(study.participants["group"].astype("str"))),
            "coders": list(study.coders), "coder": study.primary_coder or "",
            "codes": shown_codes(study.codebook, {}), "large": len(study.participants) > 60,
        }  # fmt: skip

    # -- the choice ------------------------------------------------------------------------

    def chosen(self, message: Mapping[str, Any]) -> pd.DataFrame:
        """Presence for a choice of coder, level or theme, group and rounds."""
        level, theme = str(message.get("level") or "code"), str(message.get("theme") or "")
        table = self._whole(str(message.get("coder") or ""), level)
        kept = np.ones(len(table), dtype=bool)
        if theme:
            book = self.study.codebook
            wanted = {theme, *book.descendants(theme)}
            names = pd.Index(table["code"].cat.categories)
            kept = kept & names.isin(list(wanted))[table["code"].cat.codes]
        if message.get("group"):
            kept = kept & (table["group"] == message["group"]).to_numpy(dtype=bool)
        rounds = [str(r) for r in message.get("rounds") or ()]
        if rounds:
            names = pd.Index(table["round"].cat.categories)
            kept = kept & names.isin(rounds)[table["round"].cat.codes]
        if kept.all():
            return table
        found = table[kept]
        codes = [c for c in table["code"].cat.categories if not theme or c in wanted]
        times = [r for r in table["round"].cat.categories if not rounds or r in rounds]
        return found.assign(
            code=found["code"].cat.set_categories(codes),
            round=found["round"].cat.set_categories(times),
        ).reset_index(drop=True)

    def _whole(self, coder: str, level: str) -> pd.DataFrame:
        key = (coder, level)
        if key not in self._presence:
            self._presence[key] = presence(self.study, coder=coder or None, level=level)
        return self._presence[key]

    def code_of(self, message: Mapping[str, Any]) -> str:
        """Three lines of Python that make the same table."""
        told = []
        if message.get("coder"):
            told.append(f"coder={message['coder']!r}")
        if message.get("level") == "theme":
            told.append("level='theme'")
        if message.get("theme"):
            told.append(f"codes={message['theme']!r}")
        rounds = [str(r) for r in message.get("rounds") or ()]
        if rounds:
            told.append(f"rounds={rounds!r}")
        lines = [
            "import quidqual as qq",
            f"presence = qq.presence({', '.join([self.name, *told])})",
        ]
        if message.get("group"):
            wanted = f"group == {str(message['group'])!r}"
            lines[1] += f".query({wanted!r})"
        view = message.get("view")
        if view == "prevalence":
            lines.append("table = qq.prevalence(presence, by=['code', 'round'])")
        elif view == "courses":
            lines.append("table = qq.trajectories(presence)")
        else:
            lines.append("table = presence[['participant', 'code', 'round', 'state']]")
        return "\n".join(lines)

    # -- the tables ------------------------------------------------------------------------

    def _table(self, message: Mapping[str, Any]) -> Message:
        view = str(message.get("view") or "tiles")
        table = self.chosen(message)
        told: Message = {"kind": "table", "view": view, "code": self.code_of(message)}
        if len(table) == 0:
            return {**told, "people": [], "rounds": [], "codes": [], "cells": "", "rows": []}
        if view == "courses":
            return {**told, **self._courses(table)}
        people = list(dict.fromkeys(table["participant"]))
        rounds, codes = list(table["round"].cat.categories), list(table["code"].cat.categories)
        cube = table["state"].cat.codes.to_numpy().reshape(len(people), len(rounds), len(codes))
        told |= {"people": people, "rounds": rounds, "codes": codes}
        if view == "prevalence":
            return {**told, **self._shares(table, codes, rounds)}
        return {**told, "cells": _LETTERS[cube.ravel()].tobytes().decode("ascii")}

    def _shares(self, table: pd.DataFrame, codes: list[str], rounds: list[str]) -> Message:
        """K of n by code and round, with the label that says what a bare share would hide."""
        found = prevalence(table, by=("code", "round"))
        wide = found.set_index(["code", "round"]).reindex(
            pd.MultiIndex.from_product([codes, rounds])
        )
        shape = (len(codes), len(rounds))
        return {
            "k": wide["k"].fillna(0).astype(int).to_numpy().reshape(shape).tolist(),
            "n": wide["n"].fillna(0).astype(int).to_numpy().reshape(shape).tolist(),
            "labels": wide["label"].fillna("").astype("str").to_numpy().reshape(shape).tolist(),
        }

    def _courses(self, table: pd.DataFrame) -> Message:
        """Courses of each code; of many, the most frequent ones and how many were left out."""
        found = trajectories(table)
        rare = 0
        if len(found) > _MANY:
            kept = found[found.groupby("code", observed=True).cumcount() < _FREQUENT]
            rare, found = len(found) - len(kept), kept
        columns = ["code", "pattern", "label", "participants"]
        rows = found[columns].astype("str").to_dict("records")
        return {"rows": [{str(k): v for k, v in row.items()} for row in rows], "rare": rare}

    # -- behind a cell ---------------------------------------------------------------------

    @cached_property
    def _codings(self) -> pd.DataFrame:
        columns = ["interview", "participant", "round", "group", "coder", "code", "theme",
                   "start", "end", "memo", "speech", "id"]  # fmt: skip
        frame = self.study.codings[columns]
        return frame.astype({"round": "str"})

    def _passages(self, message: Mapping[str, Any]) -> Message:
        frame = self._codings
        book = self.study.codebook
        code = str(message["code"])
        kept = frame["code"].isin([code, *book.descendants(code)]).to_numpy(dtype=bool)
        coder = message.get("coder") or self.study.primary_coder
        if coder:
            kept = kept & (frame["coder"] == coder).to_numpy(dtype=bool)
        if message.get("participants"):
            kept = kept & frame["participant"].isin(list(message["participants"])).to_numpy(
                dtype=bool
            )
        if message.get("round"):
            kept = kept & (frame["round"] == message["round"]).to_numpy(dtype=bool)
        if message.get("group"):
            kept = kept & (frame["group"] == message["group"]).to_numpy(dtype=bool)
        if message.get("rounds"):
            kept = kept & frame["round"].isin(list(message["rounds"])).to_numpy(dtype=bool)
        found = frame[kept]
        shown = []
        for row in found.head(200).to_dict("records"):
            text = self.study.text(row["interview"])
            a, b = int(row["start"]), int(row["end"])
            shown.append({
                "interview": row["interview"], "participant": row["participant"],
                "round": row["round"], "coder": row["coder"], "code": row["code"],
                "start": a, "end": b, "words": text[a:b], "speech": row["speech"],
                "before": text[max(0, a - _CONTEXT) : a], "after": text[b : b + _CONTEXT],
                "memo": row["memo"],
            })  # fmt: skip
        return {"kind": "passages", "passages": shown, "n": len(found)}

    def _note(self, message: Mapping[str, Any]) -> Message:
        text = self.study.text(str(message["interview"]))
        a, b = int(message["start"]), int(message["end"])
        return {
            "kind": "note", "interview": message["interview"], "before": text[:a],
            "words": text[a:b], "after": text[b:],
        }  # fmt: skip
