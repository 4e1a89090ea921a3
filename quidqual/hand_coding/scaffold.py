"""`quidqual new`: an empty study folder that validates and runs."""

from __future__ import annotations

from pathlib import Path

from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path, write_atomic
from quidqual.study.schema import fields_of

_SETTINGS = """\
# What the study is. Every table, figure and page carries `corpus`.
title = "{title}"
approach = "codebook"        # reflexive | codebook | coding_reliability
corpus = "real"              # real | synthetic (invented notes, for teaching and tests)
languages = ["en"]
# primary_coder = "A"        # whose codings the analyses use; left out: all coders united

# One block a round. A day belongs to one round.
[[rounds]]
round = "R1"
label = "Round 1"
# start = 2027-01-10
# end = 2027-02-28
"""

_CODEBOOK = """\
# One entry a code; a code without a parent is a theme. `asked` names the groups (and rounds)
# with which the interview protocol raises the topic: where it was not asked and nobody
# brought it up, the code is not observed, which is not the same as absent.
codes: []
# - id: trust                  # a heading only, no code of its own: codable: false
#   label: {en: Trust}
#   definition: ...
#   include: ...
#   exclude: ...
#   examples: []
#   asked: {groups: [participant]}
#   patterns:
#     en: ["trust*", "rely ~2 on"]
"""

_CLAIMS = """\
# What your report will state, each claim with the computation that checks it, such as:
# - id: C1
#   group: participant
#   kind: prevalence
#   summary: Two of four speak of trust in the first round.
#   stated: {k: 2, n: 4}
#   check: {measure: prevalence, codes: [trust], rounds: [R1]}
claims: []
"""

_README = """\
# {title}

A study folder of quidqual. Fill in, in this order:

1. `study.toml`: title, kind of analysis, languages, rounds.
2. `participants.csv`: one row a participant, by pseudonym; further columns are attributes.
3. `interviews.csv`: one row a participant and round, with the status held, missed or not_due.
4. `notes/`: one text an interview, named in `interviews.csv`. Words between quotation marks are the
   participant's own; everything else is paraphrase.
5. `codebook.yaml`: codes with their definitions.
6. `codings/`: one log a coder, written by the program.
7. `claims.yaml`: what the report states, and how each claim is checked.

Then run `quidqual validate .` and `quidqual reproduce --study . --out ../results`.
Interview notes are personal data: keep this folder out of public places.
"""


def new_study(folder: str | Path, *, title: str = "") -> Path:
    """Make an empty study folder that validates.

    Parameters
    ----------
    folder : str or Path
        Must not exist, or be empty.
    title : str, optional
        Default: the name of the folder.

    Returns
    -------
    Path

    Raises
    ------
    QuidqualError
        If there is something in the folder.

    Examples
    --------
    >>> import tempfile, quidqual as qq
    >>> with tempfile.TemporaryDirectory() as place:
    ...     len(qq.validate(new_study(f"{place}/mine")))
    0
    """
    path = as_path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise QuidqualError.of(
            "there is something under this name already.",
            remedy="Choose a new folder, so that nothing is overwritten.",
            file=str(path.name),
        )
    title = title or path.resolve().name
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    write_atomic(path / "study.toml", _SETTINGS.format(title=quoted))
    for table in ("participants", "interviews"):
        write_atomic(path / f"{table}.csv", ",".join(fields_of(table)) + "\n")
    write_atomic(path / "codebook.yaml", _CODEBOOK)
    write_atomic(path / "claims.yaml", _CLAIMS)
    write_atomic(path / "README.md", _README.format(title=title))
    (path / "notes").mkdir(exist_ok=True)
    (path / "codings").mkdir(exist_ok=True)
    return path
