"""`release_check`: every rule over what is to be published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.privacy.identifiers.roster import Roster
from quidqual.privacy.release.contents import Piece, cells_of, files_of, pieces_of, unpacked
from quidqual.privacy.release.count_rules import (
    hidden_findings,
    sentence_findings,
    table_findings,
)
from quidqual.privacy.release.quote_rules import quote_findings
from quidqual.privacy.release.release_log import append_override, overridden, read_log
from quidqual.privacy.release.rules import BLOCK, PASS, REVIEW, RULES, Finding, Settings
from quidqual.privacy.release.tables_held import tables_of
from quidqual.privacy.release.word_rules import word_findings
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

_INVENTED = ("synthetic", "invented", "sintetic", "inventat")


@dataclass(frozen=True)
class ReleaseCheck:
    """What the rules found.

    Attributes
    ----------
    findings : DataFrame
        One row a place: ``rule, result`` (review, block, or pass where someone let it
        through), ``place``, ``what`` (never words), ``asks`` (the rule's question),
        ``remedy``, ``override`` (who let it through).
    content : str
        SHA-256 of what was checked; overrides hold for this alone.
    """

    findings: pd.DataFrame
    content: str

    @property
    def result(self) -> str:
        """The worst of the findings: pass, review or block."""
        results = set(self.findings["result"])
        return next((level for level in (BLOCK, REVIEW) if level in results), PASS)

    def summary(self) -> pd.DataFrame:
        """Count the findings by rule: ``rule, result, places, asks, remedy``, blocks first."""
        open_ = self.findings[self.findings["result"] != PASS]
        counted = open_.groupby(["rule", "result"], as_index=False, sort=True).agg(
            places=("place", "size"), asks=("asks", "first"), remedy=("remedy", "first")
        )
        return counted.sort_values(["result", "rule"], ignore_index=True)

    def override(
        self, *, rule: str, name: str, reason: str, log: str | Path, place: str | None = None,
        at: str = "",
    ) -> None:  # fmt: skip
        """Let findings of a rule through, in the name of a person and for a reason.

        Parameters
        ----------
        rule : str
        name, reason : str
        log : path
            ``release_log.csv``; give it to the next check.
        place : str, optional
            One place; left out: every place of the rule.
        at : str
            Time, ISO 8601.

        Raises
        ------
        QuidqualError
            If there is no such finding, or name or reason is missing.
        """
        rows = self.findings[self.findings["rule"] == rule]
        if place is not None:
            rows = rows[rows["place"] == place]
        if not len(rows):
            raise QuidqualError.of(
                "there is no such finding.", remedy="See .findings.", field="rule"
            )
        for where in rows["place"]:
            append_override(
                log, name=name, reason=reason, rule=rule, place=where, content=self.content, at=at
            )

    def __repr__(self) -> str:
        if self.result == PASS:
            return f"pass: no problem found by these {len(RULES)} checks"
        counts = self.findings["result"].value_counts()
        told = ", ".join(f"{counts[r]} to {r}" for r in (BLOCK, REVIEW) if r in counts)
        return f"{self.result}: {told} (by {len(RULES)} checks)"


def release_check(
    thing: Any,
    *,
    study: Study | str | Path | None = None,
    roster: Any = None,
    log: str | Path | None = None,
    published: Sequence[pd.DataFrame] = (),
) -> ReleaseCheck:
    """Check what is to be published: nothing is called safe, problems are named.

    Parameters
    ----------
    thing : DataFrame, list of DataFrame, Figure, path or str
        A table, tables that go out together, a figure (through the table behind it), a file
        or folder (a crate, a notebook, a .qdpx, a saved model ...), or the words of a quote.
    study : Study or path, optional
        The study it was made from: its notes, who agreed to be quoted (column
        ``quote_consent`` of interviews.csv), its ``[privacy]`` settings. Without it, quotes
        cannot be told from other words.
    roster : optional
        Names that must not be in it; see :func:`find_identifiers`.
    log : path, optional
        ``release_log.csv`` with overrides.
    published : sequence of DataFrame, optional
        Tables that are public already: hidden cells are tried against them too.

    Returns
    -------
    ReleaseCheck

    Raises
    ------
    QuidqualError
        If the thing is of another kind, or a setting or the log is wrong.

    Notes
    -----
    *Pass* means: no problem found by these checks. What they do not know goes through, and
    who knows the people may know them still.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["trust", "hope"], "k": [3, 1], "n": [5, 5]})
    >>> found = release_check(table)
    >>> found, found.findings[["rule", "place"]].values.tolist()[0]
    (block: 1 to block, 2 to review (by 29 checks), ['few_others', 'table, row 1'])
    """
    source = _study(study)
    settings = Settings.of(source.settings.get("privacy") if source else None)
    people = Roster.of(roster)
    files, frames, pieces = _taken(thing)
    opened = unpacked(files)
    pieces += [piece for name, data in opened.items() for piece in pieces_of(name, data)]
    frames += [found for name, data in opened.items() for found in tables_of(name, data)]
    number = len(source.participants) if source is not None else 20
    additive = _additive(source)
    ids = None if source is None else _ids(source)
    found: list[Finding] = []
    for place, frame in frames:
        found += table_findings(frame, place, settings, people=number, ids=ids)
    known = [*frames, *((f"published {i}", f) for i, f in enumerate(published, 1))]
    found += hidden_findings(known, settings, additive)
    for piece in pieces:
        if piece.role in ("text", "output"):
            found += sentence_findings(piece.text, piece.place, settings, people=number)
    found += word_findings(pieces, settings, people)
    if source is not None:
        found += quote_findings(pieces, source, settings)
    found += _file_findings(opened, pieces, settings, source)
    return ReleaseCheck(_framed(found, files, frames, pieces, log), _digest(files, frames, pieces))


def _study(study: Study | str | Path | None) -> Study | None:
    from quidqual.study.model import Study, open_study

    if study is None or isinstance(study, Study):
        return study
    return open_study(study)


def _taken(
    thing: Any,
) -> tuple[dict[str, bytes], list[tuple[str, pd.DataFrame]], list[Piece]]:
    """Take a thing as files, tables and words."""
    if isinstance(thing, pd.DataFrame):
        thing = [thing]
    if (
        isinstance(thing, list | tuple)
        and thing
        and all(isinstance(t, pd.DataFrame) for t in thing)
    ):
        named = [("table" if len(thing) == 1 else f"table {i}", t) for i, t in enumerate(thing, 1)]
        return {}, named, [p for name, t in named for p in cells_of(name, t)]
    if isinstance(thing, Mapping) and all(isinstance(v, bytes) for v in thing.values()):
        return dict(thing), [], []
    if isinstance(thing, str | Path):
        if _is_path(thing):
            return files_of(Path(thing)), [], []
        if isinstance(thing, str) and " " in thing.strip():
            return {}, [], [Piece("quote", thing, "text")]
        raise QuidqualError.of(
            "there is no such file or folder.", remedy="Check the path.", field="thing"
        )
    from quidqual.plots.canvas import drawn

    figure = getattr(thing, "figure", thing)
    charts = drawn(figure) if hasattr(figure, "savefig") else ()
    if charts:
        named = [(f"figure, {c.chart}", c.data) for c in charts]
        alts = [Piece(f"figure, {c.chart}, alternative text", c.alt, "text") for c in charts]
        return {}, named, [*alts, *(p for name, t in named for p in cells_of(name, t))]
    raise QuidqualError.of(
        f"a {type(thing).__name__} cannot be checked.",
        remedy="Give a table, a chart of qq.plot, a file, a folder, or words.",
        field="thing",
    )


def _is_path(thing: str | Path) -> bool:
    try:
        return Path(thing).exists()
    except (OSError, ValueError):
        return False


def _ids(study: Study) -> frozenset[str]:
    """Participants and interviews, by which a table may follow a person in its columns."""
    people = study.participants["participant"].astype(str)
    return frozenset([*people, *study.interviews["interview"].astype(str)])


def _additive(study: Study | None) -> list[str]:
    """Columns whose values part the participants."""
    if study is None:
        return ["group", "role"]
    return [c for c in study.participants.columns if c not in ("participant", "corpus")]


def _file_findings(
    files: Mapping[str, bytes], pieces: Sequence[Piece], settings: Settings, study: Study | None
) -> Iterator[Finding]:
    """Rules about whole files: notebooks, saved models."""
    for name in files:
        path = PurePosixPath(name.rpartition("!")[2])
        if path.suffix == ".ipynb":
            own = [p for p in pieces if p.place.startswith(f"{name},")]
            outputs = [p for p in own if p.role == "output"]
            told = any(word in p.text.lower() for p in own for word in _INVENTED)
            if study is not None and study.corpus == "real" and outputs:
                yield settings.finding("notebook_output", name, "outputs of cells")
            elif not told:
                yield settings.finding("says_synthetic", name, "the word is missing")
        if path.name == "model.json" and b'"vocabulary"' in files[name]:
            yield settings.finding("vocabulary", name, "words of a model")
        if path.suffix == ".skops":
            yield settings.finding("vocabulary", name, "words of a model")


def _framed(
    found: Sequence[Finding],
    files: Mapping[str, bytes],
    frames: Sequence[tuple[str, pd.DataFrame]],
    pieces: Sequence[Piece],
    log: str | Path | None,
) -> pd.DataFrame:
    content = _digest(files, frames, pieces)
    rows = read_log(log) if log is not None else []
    table = []
    for finding in sorted(set(found), key=lambda f: (f.rule, f.place, f.what)):
        if finding.result == PASS:
            continue
        who = overridden(rows, finding.rule, finding.place, content)
        rule = RULES[finding.rule]
        result = PASS if who else finding.result
        table.append(
            (finding.rule, result, finding.place, finding.what, rule.asks, rule.remedy, who)
        )
    return pd.DataFrame(
        table, columns=["rule", "result", "place", "what", "asks", "remedy", "override"]
    )


def _digest(
    files: Mapping[str, bytes],
    frames: Sequence[tuple[str, pd.DataFrame]],
    pieces: Sequence[Piece],
) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    if not files:
        for name, frame in frames:
            digest.update(f"{name}\0{frame.to_csv(index=False)}\0".encode())
        for piece in pieces:
            digest.update(f"{piece.place}\0{piece.text}\0".encode())
    return digest.hexdigest()
