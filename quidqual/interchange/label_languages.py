"""In which language the labels of codes are written: one that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
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
    if language not in there:
        raise QuidqualError.of(
            f"{language!r} is no language of this {'codebook' if not spoken else 'study'}.",
            remedy=f"Use one of: {listed(there)}."
            if there
            else "Leave it out: there are no labels.",
            field="language",
        )
    return language
