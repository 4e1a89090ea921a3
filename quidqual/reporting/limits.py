"""The limits of a report, as far as the data themselves tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quidqual.reporting.finding import Finding
from quidqual.study.wording import counted, joined

if TYPE_CHECKING:
    from quidqual.study.model import Study


def limits(study: Study, findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """List what the numbers of the report cannot carry.

    Parameters
    ----------
    study : Study
    findings : tuple of Finding
    """
    told = []
    if study.corpus == "synthetic":
        told.append(
            "The notes are synthetic. A finding that is reproduced shows that the method reaches "
            "the stated figure; it is no evidence for the figure, nor about any person."
            if findings
            else "The notes are synthetic: nothing here is evidence about any person."
        )
    sizes = study.participants["group"].value_counts()
    labels = study.settings.get("groups") or {}
    small = [f"{n} ({labels.get(g, g)})" for g, n in sorted(sizes.items()) if n < 10]
    if small:
        told.append(
            f"Groups are small: {joined(small)}. Counts are given as k of n; a percentage would "
            "promise a precision that is not there, and intervals are wide."
        )
    told += _holes(study)
    told += _verdicts(findings)
    if len(study.coders) == 1:
        told.append("One person coded; how another would have coded is not known.")
    told.append(
        "How often something is coded is not how much it matters to anyone. A code that is "
        "absent was not spoken of when asked; that is not proof that the thing itself was absent."
    )
    if study.raw.recommendations:
        told.append(
            "Which finding a recommendation rests on is a reading, laid open so that it can be "
            "disputed."
        )
    return tuple(told)


def _holes(study: Study) -> list[str]:
    frame = study.interviews
    missed = frame.loc[frame["status"] == "missed", "interview"].tolist()
    not_due = int((frame["status"] == "not_due").sum())
    told = []
    if missed or not_due:
        parts = []
        if missed:
            were = "was" if len(missed) == 1 else "were"
            parts.append(f"{len(missed)} arranged {were} missed ({joined(missed)})")
        if not_due:
            parts.append(f"{not_due} of the participants’ rounds were never due")
        told.append(
            f"Not every participant was seen in every round: {joined(parts)}. What would have been "
            "said there is unknown, and is counted neither as present nor as absent."
        )
    unread = [i for i in study.notes["interview"] if i not in study.notes_read()]
    if unread:
        were = "was" if len(unread) == 1 else "were"
        told.append(
            f"{len(unread)} of {counted(len(study.notes), 'note')} {were} not read "
            f"({joined(unread, limit=6)}): what is said there is not known, and is counted neither "
            "as present nor as absent."
        )
    if len(study.lost):
        lost = counted(len(study.lost), "coding")
        told.append(f"{lost} lost the words when a note was edited; that counts nowhere.")
    return told


def _verdicts(findings: tuple[Finding, ...]) -> list[str]:
    told = []
    for key, text in (
        ("contradicted", "Contradicted, and left standing as such"),
        ("not decided", "Not decided, since it hangs on what was not observed or is counted"),
        ("not checkable", "Not checkable with the material"),
    ):
        ids = [finding.id for finding in findings if finding.verdict_key == key]
        if ids:
            told.append(f"{text}: {joined(ids)}.")
    against = [f for f in findings if f.speaks_against.n]
    if against:
        told.append(
            f"For {len(against)} of {counted(len(findings), 'finding')} there are passages that "
            "speak against them as well; they are shown beside those for them. A finding without "
            "any may lack them only because no code was named that could speak against it."
        )
    return told
