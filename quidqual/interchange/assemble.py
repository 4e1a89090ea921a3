"""From another program's project to a study: people, rounds, notes, codes, codings.

Foreign projects have no rounds, and participants only where they use cases. What is
missing is chosen so that nothing is invented: one round, one participant a source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.languages import UNTOLD, check_language, of_all
from quidqual.interchange.names import Ids, colour, one_line
from quidqual.interchange.offsets import (
    Convention,
    Ruler,
)
from quidqual.interchange.people import arrange
from quidqual.interchange.placing import choose_line_ends, convention_of, placed
from quidqual.interchange.project import Account, ForeignCode, ForeignProject, Imported
from quidqual.interchange.refi import has_zone, utc
from quidqual.interchange.untrusted import check_text
from quidqual.study.arguments import must_be_text, names_of, one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.text import canonical, turns_of
from quidqual.study.wording import counted, joined, natural_order

if TYPE_CHECKING:
    from quidqual.study.codebook import Code

UNKNOWN = "unknown"
SPEECH = ("verbatim", "paraphrase")
"""What the words outside of marks are: a participant's own, or the researcher's."""

_LONGEST_CODER = 64


def assemble(
    project: ForeignProject,
    account: Account,
    *,
    rounds: str | Mapping[str, Any] | None = None,
    language: str | Mapping[str, str] = UNTOLD,
    offsets: str | Convention = "auto",
    group: str | None = None,
    speech: str | None = None,
    interviewers: str | Sequence[str] = (),
    title: str = "",
    corpus: str = "real",
) -> Imported:
    """Make a study of a foreign project.

    Parameters
    ----------
    project : ForeignProject
    account : Account
        Receives what was taken, changed and left out.
    rounds : str or mapping, optional
        Name of a variable that tells the round, or a pattern (regular expression with the
        groups ``participant`` and ``round``) of source names.
    language : str or mapping, default "und"
        Language of all texts (BCP 47), or of each participant or file by its name, where
        nothing else tells.
    offsets : str or Convention, default "auto"
        What offsets count, if it is known better than the file tells.
    group : str, optional
        Variable that tells the group of a participant.
    speech : {"verbatim", "paraphrase"}, optional
        Whose words the texts hold; default: as the project says.
    interviewers : str or sequence of str
        Speakers who are not participants; default: as the project says.
    title : str, optional
    corpus : {"real", "synthetic"}
        Whether people said it, or it was invented.

    Returns
    -------
    Imported

    Raises
    ------
    QuidqualError
        With all faults at once, unless they are to be reported.
    """
    from quidqual.study.model import Study

    check_wishes(rounds, language, group)
    if speech is not None:
        one_of(speech, SPEECH, field="speech")
        asking = [str(name).strip() for name in names_of(interviewers, field="interviewers")]
        _check_speakers(project, asking)
        project.speech = {"transcripts": True} if speech == "verbatim" else {}
        project.speech |= {"interviewers": asking} if asking else {}
    _check_words(project)
    choose_line_ends(project, account)
    rulers = [Ruler(text.text) for text in project.texts]
    verdict = convention_of(project, rulers, offsets, account)
    people = arrange(project, account, rounds=rounds, group=group, language=language)
    _open_used_folders(project, account)
    codes, ids = code_tree(project.codes, account, language=of_all(language))
    codings = placed(project, account, rulers, verdict.convention, people.interview)
    codings["at"] = _times(codings["at"].tolist(), account)
    codings["coder"] = _coders(codings["coder"].tolist(), account)
    codings["code"] = codings["code"].map(ids)
    codings = _without_repeats(codings, account)
    account.taken(counted(len(codings), "coding"), "Coding")
    _account_of_texts(project, rulers, account)
    account.settle()
    settings: dict[str, Any] = {}
    if project.description.strip():
        settings["description"] = project.description.strip()
    if project.memos:
        settings["memos"] = [{"name": name, "text": text} for name, text in project.memos]
        account.changed(counted(len(project.memos), "memo"), "Note", "kept as memos in study.toml")
    if silent := _silent_coders(project, codings["coder"].tolist()):
        settings["coders"] = {name: {"name": name} for name in silent}
        why = "kept in study.toml, so that the next program has them too"
        account.changed(joined(silent, limit=5), "User", f"without codings: {why}")
    if project.speech and project.texts:
        settings["speech"] = dict(project.speech)
    study = Study.from_tables(
        title=one_line(title)
        or one_line(project.title)
        or one_line(project.file)
        or "Imported project",
        corpus=corpus,
        rounds=people.rounds,
        participants=people.participants,
        interviews=people.interviews,
        notes={people.interview[i]: ruler.canonical for i, ruler in enumerate(rulers)},
        codebook=codes,
        codings=codings,
        settings=settings,
    )
    return Imported(study, account.frame)


def check_wishes(rounds: Any, language: Any, group: Any) -> None:
    """Refuse what cannot be a name, before anything is looked up by it."""
    if rounds is not None and not isinstance(rounds, str | Mapping):
        raise QuidqualError.of(
            f"rounds must be a name, a pattern or a mapping, not {type(rounds).__name__}.",
            remedy="Give the name of a column or variable, a pattern of names, or a mapping of "
            "names to rounds.",
            field="rounds",
        )
    check_language(language)
    if group is not None:
        must_be_text(group, field="group")


def code_tree(
    codes: list[ForeignCode], account: Account, *, language: str
) -> tuple[list[Code], dict[str, str]]:
    """Make the codebook: ids out of names, each told apart by its parent's where needed.

    Returns
    -------
    codes : list of Code
    ids : dict of str to str
        Key of the foreign program to id.
    """
    from quidqual.study.codebook import Code

    known = {code.key: code for code in codes}
    names = Ids()
    ids: dict[str, str] = {}
    renamed: list[str] = []
    for code in codes:
        label = one_line(code.name)
        above = known.get(code.parent or "")
        path = f"{one_line(above.name)}_{label}" if above else label
        ids[code.key] = names.give(label, path, fallback="code", lower=True)
        if not label:
            account.changed(ids[code.key], "Code", "it has no name; an id was made for it")
        elif ids[code.key] not in (label, label.lower().replace(" ", "_")):
            renamed.append(f"{label!r} is {ids[code.key]!r}")
    if renamed:
        what = counted(len(renamed), "code")
        why = f"its name is the label, its id another: {joined(renamed, limit=5)}"
        account.changed(what, "Code", why)
    made = []
    for code in codes:
        label = one_line(code.name) or ids[code.key]
        shade = colour(code.colour)
        if code.colour and not shade:
            account.left_out(label, "Code", "its colour is neither #RRGGBB nor rgb(...)")
        made.append(
            Code(
                id=ids[code.key],
                label={language: label},
                definition=code.description.strip(),
                parent=ids.get(code.parent or ""),
                colour=shade,
                codable=code.codable,
                memo=code.memo.strip(),
            )
        )
    account.taken(counted(len(made), "code"), "CodeBook")
    return made, ids


def _check_words(project: ForeignProject) -> None:
    """Bound every text that will be brought into canonical form."""
    held = [*(t.variables for t in project.texts), *(c.variables for c in project.cases)]
    for value in (value for variables in held for value in variables.values()):
        check_text(value, project.file)
    for words in (*(t.text for t in project.texts), *(w for _, w in project.memos)):
        check_text(words, project.file)
    for words in (*project.marks.quote, *project.marks.memo):
        check_text(words, project.file)
    for code in project.codes:
        check_text(code.description + code.memo, project.file)


def _check_speakers(project: ForeignProject, interviewers: Sequence[str]) -> None:
    """Refuse an interviewer who speaks in none of the texts: most likely a slip of the pen."""
    if not interviewers:
        return
    speakers: set[str] = set()
    for text in project.texts:
        found = turns_of(canonical(text.text), declared=True)
        speakers.update(found.speakers if found else ())
    check_interviewers(interviewers, speakers)


def check_interviewers(interviewers: Sequence[str], speakers: set[str]) -> None:
    """Refuse an interviewer who is none of the speakers, naming the nearest.

    Raises
    ------
    QuidqualError
    """
    known = {speaker.casefold() for speaker in speakers}
    for name in interviewers:
        if not speakers:
            raise QuidqualError.of(
                f"interviewers={name!r}: no text has lines that begin with a speaker.",
                remedy="Write each turn on a line of its own as 'Name: words', or leave it out.",
                field="interviewers",
            )
        if name.casefold() not in known:
            one_of(name, natural_order(speakers), field="interviewers")


def _open_used_folders(project: ForeignProject, account: Account) -> None:
    """Let a folder that passages are coded with be a code, so that none of them is lost."""
    used = set(project.marks.code)
    for code in project.codes:
        if not code.codable and code.key in used:
            code.codable = True
            account.changed(
                code.name,
                "Code",
                "passages are coded with it, so it is a code too",
            )


def _silent_coders(project: ForeignProject, coders: Sequence[str]) -> list[str]:
    """Users of the project who have no coding (yet)."""
    named = dict.fromkeys(one_line(name) for name in project.coders)
    return [name for name in named if name and name not in coders and name != UNKNOWN]


def _without_repeats(frame: pd.DataFrame, account: Account) -> pd.DataFrame:
    # A coding that is lost keeps its words, and another's place is not its own.
    said = ["coder", "interview", "start", "end", "code", "at", "memo", "exact"]
    same = frame.duplicated(said)
    if same.any():
        why = "the same coder put the same code on the same words at the same time"
        account.left_out(counted(int(same.sum()), "coding"), "Coding", why)
    return frame[~same].reset_index(drop=True)


def _times(values: list[str], account: Account) -> list[str]:
    memory: dict[str, str] = {}
    found = [
        memory[v] if v in memory else memory.setdefault(v, utc(v) if v else "") for v in values
    ]
    lost = sum(1 for value, made in memory.items() if value and not made)
    if lost:
        account.left_out(counted(lost, "time"), "Coding", "they cannot be read as a date and time")
    if any(value and made and not has_zone(value) for value, made in memory.items()):
        account.changed("times of codings", "Coding", "times without a zone are taken as UTC")
    return found


def _coders(values: list[str], account: Account) -> list[str]:
    """Name each coder as the program does, unless no file could carry the name."""
    memory: dict[str, str] = {}
    names = Ids()
    for value in dict.fromkeys(values):
        clean = one_line(value)
        if not clean or len(clean.encode("utf-8")) > _LONGEST_CODER or not names.claim(clean):
            clean = names.give(clean or UNKNOWN, fallback=UNKNOWN)
        memory[value] = clean
        if not value:
            account.changed(
                "codings without a coder",
                "User",
                f"the file names no coder; they are kept under {clean!r}",
            )
        elif clean != value:
            account.changed(one_line(value), "User", f"the coder is called {clean!r}")
    return [memory[value] for value in values]


def _account_of_texts(project: ForeignProject, rulers: list[Ruler], account: Account) -> None:
    for text, ruler in zip(project.texts, rulers, strict=True):
        if ruler.canonical != text.text:
            why = "line ends or composed letters were normalised; offsets were led along"
            account.changed(text.name, "text", why)
    account.taken(counted(len(project.texts), "text"), "text")
