"""The quote table, and code-by-document and code-by-participant matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.arguments import names_of, one_of, takes_study
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.faced import faced

if TYPE_CHECKING:
    from quidqual.study.codebook import Code
    from quidqual.study.model import Study


def label_language(source: Study | Codebook, language: str | None) -> str:
    """Choose the language of the labels: the one asked for, else the first of the study.

    Parameters
    ----------
    source : Study or Codebook
    language : str or None

    Returns
    -------
    str
        A code without a label in it keeps one of its others.

    Raises
    ------
    QuidqualError
        For a language that is neither the study's nor that of any label.

    Examples
    --------
    >>> from quidqual.examples import load_example
    >>> label_language(load_example(), None), label_language(load_example(), "it")
    ('en', 'it')
    """
    codebook = source if isinstance(source, Codebook) else source.codebook
    spoken = () if isinstance(source, Codebook) else source.languages
    if language is None:
        return spoken[0] if spoken else "en"
    there = list(dict.fromkeys([*spoken, *(tongue for code in codebook for tongue in code.label)]))
    if not there:
        raise QuidqualError.of(
            "language= means nothing here: the codebook has no labels.",
            remedy="Leave it out.",
            field="language",
        )
    return str(one_of(language, there, field="language"))


QUOTE_COLUMNS = (
    "participant", "group", "round", "interview", "theme", "code", "label", "words", "speech",
    "before", "after", "start", "end", "coder", "source", "weight", "memo", "at", "language",
    "id", "corpus",
)  # fmt: skip
_CONTEXT = 80
_BY = ("document", "participant")


def _codings(study: Study, coder: str | None, codes: Iterable[str] | None) -> pd.DataFrame:
    """Codings of a coder (default: the study's primary coder, else all) and of codes."""
    frame = study.codings
    coder = coder or study.primary_coder
    if coder is not None:
        one_of(coder, study.coders, field="coder")
        frame = frame[frame["coder"] == coder]
    if codes is not None:
        wanted = {study.codebook[code].id for code in names_of(codes, field="codes")}
        frame = frame[frame["code"].isin(wanted)]
    return frame


@takes_study
def quote_table(
    study: Study,
    *,
    coder: str | None = None,
    codes: Iterable[str] | None = None,
    language: str | None = None,
) -> pd.DataFrame:
    """List every coded passage with its words and where they stand.

    Parameters
    ----------
    study : Study
    coder : str, optional
        Default: the study's primary coder, else all coders.
    codes : iterable of str, optional
        Default: all.
    language : str, optional
        Language of the labels; default: the study's first.

    Returns
    -------
    DataFrame
        One row a coding, in the order of the codebook, then of participants and rounds.
        participant, group, round, interview, theme, code, label (str); words; speech
        (verbatim, paraphrase, mixed); before, after (up to 80 characters around); start,
        end (int); coder, source; weight (Float64); memo, at, language, id, corpus.

    Raises
    ------
    QuidqualError
        For a coder, code or language that is not there.

    Examples
    --------
    >>> from quidqual.examples import load_example
    >>> quote_table(load_example()).columns[:3].tolist()
    ['participant', 'group', 'round']
    """
    name = label_language(study, language)
    frame = _codings(study, coder, codes).rename(columns={"exact": "words"})
    places = list(zip(frame["interview"], frame["start"], frame["end"], strict=True))
    texts = study.raw.notes
    frame = frame.assign(
        label=[study.codebook[code].name(name) for code in frame["code"]],
        round=frame["round"].astype(str),
        before=[texts[i][max(0, start - _CONTEXT) : start] for i, start, _ in places],
        after=[texts[i][end : end + _CONTEXT] for i, _, end in places],
    )
    people = {p: n for n, p in enumerate(study.raw.participants["participant"])}
    rounds = {r: n for n, r in enumerate(study.round_order)}
    codes_at = {c: n for n, c in enumerate(study.codebook.ids)}
    order = pd.DataFrame(
        {
            "code": frame["code"].map(codes_at),
            "person": frame["participant"].map(people),
            "round": frame["round"].map(rounds),
            "start": frame["start"],
            "coder": frame["coder"],
            "id": frame["id"],
        }
    )
    order = order.sort_values(list(order.columns), kind="stable").index
    found = frame.loc[order, list(QUOTE_COLUMNS)].reset_index(drop=True)
    found.attrs["title"] = "quotes"
    return faced(found, "quotes")


@takes_study
def code_matrix(
    study: Study,
    *,
    by: str = "document",
    counts: bool = False,
    coder: str | None = None,
    language: str | None = None,
) -> pd.DataFrame:
    """Cross codes with documents or participants.

    Parameters
    ----------
    study : Study
    by : {"document", "participant"}
    counts : bool, default False
        Number of codings instead of 0 and 1.
    coder : str, optional
        Default: the study's primary coder, else all coders united.
    language : str, optional
        Language of the labels.

    Returns
    -------
    DataFrame
        code, theme, label, then one column (Int64) an interview or participant. A cell
        is empty where the code was not observed: there is no note, nobody has read it, or
        the protocol did not raise the topic there and nobody brought it up. Absence is not
        missingness.

    Raises
    ------
    QuidqualError
        For another value of `by`, or a coder or language that is not there.

    Examples
    --------
    >>> from quidqual.examples import load_example
    >>> code_matrix(load_example(), by="participant").columns[:4].tolist()
    ['code', 'theme', 'label', 'S1']
    """
    one_of(by, _BY, field="by")
    name = label_language(study, language)
    codes = [code for code in study.codebook if code.codable]
    notes = study.notes
    found = _codings(study, coder, None).groupby(["code", "interview"]).size().to_dict()
    head = [(code.id, study.codebook.theme_of(code.id), code.name(name)) for code in codes]
    columns: dict[str, list[list[int | None]]] = {}
    if by == "participant":
        columns = {person: [] for person in study.raw.participants["participant"]}
    cells = zip(
        notes["interview"], notes["participant"], notes["group"], notes["round"], strict=True
    )
    read = study.notes_read(coder)
    for interview, person, group, when in cells:
        key = person if by == "participant" else interview
        column = [_cell(code, interview, group, str(when), found) for code in codes]
        if interview not in read:
            column = [cell or None for cell in column]
        columns.setdefault(key, []).append(column)
    table = pd.DataFrame(head, columns=["code", "theme", "label"])
    made = {key: _united(parts, len(codes), counts) for key, parts in columns.items()}
    table = pd.concat([table, pd.DataFrame(made, dtype="Int64")], axis=1)
    table.attrs["title"] = f"code by {by}"
    return table


def _cell(
    code: Code, interview: str, group: str, when: str, found: dict[tuple[str, str], int]
) -> int | None:
    """Count codings of a code in an interview; None where it was not observed."""
    number = found.get((code.id, interview), 0)
    asked = (not code.asked.groups or group in code.asked.groups) and (
        not code.asked.rounds or when in code.asked.rounds
    )
    return number if number or asked else None


def _united(parts: list[list[int | None]], length: int, counts: bool) -> pd.array:
    """Add up the interviews of one column; observed in one of them is observed."""
    totals: list[int | None] = []
    for row in zip(*parts, strict=True) if parts else [()] * length:
        seen = [cell for cell in row if cell is not None]
        total = sum(seen) if seen else None
        totals.append(total if counts or total is None else min(total, 1))
    return pd.array(totals, dtype="Int64")
