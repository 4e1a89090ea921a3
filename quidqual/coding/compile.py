"""From a codebook to engines: all its patterns parsed, all its problems listed at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from quidqual.coding.engine import Engine, Scope
from quidqual.coding.lemmas import lemmatiser
from quidqual.coding.patterns import ANY_LANGUAGE, Pattern, PatternError, parse, words_of
from quidqual.study.arguments import names_of
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem, QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

CodebookLike: TypeAlias = "Codebook | Study | Mapping[str, object]"


def as_codebook(codebook: CodebookLike) -> Codebook:
    """Take a codebook, a study, or a mapping of code to patterns.

    Examples
    --------
    >>> as_codebook({"trust": {"en": ["trust*"]}, "home": ["Verona"]}).ids
    ('trust', 'home')
    """
    if isinstance(codebook, Codebook):
        return codebook
    if isinstance(getattr(codebook, "codebook", None), Codebook):
        return codebook.codebook  # type: ignore[union-attr]
    if isinstance(codebook, Mapping):
        codes = []
        for code, patterns in dict[str, Any](codebook).items():
            by_language = patterns if isinstance(patterns, Mapping) else {ANY_LANGUAGE: patterns}
            rows = {k: [v] if isinstance(v, str) else list(v) for k, v in by_language.items()}
            codes.append({"id": str(code), "patterns": rows})
        return Codebook(codes)
    raise QuidqualError.of(
        f"cannot read a codebook from {type(codebook).__name__}.",
        field="codebook",
        remedy="Give a Codebook, a study, or a mapping of code to patterns.",
    )


def patterns_of(codebook: CodebookLike) -> dict[str, dict[str, list[str]]]:
    """Give a codebook's patterns in the form of the spaCy component's config.

    Examples
    --------
    >>> patterns_of({"trust": {"en": ["trust*"]}})
    {'trust': {'en': ['trust*']}}
    """
    book = as_codebook(codebook)
    return {c.id: {x: list(p) for x, p in c.patterns.items()} for c in book if c.patterns}


def parse_codebook(codebook: Codebook, *, codes: Iterable[str] | None = None) -> list[Pattern]:
    """Parse the patterns of a codebook.

    Parameters
    ----------
    codebook : Codebook
    codes : iterable of str, optional
        Only these codes and the codes beneath them.

    Returns
    -------
    list of Pattern
        In the order of the codebook.

    Raises
    ------
    QuidqualError
        With every malformed pattern, each by code, language and character.
    """
    chosen = set(codebook.ids) if codes is None else _chosen(codebook, codes)
    patterns, problems = _parsed(codebook, chosen)
    if problems:
        raise QuidqualError(problems, "The codebook has patterns that cannot be used:")
    return patterns


def pattern_problems(codebook: Codebook) -> list[Problem]:
    """List the patterns that the tagger would refuse: `quidqual.validate` asks here.

    Examples
    --------
    >>> [p.field for p in pattern_problems(as_codebook({"skill": ["c++", "sewing"]}))]
    ['skill.patterns.xx']
    """
    return _parsed(codebook, set(codebook.ids))[1]


def _parsed(codebook: Codebook, chosen: set[str]) -> tuple[list[Pattern], list[Problem]]:
    patterns: list[Pattern] = []
    problems: list[Problem] = []
    for code in codebook:
        for language, sources in code.patterns.items() if code.id in chosen else ():
            excluded = {
                s.strip()[1:].strip().casefold()
                for s in map(str, sources)
                if s.strip().startswith("!")
            }
            for written in sources:
                source, field = str(written), f"{code.id}.patterns.{language}"
                try:
                    pattern = _parsed_one(written, excluded)
                except PatternError as error:
                    message = f"pattern {source!r}: {error.message}"
                    problems.append(Problem("codebook.yaml", None, field, message, error.remedy))
                else:
                    patterns.append(pattern.of(code=code.id, language=language))
    return patterns, problems


def _parsed_one(written: object, excluded: set[str]) -> Pattern:
    if not isinstance(written, str | int) or isinstance(written, bool):
        raise PatternError(
            "it must be a text.",
            "Put it in quotes: YAML takes a bare no or yes for a truth value, nothing for none.",
        )
    pattern = parse(str(written))
    if not pattern.exclude and str(written).strip().casefold() in excluded:
        raise PatternError(
            "an exclusion of the same words removes every hit.", "Remove one of the two."
        )
    return pattern


def of_search(error: QuidqualError, field: str) -> QuidqualError:
    """Say what is wrong with patterns that someone searched for: they are in no codebook."""
    if any(problem.file != "codebook.yaml" for problem in error.problems):
        return error
    said = [replace(problem, file="", field=field) for problem in error.problems]
    return QuidqualError(said, "The words searched for cannot be used:")


def _chosen(codebook: Codebook, codes: Iterable[str]) -> set[str]:
    wanted = names_of(codes, field="codes")
    for code in wanted:
        if code not in codebook:
            near = get_close_matches(code, codebook.ids, 1)
            raise QuidqualError.of(
                f"{code!r} is not a code of the codebook.",
                field="codes",
                remedy=f"Did you mean {near[0]!r}?" if near else f"Codes: {listed(codebook.ids)}.",
            )
    return {c for code in wanted for c in (code, *codebook.descendants(code))}


def languages_of(patterns: Iterable[Pattern]) -> list[str]:
    """Languages that have patterns (``xx`` counts for every language)."""
    return sorted({p.language for p in patterns})


def engine_for(
    patterns: Sequence[Pattern],
    languages: Iterable[str],
    *,
    scope: Scope = "longest",
    expansion: pd.DataFrame | None = None,
    lemmas: Mapping[str, Mapping[str, str]] | None = None,
) -> Engine:
    """Make the engine of one language, or of several for mixed texts.

    Parameters
    ----------
    patterns : sequence of Pattern
    languages : iterable of str
        Whose patterns to use; those of ``xx`` are used always.
    scope : {"longest", "all"}
    expansion : DataFrame, optional
        As :func:`quidqual.expand` gives it, edited: only forms whose ``kept`` is true
        are matched by the globs and lemmas it lists.
    lemmas : mapping, optional
        Language to (word to lemma), before the package's own table.
    """
    base = {language.split("-")[0] for language in languages} | {ANY_LANGUAGE}
    own = [p for p in patterns if p.language.split("-")[0] in base]
    lemmatise = None
    if any(word.kind == "lemma" for word in words_of(own)):
        named = sorted(base - {ANY_LANGUAGE})
        tables = [lemmatiser(x, overrides=(lemmas or {}).get(x)) for x in named]
        lemmatise = tables[0] if len(tables) == 1 else None
        if lemmatise is None:
            raise QuidqualError.of(
                "a pattern asks for a lemma, but the texts' language is not one.",
                field="language",
                remedy="Say language= or write the forms out.",
            )
    return Engine(own, scope=scope, lemmatise=lemmatise, allowed=_allowed(expansion, base))


def _allowed(
    expansion: pd.DataFrame | None, languages: set[str]
) -> dict[tuple[str, str], frozenset[str]]:
    if expansion is None:
        return {}
    missing = {"language", "kind", "word", "form", "kept"} - set(expansion.columns)
    if missing:
        raise QuidqualError.of(
            f"the expansion lacks the columns {listed(sorted(missing))}.",
            field="expansion",
            remedy="Edit the frame that quidqual.expand gives.",
        )
    own = expansion[expansion["language"].isin(languages)]
    allowed: dict[tuple[str, str], set[str]] = {}
    for kind, word, form, kept in own[["kind", "word", "form", "kept"]].itertuples(index=False):
        allowed.setdefault((kind, word), set()).update([form] if kept and form else [])
    return {key: frozenset(forms) for key, forms in allowed.items()}
