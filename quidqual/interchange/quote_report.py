"""A report of quotes by code, as Markdown or as a Word file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.interchange.quote_table import label_language, quote_table
from quidqual.interchange.untrusted import need, refuse
from quidqual.study.arguments import takes_study
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_result
from quidqual.study.write_table import repacked, xml_safe

if TYPE_CHECKING:
    from quidqual.study.model import Study

REPORTS = (".md", ".docx")
_SYNTHETIC = "The notes are synthetic: invented for this study, nobody's words."
_MARKS = re.compile(r"([\\`*_\[\]<>#|~$])")
_LISTS = re.compile(r"^(\s*)([-+=]|\d+[.)])")


@dataclass(frozen=True)
class Block:
    """One block of a report: its kind (heading level, text, quote, source) and words."""

    kind: str
    text: str
    level: int = 0


@takes_study
def write_quote_report(
    study: Study,
    path: str | Path,
    *,
    coder: str | None = None,
    codes: Iterable[str] | None = None,
    language: str | None = None,
    replace: bool = False,
) -> Path:
    """Write the coded passages code by code.

    Parameters
    ----------
    study : Study
    path : str or Path
        Ending in .md or .docx.
    coder, codes, language
        As in `quote_table`.
    replace : bool, default False
        Whether a file of this name with other content may be replaced.

    Returns
    -------
    Path
        The file; the same study gives the same bytes.

    Raises
    ------
    QuidqualError
        For any other ending, a coder or code that is not there, or a file that would be
        replaced.

    Notes
    -----
    Each passage says whose it is and whether it is speech: words of the researcher are
    marked as paraphrase, since they may never be quoted as the participant's.
    """
    target = as_path(path)
    kind = target.suffix.casefold()
    if kind not in REPORTS:
        remedy = f"Use one of: {', '.join(REPORTS)}."
        raise refuse(target.name, f"a report cannot be written as {kind or 'this'}.", remedy)
    quotes = quote_table(study, coder=coder, codes=codes, language=language)
    blocks = list(_blocks(study, quotes, label_language(study, language)))
    data = _markdown(blocks).encode("utf-8") if kind == ".md" else _word(blocks)
    write_result(target, data, replace=replace, of=study)
    return target


def _blocks(study: Study, quotes: pd.DataFrame, language: str) -> Iterator[Block]:
    yield Block("heading", study.title, 1)
    if study.corpus == "synthetic":
        yield Block("text", _SYNTHETIC)
    of_code = dict(list(quotes.groupby("code", sort=False)))
    depth = dict(zip(study.codebook.frame["id"], study.codebook.frame["depth"], strict=True))
    needed = {code for code in of_code}
    for code in study.codebook.ids:
        below = set(study.codebook.descendants(code))
        if code not in needed and not below & needed:
            continue
        entry = study.codebook[code]
        yield Block("heading", entry.name(language), min(6, depth[code] + 2))
        if entry.definition:
            yield Block("text", entry.definition)
        if code in of_code:
            yield from _quotes(of_code[code])


def _quotes(frame: pd.DataFrame) -> Iterator[Block]:
    people = frame["participant"].nunique()
    passages = f"{len(frame)} passage{'s' * (len(frame) != 1)}"
    yield Block("text", f"{passages} of {people} participant{'s' * (people != 1)}.")
    columns = ("words", "participant", "round", "interview", "coder", "speech", "memo")
    for words, person, when, interview, coder, speech, memo in zip(
        *(frame[c] for c in columns), strict=True
    ):
        yield Block("quote", words)
        voice = {"verbatim": "speech", "mixed": "speech and paraphrase"}.get(speech, speech)
        yield Block("source", f"{person}, {when} ({interview}), {voice}, coded by {coder}")
        if memo:
            yield Block("text", f"Memo: {memo}")


def escaped(text: str) -> str:
    r"""Write text so that Markdown shows it as it is.

    Examples
    --------
    >>> print(escaped("# *no* <b>"))
    \# \*no\* \<b\>
    """
    lines = (_MARKS.sub(r"\\\1", line) for line in text.split("\n"))
    return "\n".join(_LISTS.sub(lambda m: m.group(1) + _listed(m.group(2)), line) for line in lines)


def _listed(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"


def _markdown(blocks: list[Block]) -> str:
    parts = []
    for block in blocks:
        words = escaped(xml_safe(block.text)).strip("\n")
        if block.kind == "heading":
            parts.append(f"{'#' * block.level} {' '.join(words.split())}")
        elif block.kind == "quote":
            parts.append("\n".join(f"> {line}".rstrip() for line in words.split("\n")))
        elif block.kind == "source":
            parts.append(f"— {words}")
        else:
            parts.append(words)
    return "\n\n".join(parts) + "\n"


def _word(blocks: list[Block]) -> bytes:
    need("docx")
    import docx

    document = docx.Document()
    for block in blocks:
        words = xml_safe(block.text).strip("\n")
        if block.kind == "heading":
            document.add_heading(" ".join(words.split()), level=block.level - 1)
        elif block.kind == "quote":
            document.add_paragraph(words, style="Intense Quote")
        else:
            document.add_paragraph(words)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())
