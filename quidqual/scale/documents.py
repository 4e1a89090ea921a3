"""A document of another kind than a note: hard-wrapped lines, headings, sections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.coding.compile import CodebookLike, as_codebook, languages_of, parse_codebook
from quidqual.coding.patterns import ANY_LANGUAGE
from quidqual.coding.tag import tag
from quidqual.coding.tokens import fold, tokenise
from quidqual.study.arguments import must_be_study, must_be_text, must_have, one_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import as_path
from quidqual.study.segments import segments_of
from quidqual.study.text import decode

if TYPE_CHECKING:
    from quidqual.study.model import Study

_LOOKED_AT = 20_000
_NUMBERED = re.compile(r"(?:\d+(?:\.\d+)*\.?|[IVX]+\.|#+)\s+\S")
_LONGEST = 90


def unwrap(text: str) -> str:
    r"""Join hard-wrapped lines without moving a character: a lone line end becomes a space.

    Examples
    --------
    >>> unwrap("one\ntwo\n\nthree")
    'one two\n\nthree'
    """
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def is_heading(block: str) -> bool:
    """Tell a heading by its form: one short line that does not end as a sentence does.

    Examples
    --------
    >>> is_heading("2.1 The survivors"), is_heading("They came in May."), is_heading("METHOD")
    (True, False, True)
    """
    line = block.strip()
    if not line or "\n" in line or len(line) > _LONGEST or line[-1] in '.,;:!?”"':
        return False
    words = line.split()
    titled = sum(w[0].isupper() for w in words if w[0].isalpha())
    return bool(_NUMBERED.match(line)) or (
        line[0].isupper() and len(words) <= 12 and (line.isupper() or titled * 2 >= len(words))
    )


def sections_of(text: str, *, name: str = "text", language: str = "en") -> pd.DataFrame:
    """Cut a document into sentences, each with the section it stands in.

    Returns
    -------
    DataFrame
        ``interview`` (str: the document's name), ``segment`` (int), ``start`` (int: in
        the text), ``words, language, section`` (str: the last heading, "" before any).
    """
    must_be_text(text, field="text")
    rows: list[tuple[str, int, int, str, str, str]] = []
    section = ""
    for block in re.finditer(r"\S(?:[^\n]|\n(?!\s*\n))*", text):
        if is_heading(block.group()):
            section = " ".join(block.group().split())
            continue
        flat = unwrap(block.group())
        for sentence in segments_of(flat, language=language):
            rows.append(
                (
                    name,
                    len(rows) + 1,
                    block.start() + sentence.start,
                    sentence.words,
                    language,
                    section,
                )
            )
    columns = ["interview", "segment", "start", "words", "language", "section"]
    return pd.DataFrame(rows, columns=columns)


def language_of(text: str, languages: Sequence[str]) -> str:
    """Tell which of some languages a text is in, by its commonest words.

    Parameters
    ----------
    text : str
    languages : sequence of str
        Those it may be in.

    Returns
    -------
    str

    Raises
    ------
    QuidqualError
        If it holds too few words that tell, or the languages mix.

    Examples
    --------
    >>> language_of("Non so che cosa dire di questa casa", ["en", "it"])
    'it'
    """
    import spacy

    keys = Counter(token.keys[0] for token in tokenise(text[:_LOOKED_AT]))
    common = {x: spacy.blank(x.split("-")[0]).Defaults.stop_words for x in languages}
    counts = {x: sum(keys[fold(w)] for w in words) for x, words in common.items()}
    best, *others = sorted(counts, key=lambda x: (-counts[x], x))
    if len(counts) > 1 and counts[best] < 2 * counts[others[0]] + 1:
        raise QuidqualError.of(
            "it cannot be told which language the text is in.", field="language",
            remedy=f"Say which: one of {listed(languages)} or 'all'.",
        )  # fmt: skip
    return best


def tag_file(
    path: str | Path, codebook: CodebookLike, *, language: str | None = None
) -> pd.DataFrame:
    """Tag any text file with a codebook, by section.

    Parameters
    ----------
    path : path
        A plain text in UTF-8; never changed.
    codebook : Codebook, Study or mapping of code to patterns
    language : str, optional
        Default: that of the codebook's languages whose commonest words the text holds.
        ``"all"``: every pattern, for a text that mixes languages.

    Returns
    -------
    DataFrame
        The columns of `quidqual.tag` and ``section`` (ordered Categorical: the heading
        above, "" before any; its categories are all headings, also those without a hit).

    Raises
    ------
    QuidqualError
        If the file is not there or not UTF-8, or its language cannot be told or has no
        patterns.
    """
    source = as_path(path)
    try:
        text = decode(source.read_bytes(), file=source.name)
    except OSError:
        raise QuidqualError.of("there is no such file, or it cannot be read.", file=str(path),
                               remedy="Give the path of a plain text.") from None  # fmt: skip
    if language is None:
        have = [x for x in languages_of(parse_codebook(as_codebook(codebook))) if x != ANY_LANGUAGE]
        language = language_of(text, have) if text.strip() and have else (have or ["en"])[0]
    tag([], codebook, language=language)  # tells of a bad language before the text is cut
    segments = sections_of(text, name=source.stem, language="xx" if language == "all" else language)
    hits = tag(segments, codebook, language=language)
    headings = list(dict.fromkeys(segments["section"]))
    section = segments.set_index("segment")["section"].reindex(hits["segment"])
    return hits.assign(section=pd.Categorical(section, categories=headings, ordered=True))


def _check_hits(hits: pd.DataFrame, level: str) -> None:
    """Refuse hits that know no sections, and an unknown level."""
    one_of(level, ("theme", "code"), field="level")
    must_have(hits, ["section", level], of="qq.scale.tag_file(path, codebook)", field="hits")


def section_counts(hits: pd.DataFrame, *, level: str = "theme") -> pd.DataFrame:
    """Count hits by section: which themes a document dwells on, and where.

    Parameters
    ----------
    hits : DataFrame
        From `tag_file`.
    level : {"theme", "code"}

    Returns
    -------
    DataFrame
        One row a section in the order of the document, one column a theme (or code) with
        at least one hit, and ``all``: numbers of hits (int).

    Raises
    ------
    QuidqualError
        If the hits have no sections, as those of a study have none, or for an unknown level.
    """
    _check_hits(hits, level)
    for name in ("section", level):  # hits read back from a file have lost their categories
        if not isinstance(hits[name].dtype, pd.CategoricalDtype):
            seen = hits[name].fillna("")
            hits = hits.assign(**{name: pd.Categorical(seen, categories=seen.unique())})
    order = list(hits["section"].cat.categories)
    columns = [c for c in hits[level].cat.categories if (hits[level] == c).any()]
    table = pd.crosstab(hits["section"].astype(str), hits[level].astype(str))
    table = table.reindex(index=order, columns=columns, fill_value=0).astype("int64")
    table = table.assign(all=table.sum(axis=1))
    return table.rename_axis(index="section", columns=None).reset_index()


def text_beside_notes(hits: pd.DataFrame, study: Study, *, level: str = "theme") -> pd.DataFrame:
    """Set which themes a document dwells on beside which the notes of a study carry.

    Parameters
    ----------
    hits : DataFrame
        From `tag_file`, with the study's codebook.
    study : Study
    level : {"theme", "code"}

    Returns
    -------
    DataFrame
        One row a theme (or code) in the order of the codebook: the name of the level
        (str), ``text_hits`` (int), ``text_share`` (float: of all hits in the document),
        ``sections`` (int: with a hit), ``notes_hits`` (int), ``notes_share`` (float: of
        all hits in the notes), ``tagged`` and ``coded`` (str, "3 of 9": participants with
        a hit, and with a coding by hand, of those with a note), ``corpus``.

    Notes
    -----
    Hits are words, not readings. A share says what a text dwells on beside its other themes;
    a document about people is not one by them, so no test compares the two.

    Raises
    ------
    QuidqualError
        If the hits have no sections, for an unknown level, or what is no study.
    """
    must_be_study(study)
    _check_hits(hits, level)
    own, book = tag(study, cues=()), study.codebook
    codings = study.codings[study.codings["source"].astype(str) == "hand"]
    people = study.notes["participant"].nunique()
    names = list(book.themes) if level == "theme" else [c.id for c in book if c.patterns]

    def spread(rows: pd.DataFrame, name: str) -> str:
        return f"{rows.loc[rows[level].astype(str) == name, 'participant'].nunique()} of {people}"

    rows = []
    for name in names:
        here, there = hits[hits[level] == name], own[own[level] == name]
        rows.append({
            level: name,
            "text_hits": len(here),
            "text_share": len(here) / len(hits) if len(hits) else float("nan"),
            "sections": here["section"].nunique(),
            "notes_hits": len(there),
            "notes_share": len(there) / len(own) if len(own) else float("nan"),
            "tagged": spread(own, name),
            "coded": spread(codings, name),
        })  # fmt: skip
    return pd.DataFrame(rows).assign(corpus=study.mark)
