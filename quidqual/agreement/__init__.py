"""Agreement between coders: coefficients with intervals, and what to do about it.

- :func:`agreement`: how far the coders of a study agree, code by code; :func:`by_round`;
- :func:`disagreements`, :func:`confusions`: where they part, and which codes they mix up;
  :func:`codes_to_review`: which need work, and what kind of work;
- :func:`compare_readings`: the readings of a reflexive study side by side, with no coefficient;
- :func:`coefficients`: any table of ratings; :func:`spans`: any table of marked stretches of text.

A note that a coder has not read is missing for her, never "no code". Values agree with the
published ones and with R's irrCAC; ratings that are missing stay missing.
"""

from __future__ import annotations

from quidqual.agreement.coders_compared import compare_readings
from quidqual.agreement.coefficients import coefficients
from quidqual.agreement.disagreements import codes_to_review, confusions, disagreements
from quidqual.agreement.span_agreement import spans
from quidqual.agreement.study_agreement import agreement, by_round

__all__ = [
    "agreement",
    "by_round",
    "codes_to_review",
    "coefficients",
    "compare_readings",
    "confusions",
    "disagreements",
    "spans",
]
