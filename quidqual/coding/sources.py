"""What can be tagged or searched: a study, a text, many texts, a frame; made one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.segments import segments_of
from quidqual.study.speech import speech_rules, verbatim_spans

if TYPE_CHECKING:
    from quidqual.study.model import Study

Source: TypeAlias = "Study | str | Mapping[str, str] | Iterable[str] | pd.Series | pd.DataFrame"

CARRIED = ("participant", "group", "round", "speech", "speaker", "corpus")


@dataclass(frozen=True)
class Passages:
    """Segments in order, and where each comes from.

    Attributes
    ----------
    texts : sequence of str
        The segments' words.
    languages : sequence of str
        Of each segment; "" where unknown.
    about : DataFrame or None
        ``interview, segment, start`` and whatever else is carried, row by row; None for
        a plain row of texts, which are named by their number.
    names : sequence of str or None
        Names of a plain row of texts.
    notes : mapping of str to str
        Whole texts by interview, where they are known.
    spoken : mapping of str to list of (int, int)
        The participants' own words by interview, where whole texts are known.
    """

    texts: Sequence[str]
    languages: Sequence[str]
    about: pd.DataFrame | None = None
    names: Sequence[str] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, list[tuple[int, int]]] = field(default_factory=dict)

    def rows(self, at: Sequence[int]) -> pd.DataFrame:
        """``interview, segment, start`` (and what is carried) of some segments."""
        if self.about is not None:
            return self.about.take(list(at)).reset_index(drop=True)
        names = [str(i) for i in at] if self.names is None else [self.names[i] for i in at]
        frame = pd.DataFrame({"interview": pd.Series(names, dtype="str")})
        return frame.assign(segment=1, start=0)


def passages(source: Source, *, language: str | None = None) -> Passages:
    """Make passages of whatever the user gave.

    Parameters
    ----------
    source : Study, str, mapping, iterable of str, Series or DataFrame
        A study gives its segments. A text or a mapping of name to text is cut into
        sentences. In a list or Series each text is one segment. A frame needs the column
        ``words`` (or ``text``) and may have ``interview, segment, start, language``.
    language : str, optional
        Of texts that carry none.

    Returns
    -------
    Passages

    Raises
    ------
    QuidqualError
        For anything that is not text, by row.
    """
    if is_study(source):
        notes = dict(zip(source.notes["interview"], source.notes["text"], strict=True))
        spoken = {interview: source.verbatim(interview) for interview in notes}
        return replace(_of_frame(source.segments, ""), notes=notes, spoken=spoken)
    if isinstance(source, str):
        return _of_notes({"text": source}, language or "")
    if isinstance(source, Mapping):
        return _of_notes(dict(source), language or "")
    if isinstance(source, pd.DataFrame):
        return _of_frame(source, language or "")
    if isinstance(source, pd.Series):
        names = None if isinstance(source.index, pd.RangeIndex) else list(map(str, source.index))
        return _of_list(source.tolist(), language or "", names)
    if isinstance(source, Iterable) and not isinstance(source, bytes):
        return _of_list(list(source), language or "", None)
    raise QuidqualError.of(
        f"cannot read texts from {type(source).__name__}.",
        field="source",
        remedy="Give a study, a text, a mapping of name to text, a list of texts or a frame.",
    )


def is_study(source: object) -> TypeGuard[Study]:
    """Tell a study without loading the module that makes one."""
    return hasattr(source, "segments") and hasattr(source, "codebook")


def _of_list(texts: list[str], language: str, names: Sequence[str] | None) -> Passages:
    _check(texts)
    return Passages(texts, [language] * len(texts), None, names)


def _of_notes(notes: dict[str, str], language: str) -> Passages:
    _check(list(notes.values()), list(notes))
    rows = [
        (str(name), number, s.start, s.words, language, s.speech)
        for name, text in notes.items()
        for number, s in enumerate(segments_of(text, language=language or "xx"), 1)
    ]
    columns = ["interview", "segment", "start", "words", "language", "speech"]
    rules = speech_rules(language)
    spoken = {name: verbatim_spans(text, rules) for name, text in notes.items()}
    frame = _of_frame(pd.DataFrame(rows, columns=columns), language)
    return replace(frame, notes=notes, spoken=spoken)


def _of_frame(frame: pd.DataFrame, language: str) -> Passages:
    column = "words" if "words" in frame else "text"
    if column not in frame:
        raise QuidqualError.of(
            "the frame has no column with text.",
            field="words",
            remedy="Name the column with the texts 'words' (or 'text').",
        )
    texts = frame[column].tolist()
    _check(texts)
    about = pd.DataFrame(
        {
            "interview": frame["interview"].astype("str").to_numpy()
            if "interview" in frame
            else [str(i) for i in range(len(frame))],
            "segment": frame["segment"].to_numpy() if "segment" in frame else 1,
            "start": frame["start"].to_numpy() if "start" in frame else 0,
        }
    )
    for name in CARRIED:
        if name in frame:
            about[name] = frame[name].array
    languages = frame["language"].fillna("").astype(str).tolist() if "language" in frame else []
    return Passages(texts, languages or [language] * len(texts), about)


def _kind(value: object) -> str:
    return "missing" if pd.api.types.is_scalar(value) and pd.isna(value) else "no text"


def _check(texts: Sequence[object], names: Sequence[object] | None = None) -> None:
    if set(map(type, texts)) <= {str}:
        return
    problems = [
        Problem(
            row=None if names else i,
            field=str(names[i]) if names else "words",
            message=f"is {_kind(t)} ({type(t).__name__}).",
            remedy="Give text, or leave the row out.",
        )
        for i, t in enumerate(texts)
        if not isinstance(t, str)
    ]
    if problems:
        raise QuidqualError(problems, "Each text must be text:")
