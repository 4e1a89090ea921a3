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

from quidqual.study.first_use import on_first_use

_HOMES = {
    "agreement": "quidqual.agreement.study_agreement",
    "by_round": "quidqual.agreement.study_agreement",
    "codes_to_review": "quidqual.agreement.disagreements",
    "coefficients": "quidqual.agreement.coefficients",
    "compare_readings": "quidqual.agreement.coders_compared",
    "confusions": "quidqual.agreement.disagreements",
    "disagreements": "quidqual.agreement.disagreements",
    "spans": "quidqual.agreement.span_agreement",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
