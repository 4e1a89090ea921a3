"""Measures of claims: one file a family, one line here; yours come by `qq.measures.add`."""

from quidqual.findings.measures.counted_people import CountedPeople
from quidqual.findings.measures.design_facts import (
    AttributeLevels,
    InterviewDates,
    InterviewMinutes,
    InterviewsHeld,
    OwnProtocol,
    ParticipantsThere,
    TimesInterviewed,
)
from quidqual.findings.measures.own_figures import OwnFigures
from quidqual.findings.measures.ranked_factors import RankedFactors
from quidqual.study.measure import Field, Known, Measure, Result, add, measures

__all__ = ["Field", "Known", "Measure", "Result", "add", "measures"]

for _each in (
    CountedPeople,
    RankedFactors,
    ParticipantsThere,
    InterviewsHeld,
    TimesInterviewed,
    InterviewMinutes,
    InterviewDates,
    AttributeLevels,
    OwnProtocol,
    OwnFigures,
):
    add(_each())
