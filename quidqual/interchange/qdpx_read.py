"""Reading a REFI-QDA project (.qdpx) into a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quidqual.interchange.assemble import assemble
from quidqual.interchange.markup import parse_xml
from quidqual.interchange.project import Account, ForeignProject, Imported
from quidqual.interchange.refi import (
    PROJECT,
    Reader,
    check_root,
    read_cases,
    read_codes,
    read_notes,
    read_sets,
    read_users,
    read_variables,
    report_rest,
)
from quidqual.interchange.refi_sources import Sources, Texts
from quidqual.interchange.restore import SUPPLEMENT, restore
from quidqual.interchange.untrusted import Archive, existing, no_collection, refuse


def read_qdpx(
    path: str | Path,
    *,
    rounds: str | Mapping[str, Any] | None = None,
    group: str | None = None,
    language: str = "und",
    speech: str = "verbatim",
    interviewers: str | Sequence[str] = (),
    title: str = "",
    offsets: str = "auto",
    encoding: str | None = None,
    on_error: str = "raise",
) -> Imported:
    """Read a REFI-QDA project, as NVivo, MAXQDA, ATLAS.ti, QualCoder and others export it.

    Parameters
    ----------
    path : str or Path
        The .qdpx file.
    rounds : str or mapping, optional
        What tells the round of a source: the name of a variable, a pattern of source names
        with the groups ``participant`` and ``round``, or a mapping of names to rounds.
        Default: a variable called round or wave, else all sources are of one round.
    group : str, optional
        Variable that tells the group of a participant (default: one called group).
    language : str, default "und"
        Language of the texts (BCP 47), where the file does not tell.
    speech : {"verbatim", "paraphrase"}
        What the words outside of quotation marks are: a participant's own wherever no
        interviewer speaks, or the researcher's.
    interviewers : str or sequence of str
        Speakers in the texts who are not participants.
    title : str, optional
        Of the study; default: that of the project.
    offsets : {"auto", "code-points", "utf-16", "utf-8", "code-points-lf", "utf-16-lf"}
        What offsets count. Default: decided by the file's own evidence, see the report.
    encoding : str, optional
        Of texts that are not UTF-8, such as ``"windows-1252"``; never guessed.
    on_error : {"raise", "report"}
        What a fault of the file does: end the import with all faults at once, or become a
        line of the report while the rest is taken.

    Returns
    -------
    Imported
        ``.study`` and ``.report`` (columns item, kind, action, why).

    Raises
    ------
    QuidqualError
        If the file cannot be read, or has faults and they are not to be reported.

    References
    ----------
    REFI-QDA Standard 1.5, https://www.qdasoftware.org

    Examples
    --------
    >>> import quidqual as qq, tempfile
    >>> from quidqual.interchange.qdpx_write import write_qdpx
    >>> study = qq.Study.from_tables(
    ...     title="Talk", corpus="synthetic", rounds=[{"round": "R1"}],
    ...     participants=[{"participant": "P1", "group": "all"}],
    ...     interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
    ...     notes={"P1-R1": "I stay."}, codebook=[{"id": "home"}],
    ...     codings=[{"interview": "P1-R1", "start": 2, "end": 6, "code": "home"}],
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_qdpx(study, f"{folder}/talk.qdpx")
    ...     read_qdpx(file).study == study
    True
    """
    file = existing(path)
    account = Account(file.name, on_error=on_error)
    options = {
        "rounds": rounds, "group": group, "language": language, "offsets": offsets,
        "speech": speech, "interviewers": interviewers, "title": title,
    }  # fmt: skip
    with no_collection():
        return _imported(file, account, encoding, options)


def _imported(
    file: Path, account: Account, encoding: str | None, options: dict[str, Any]
) -> Imported:
    with Archive(file) as archive:
        member = _project_member(archive)
        root = parse_xml(archive.read(member), file=file.name, member=member)
        ns = check_root(root, account, name="Project", namespace=PROJECT, member=member)
        reader = Reader(root, ns, account)
        project = _read(reader, Texts(archive, file, reader, encoding=encoding), file)
    own = reader.notes.pop(SUPPLEMENT, None)
    if own is not None:
        restored = restore(own.text, project, reader, account)
        if restored is not None:
            return restored
    _zero_codes(project, account)
    return assemble(project, account, **options)


def _project_member(archive: Archive) -> str:
    """Find the XML of the project: project.qde in any letter case, else the only .qde."""
    found = archive.find("project.qde")
    if found is not None:
        return found
    named = [n for n in archive.names if n.casefold().endswith(".qde") and "/" not in n]
    named = named or [n for n in archive.names if n.casefold().endswith(".qde")]
    if len(named) != 1:
        message = f"the archive has {len(named) or 'no'} .qde files; a project has one."
        raise refuse(archive.file, message, "Export the project again.")
    return named[0]


def _read(reader: Reader, texts: Texts, file: Path) -> ForeignProject:
    """Read everything that the XML and its sources hold."""
    read_users(reader)
    read_variables(reader)
    read_notes(reader, texts.of)
    project = ForeignProject(
        file=file.name,
        origin=reader.root.get("origin") or "",
        title=reader.root.get("name") or file.stem,
        codes=read_codes(reader),
    )
    sources = Sources(reader, texts, project)
    sources.read()
    project.cases = read_cases(reader, {text.key for text in project.texts})
    project.description = reader.memo(reader.root)
    project.coders = list(reader.users.values())
    named = {code.key: code.name for code in project.codes}
    named |= {text.key: text.name for text in project.texts}
    project.memos += read_sets(reader, named)
    report_rest(reader)
    project.memos += [
        (note.name, note.text)
        for note in reader.notes.values()
        if not note.used and note.key != SUPPLEMENT
    ]
    return project


def _zero_codes(project: ForeignProject, account: Account) -> None:
    """Never report success with no code: a reader that finds none has most likely failed."""
    if not project.codes:
        message = "no code was found in it."
        remedy = "Check that the project was exported with its codes."
        account.fault("", "CodeBook", message, remedy)
