"""The words of a study, language by language, with the note each stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.selection import as_tuple
from quidqual.coding.tokens import tokenise
from quidqual.study.arguments import must_be_study, must_be_text, one_of, some_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

_VOICES = ("verbatim", "paraphrase", "all")


def words_of(
    source: Study | Mapping[str, Any],
    *,
    speech: str | None = None,
    codes: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Give one row a word.

    Parameters
    ----------
    source : Study or mapping
        A study, or ``{part: text or list of words}``.
    speech : {"verbatim", "paraphrase", "all"}, optional
        Only words between the marks of verbatim speech, or only those outside; by default all.
    codes : str or iterable of str, optional
        Only words under these codes (a theme stands for all beneath it).

    Returns
    -------
    DataFrame
        In order of the text: ``interview``, ``participant``, ``group``, ``round``,
        ``language``, ``word`` (str: the key by which words are compared), ``form`` (as
        written, small letters), ``start``, ``end``, ``run`` (int: unbroken stretch).
    """
    if isinstance(source, Mapping):
        for name, value in (("speech", speech), ("codes", codes)):
            if value not in (None, "all"):
                raise QuidqualError.of(
                    f"{name}= belongs to a study, not to a mapping of texts.",
                    remedy="Leave it out, or give the study.",
                    field=name,
                )
        return _of_parts(source)
    must_be_study(source, or_else=" or a mapping of texts")
    if speech is not None:
        one_of(speech, _VOICES, field="speech")
    notes = source.notes
    table = _table([(number, text, tokenise(text)) for number, text in enumerate(notes["text"])])
    facts = notes[["interview", "participant", "group", "round", "language"]]
    found = facts.take(table["part"]).reset_index(drop=True)
    found = pd.concat([found, table.drop(columns="part")], axis=1)
    if speech in ("verbatim", "paraphrase"):
        inside = _inside(found, own_words(source))
        found = found[inside if speech == "verbatim" else ~inside]
    if codes is not None:
        found = found[_inside(found, _coded(source, codes))]
    return found.reset_index(drop=True)


def heard(source: Study | Mapping[str, Any], speech: str | None) -> str:
    """Say whose words are compared: ``verbatim``, ``paraphrase`` or ``all``.

    Where nothing is wished: the participants' own, if the notes mark any.
    """
    if speech is not None:
        return one_of(speech, _VOICES, field="speech")
    if isinstance(source, Mapping):
        return "all"
    must_be_study(source, or_else=" or a mapping of texts")
    return "all" if own_words(source).empty else "verbatim"


def in_language(words: pd.DataFrame, language: str | None) -> pd.DataFrame:
    """Keep the words of one language, or all.

    Raises
    ------
    QuidqualError
        If the texts are in other languages.
    """
    if language is None:
        return words
    must_be_text(language, field="language")
    spoken = sorted(filter(None, words["language"].unique()))
    some_of(language, spoken, field="language")
    return words[words["language"] == language].reset_index(drop=True)


def _of_parts(source: Mapping[str, Any]) -> pd.DataFrame:
    """Read a mapping of texts or word lists; each part is its own note, person and group."""
    texts = [
        given if isinstance(given, str) else "\n".join(map(str, given)) for given in source.values()
    ]
    table = _table([(number, text, tokenise(text)) for number, text in enumerate(texts)])
    name = np.array([str(name) for name in source], dtype=object)[table["part"]]
    same = {column: name for column in ("interview", "participant", "group", "round")}
    return table.drop(columns="part").assign(**same, language="")


def _table(parts: list[tuple[int, str, list[Any]]]) -> pd.DataFrame:
    """Lay the tokens of many texts out as one table."""
    rows = [
        (number, t.keys[0], text[t.start : t.end].lower(), t.start, t.end, t.run)
        for number, text, tokens in parts
        for t in tokens
    ]
    table = pd.DataFrame(rows, columns=["part", "word", "form", "start", "end", "run"])
    return table.astype({"part": "int64", "start": "int64", "end": "int64", "run": "int64"})


def own_words(study: Study) -> pd.DataFrame:
    """Give the stretches of each note that are a participant's own words.

    Returns
    -------
    DataFrame
        ``interview``, ``start``, ``end``, by the marks of the note's language and those that
        the study declares.
    """
    rows = [
        (interview, start, end)
        for interview in study.notes["interview"]
        for start, end in study.verbatim(interview)
    ]
    return pd.DataFrame(rows, columns=["interview", "start", "end"])


def _coded(study: Study, codes: str | Iterable[str]) -> pd.DataFrame:
    asked = some_of(as_tuple(codes), study.codebook.ids, field="codes")
    wished = set(asked).union(*(study.codebook.descendants(code) for code in asked))
    codings = study.codings
    keep = codings["code"].isin(wished)
    if study.primary_coder is not None:
        keep &= codings["coder"] == study.primary_coder
    return codings.loc[keep, ["interview", "start", "end"]]


def _inside(words: pd.DataFrame, spans: pd.DataFrame) -> np.ndarray:
    """Mark the words that begin inside a span of their note."""
    inside = np.zeros(len(words), dtype=bool)
    places = words.groupby("interview", sort=False).indices
    begins = words["start"].to_numpy()
    for interview, start, end in spans[["interview", "start", "end"]].itertuples(index=False):
        rows = places.get(interview)
        if rows is not None:
            first, last = np.searchsorted(begins[rows], [start, end])
            inside[rows[first:last]] = True
    return inside


def two_sides(
    words: pd.DataFrame, by: str, target: str | None, reference: str | None
) -> tuple[str, str, np.ndarray, np.ndarray]:
    """Split words into a target and what it is compared with.

    Returns
    -------
    target, reference : str
        Their names; the reference is "all others" if none was named.
    in_target, in_reference : ndarray of bool
    """
    one_of(by, ("group", "round", "participant", "interview"), field="by")
    value = words[by].astype("str").to_numpy(dtype=object)
    names = list(dict.fromkeys(value))
    if target is None and len(names) == 2:
        target = names[0]
    if target is None:
        raise QuidqualError.of(
            f"target must name the {by} in question.",
            remedy=f"Use one of {listed(names)}.",
            field="target",
        )
    one_of(target, names, field="target")
    if reference is not None:
        one_of(reference, [name for name in names if name != target], field="reference")
    mine = value == target
    other = ~mine if reference is None else value == reference
    return str(target), reference or "all others", mine, other


def shown_form(words: pd.DataFrame) -> dict[str, str]:
    """Give for each key the way in which it is written most often."""
    counts = words.groupby(["word", "form"]).size().rename("n").reset_index()
    counts = counts.sort_values(["word", "n", "form"], ascending=[True, False, True])
    first = counts.drop_duplicates("word")
    return dict(zip(first["word"], first["form"], strict=True))
