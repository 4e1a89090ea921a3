"""REFI-QDA codebooks (.qdc), and the tree of codes as projects write it too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.interchange.assemble import code_tree
from quidqual.interchange.markup import DEPTH, parse_xml
from quidqual.interchange.names import one_line
from quidqual.interchange.project import Account, Imported
from quidqual.interchange.quote_table import label_language
from quidqual.interchange.refi import CODEBOOK, Reader, check_root, guid_of, read_codes
from quidqual.interchange.supplement import code_notes
from quidqual.interchange.untrusted import existing, need, read_capped
from quidqual.study.arguments import must_be_study
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_result
from quidqual.study.write_table import xml_safe

if TYPE_CHECKING:
    from quidqual.study.model import Study


def read_qdc(
    path: str | Path, *, title: str = "", language: str = "und", on_error: str = "raise"
) -> Imported:
    """Read a REFI-QDA codebook.

    Parameters
    ----------
    path : str or Path
        The .qdc file.
    title : str, optional
        Of the study; default: the name of the file.
    language : str, default "und"
        Language of the names (BCP 47).
    on_error : {"raise", "report"}

    Returns
    -------
    Imported
        ``.codebook``, ``.report``, and ``.study``: a study with that codebook and no
        interviews yet.

    Raises
    ------
    QuidqualError
        If the file cannot be read, has no code, or has faults that are not to be reported.

    Examples
    --------
    >>> import tempfile
    >>> from quidqual.study.codebook import Codebook
    >>> book = Codebook([{"id": "ties"}, {"id": "trust", "parent": "ties"}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_qdc(write_qdc(book, f"{folder}/book.qdc")).codebook.children("ties")
    ('trust',)
    """
    from quidqual.study.model import Study

    file = existing(path)
    account = Account(file.name, on_error=on_error)
    root = parse_xml(read_capped(file), file=file.name)
    ns = check_root(root, account, name="CodeBook", namespace=CODEBOOK, member="")
    # A project keeps its codes one element deeper: Project/CodeBook/Codes/Code.
    reader = _CodebookReader(root, ns, account)
    foreign = read_codes(reader)
    if not foreign:
        raise QuidqualError.of(
            "no code was found in it.", remedy="Export the codebook again.", file=file.name
        )
    for group in reader.part("Sets", "Set"):
        account.left_out(group.get("name") or "", "Set", "a study has no sets of codes")
    for name, count in sorted(reader.unknown.items()):
        account.left_out(f"{count} of them", name or "element", "the standard does not name it")
    codes, _ = code_tree(foreign, account, language=language)
    account.settle()
    study = Study.from_tables(
        title=one_line(title) or one_line(file.stem) or "Codebook",
        corpus="real",
        rounds=[{"round": "R1"}],
        participants=[],
        interviews=[],
        notes={},
        codebook=codes,
        languages=[language],
    )
    return Imported(study, account.frame)


class _CodebookReader(Reader):
    """Reads the codes of a file whose outermost element is the codebook itself."""

    def part(self, *names: str):  # type: ignore[no-untyped-def]
        """Go through the elements at a path, without its first step, the codebook."""
        return super().part(*(name for name in names if name != "CodeBook"))


def write_qdc(
    source: Study | Codebook,
    path: str | Path,
    *,
    language: str | None = None,
    replace: bool = False,
) -> Path:
    """Write a codebook as REFI-QDA (.qdc), valid and the same bytes each time.

    Parameters
    ----------
    source : Study or Codebook
    path : str or Path
    language : str, optional
        Language of the names; default: the study's first, else any that a code has.
    replace : bool, default False
        Whether a file of this name with other content may be replaced.

    Returns
    -------
    Path

    Raises
    ------
    QuidqualError
        If there is no code (the standard knows no empty codebook), no label in that
        language, or a file would be replaced.

    Notes
    -----
    Kept: names, tree, colours, headings, definitions. Rules and memos are appended to the
    description, since a .qdc has no notes; patterns and further languages are not kept.
    """
    need("lxml")
    from lxml import etree

    from quidqual import __version__

    if not isinstance(source, Codebook):
        must_be_study(source, or_else=" or a codebook")
    codebook = source if isinstance(source, Codebook) else source.codebook
    if not len(codebook):
        raise QuidqualError.of("the codebook has no code.", remedy="Add one first.")
    name = label_language(source, language)
    origin = {"origin": xml_safe(f"quidqual {__version__}")}
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", origin, nsmap={None: CODEBOOK})
    add_codes(root, codebook, language=name, namespace=CODEBOOK, notes=None)
    target = as_path(path)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    of = "" if isinstance(source, Codebook) else source
    write_result(target, xml, replace=replace, of=of)
    return target


_DEEPEST = DEPTH - 16


def add_codes(
    root: Any,
    codebook: Codebook,
    *,
    language: str,
    namespace: str,
    notes: list[tuple[str, str, str]] | None,
) -> None:
    """Write the codes beneath a project or codebook element.

    Parameters
    ----------
    root : lxml element
        Project or CodeBook.
    codebook : Codebook
    language : str
        Language of the names.
    namespace : str
    notes : list of (guid, name, words), optional
        Receives the memos of codes, which a project keeps among its notes; a codebook
        file has no notes.

    Raises
    ------
    QuidqualError
        If the tree is deeper than XML readers follow.
    """
    from lxml import etree

    if not len(codebook):
        return
    holder = (
        root
        if root.tag.endswith("}CodeBook")
        else etree.SubElement(root, f"{{{namespace}}}CodeBook")
    )
    holder = etree.SubElement(holder, f"{{{namespace}}}Codes")
    below: dict[str | None, list[Code]] = {}
    for code in codebook:
        below.setdefault(code.parent, []).append(code)
    stack = [(code, holder, 1) for code in reversed(below.get(None, []))]
    while stack:
        code, parent, depth = stack.pop()
        if depth > _DEEPEST:
            raise QuidqualError.of(
                f"codes nest deeper than {_DEEPEST} levels, which no program would read.",
                remedy="Flatten the codebook.",
                file="codebook.yaml",
                field=code.id,
            )
        element = _code(parent, code, language, namespace, notes)
        stack += [(child, element, depth + 1) for child in reversed(below.get(code.id, []))]


def _code(
    parent: Any, code: Code, language: str, namespace: str, notes: list[tuple[str, str, str]] | None
) -> Any:
    from lxml import etree

    element = etree.SubElement(
        parent,
        f"{{{namespace}}}Code",
        {
            "guid": guid_of("code", code.id),
            "name": written_name(code, language),
            "isCodable": "true" if code.codable else "false",
        },
    )
    if written_colour(code):
        element.set("color", code.colour)
    words = code.definition
    own = code_notes(code)
    if notes is None and own:
        words = "\n".join([words, *(text for _, _, text in own)]).strip()
    if words:
        etree.SubElement(element, f"{{{namespace}}}Description").text = xml_safe(words)
    for guid, _, _ in own if notes is not None else ():
        etree.SubElement(element, f"{{{namespace}}}NoteRef", {"targetGUID": guid})
    if notes is not None:
        notes += own
    return element


def written_name(code: Code, language: str) -> str:
    """Name of a code in the file."""
    return xml_safe(code.name(language))


def written_colour(code: Code) -> str:
    """Colour of a code in the file; "" where the standard would not take it."""
    return code.colour if re.fullmatch(r"#[0-9A-Fa-f]{6}", code.colour) else ""
