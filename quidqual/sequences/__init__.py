"""State sequences over rounds: how far apart courses are, which are alike, how varied each is.

For studies with many participants, whose courses cannot be read one by one:

- :func:`distances`: Hamming, optimal matching, longest common subsequence; with
  :func:`substitution_costs` and :func:`transition_rates`;
- :func:`groups`: participants whose courses are alike, by clustering those distances;
- :func:`indices` and :func:`entropy`: how varied each course is, and each round.

They take the tables of ``qq.states`` and ``qq.presence``, wide frames, lists and words, and
agree with TraMineR 2.2. With the few people of most interview studies use
``qq.trajectories`` and ``qq.change`` instead.
"""

from __future__ import annotations

from quidqual.sequences.clusters import groups
from quidqual.sequences.distance import distances, substitution_costs, transition_rates
from quidqual.sequences.shape import entropy, indices

__all__ = [
    "distances",
    "entropy",
    "groups",
    "indices",
    "substitution_costs",
    "transition_rates",
]
