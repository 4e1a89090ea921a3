"""`write_report`: the one way in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from quidqual.reporting.content import Content, Shown
from quidqual.reporting.report_passages import Report
from quidqual.study.arguments import takes_study
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_result

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study

REAL_QUOTES = 3  # passages a side that a report on real interviews prints, unless told otherwise


@takes_study
def write_report(
    study: Study,
    path: str | Path,
    *,
    report_text: str | Path | Report | None = None,
    agreement: pd.DataFrame | None = None,
    include_notes: bool | None = None,
    quotes: int | None = None,
    replace: bool = False,
) -> Path:
    """Write the report of a study as one file.

    Parameters
    ----------
    study : Study
    path : str or Path
        Ends in ``.html`` (one self-contained page: no network, opens from disk, prints) or in
        ``.docx`` (for co-authors).
    agreement : DataFrame, optional
        Agreement of the coders, as ``qq.agreement.agreement(study, unit="segment",
        coefficients=["alpha"], pooled=True)`` gives it; left out, the report has none.
    report_text : str, Path or Report, optional
        Text (or text file) of the original report, for a reader who holds it: each finding then
        shows the passage it restates. Such a file is for that reader only.
    include_notes : bool, optional
        Whether the coded notes are part of the page. By default only those of a synthetic
        study are. A DOCX never holds them.
    quotes : int, optional
        How many passages for and how many against each finding are printed with their words;
        0 for none. Left out: all of a synthetic study, three a side of a real one (all, with
        ``include_notes``). They are chosen by rule: codes and participants not shown yet
        first, speech before paraphrase.
    replace : bool, default False
        Whether a file of this name with other content may be replaced: someone may have
        written into it.

    Returns
    -------
    Path
        The file. The same study gives the same bytes.

    Raises
    ------
    QuidqualError
        If the file has another ending, would be replaced, or an argument is not allowed.

    Notes
    -----
    Speech stands in quotation marks, with the language it was noted in; the researcher's
    words never do. A page on real interviews holds words of participants
    and is as confidential as the notes.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import quidqual as qq
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_report(qq.load_example("small"), folder / "report.html").name
    'report.html'
    """
    target = as_path(path, field="path")
    ending = target.suffix.lower()
    if ending not in (".html", ".htm", ".docx"):
        raise QuidqualError.of(
            f"the report is written as .html or .docx, not {ending or 'without an ending'}.",
            remedy="Let the path end in one of the two.",
            field="path",
        )
    shown = what_is_shown(study, include_notes=include_notes, quotes=quotes)
    content = Content(study, shown=shown, report_text=report_text, agreement=agreement)
    if ending == ".docx":
        from quidqual.reporting.docx import document

        data: bytes | str = document(content)
    else:
        from quidqual.reporting.page import page

        data = page(content)
    write_result(target, data, replace=replace, of=study)
    return target


def what_is_shown(study: Study, *, include_notes: bool | None, quotes: int | None) -> Shown:
    """Decide how much of the notes may be in a report; confidentiality is the default."""
    if quotes is not None and (
        not isinstance(quotes, int) or isinstance(quotes, bool) or quotes < 0
    ):
        raise QuidqualError.of(f"quotes must be a whole number, 0 for none, not {quotes!r}.")
    synthetic = study.corpus == "synthetic"
    notes = synthetic and quotes != 0 if include_notes is None else bool(include_notes)
    if quotes is None and not synthetic and not notes:
        quotes = REAL_QUOTES
    return Shown(notes=notes, quotes=quotes)
