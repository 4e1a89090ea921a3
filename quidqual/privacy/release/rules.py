"""The rules of the release check: what each asks, and how it ends when it finds something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from quidqual.study.errors import QuidqualError, listed

PASS, REVIEW, BLOCK = "pass", "review", "block"
RESULTS = (PASS, REVIEW, BLOCK)


class Rule(NamedTuple):
    """A rule: its question, how a find ends unless the study says otherwise, what to do."""

    asks: str
    level: str
    remedy: str


RULES: dict[str, Rule] = {
    # tables and figures
    "small_cell": Rule("Does a cell count fewer participants than k?", BLOCK, "Hide the cell, or join categories or rounds."),
    "whole_group": Rule("Does a cell say something of everybody in a group, or of nobody?", BLOCK, "Say it in words without the group, or join groups."),
    "few_others": Rule("Are there fewer than k whom a cell does not count?", REVIEW, "Think of what it says of the others."),
    "segments_counted": Rule("Does a table count passages instead of participants?", REVIEW, "Count participants: qq.prevalence(qq.presence(study))."),
    "recoverable": Rule("Can a hidden cell be worked out from margins or another table?", BLOCK, "Hide a second cell of its row and column, or the margin."),
    "percent_tells_n": Rule("Does a percentage without its n tell how few it counts?", BLOCK, "Round it, or leave it out."),
    "sample_unique": Rule("Is somebody the only one with a combination of attributes?", BLOCK, "Leave columns out, or make bands."),
    "person_pattern": Rule("Does a table follow one person over codes or rounds?", BLOCK, "Publish counts of people instead of a row a person."),
    "interview_details": Rule("Are dates, places, interviewers or times of interviews in it?", BLOCK, "Leave these columns out; tell the round."),
    # quotes
    "quote_consent": Rule("Did the person agree to be quoted, in this round?", BLOCK, "Leave the quote out, or ask; column quote_consent of interviews.csv: yes."),
    "paraphrase_as_speech": Rule("Do the researcher's words stand in quotation marks?", BLOCK, "Take the marks off, or quote what was said."),
    "words_of_notes": Rule("Are words of notes in it that are nobody's speech?", BLOCK, "Say it in new words."),
    "rare_words": Rule("Does a quote hold words that only this person uses?", REVIEW, "Take another quote, or paraphrase."),
    "sensitive": Rule("Does a quote name third parties, offences, police or health?", REVIEW, "Think of those it is about."),
    "mosaic": Rule("Do all quotes of one person together draw a portrait?", REVIEW, "Print fewer of them, or without the id."),
    # words anywhere
    "identifier": Rule("Is there a name, number, address or the like?", BLOCK, "Replace it in the study, and make this anew."),
    "known_name": Rule("Is there a form of the roster?", BLOCK, "Replace it in the study, and make this anew."),
    "maybe_identifier": Rule("Is there something that may identify a person?", REVIEW, "Look at it."),
    # files
    "memo": Rule("Are memos or journals of the researchers in it?", BLOCK, "Leave them out."),
    "metadata": Rule("Do hidden data of a file name people or programs?", BLOCK, "Save it without properties."),
    "file_name": Rule("Does the name of a file or sheet identify somebody?", BLOCK, "Rename it."),
    "machine_path": Rule("Is there a path of somebody's machine?", BLOCK, "Make it anew without the path."),
    "traceback": Rule("Is there an error message with its traceback?", BLOCK, "Mend the cell and run it again."),
    "notebook_output": Rule("Does a notebook on real notes hold what its cells printed?", BLOCK, "Clear the outputs."),
    "says_synthetic": Rule("Does a notebook that is not private say that its notes are synthetic?", BLOCK, "Run it on the example, and say so in the first cell."),
    "left_over": Rule("Are checkpoints, caches or temporary files in it?", BLOCK, "Delete them."),
    "vocabulary": Rule("Does a saved model hold words of the notes?", BLOCK, "Keep the model as confidential as the notes."),
    "coder": Rule("Are coders named, or their hours of work?", REVIEW, "Leave out coder and time."),
    "not_read": Rule("Is there a file that the check cannot read?", REVIEW, "Look at it, or leave it out."),
}  # fmt: skip


class Finding(NamedTuple):
    """One place where a rule found something; never with its words."""

    rule: str
    result: str
    place: str
    what: str


@dataclass(frozen=True)
class Settings:
    """What a study sets under ``[privacy]`` of study.toml.

    Attributes
    ----------
    k : int
        The fewest participants a cell may count.
    private : str
        Name of the folder under which outputs of real notes are written.
    levels : mapping of str to str
        Rules that end otherwise in this study: ``{"whole_group": "review"}``.
    quotes : int
        How many quotes of one person may be printed before they are a mosaic.
    """

    k: int = 3
    private: str = "private"
    levels: Mapping[str, str] | None = None
    quotes: int = 5

    @classmethod
    def of(cls, given: object) -> Settings:
        """Read the table of study.toml.

        Raises
        ------
        QuidqualError
            If a key, a rule or a level is unknown, or k is below 2.
        """
        if given is None:
            return cls()
        if not isinstance(given, Mapping):
            raise _wrong("privacy", "this must be a table.", "Write [privacy] with k = 3.")
        unknown = sorted(set(given) - {"k", "private", "levels", "quotes"})
        if unknown:
            raise _wrong(f"privacy.{unknown[0]}", "unknown key.", "Use k, private, quotes, levels.")
        k, quotes = given.get("k", 3), given.get("quotes", 5)
        for name, value in (("k", k), ("quotes", quotes)):
            if not isinstance(value, int) or isinstance(value, bool) or value < 2:
                raise _wrong(f"privacy.{name}", "this must be a whole number from 2.", "Write 3.")
        levels = given.get("levels", {})
        if not isinstance(levels, Mapping):
            raise _wrong("privacy.levels", "this must be a table.", 'Write whole_group = "review".')
        for rule, level in levels.items():
            if rule not in RULES:
                raise _wrong("privacy.levels", f"unknown rule {rule!r}.", f"Use: {listed(RULES)}.")
            if level not in RESULTS:
                raise _wrong("privacy.levels", "unknown level.", f"Use: {listed(RESULTS)}.")
        return cls(k, str(given.get("private", "private")), dict(levels), quotes)

    def finding(self, rule: str, place: str, what: str) -> Finding:
        """Make a finding of a rule at the level that this study gives it."""
        level = (self.levels or {}).get(rule, RULES[rule].level)
        return Finding(rule, level, place, what)


def _wrong(field: str, message: str, remedy: str) -> QuidqualError:
    return QuidqualError.of(message, remedy=remedy, file="study.toml", field=field)
