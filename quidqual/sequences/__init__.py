"""State sequences over rounds: distances, indices, entropy."""

from __future__ import annotations

from quidqual.sequences.distance import sequence_distances, substitution_costs, transition_rates
from quidqual.sequences.shape import round_entropy, sequence_indices

__all__ = [
    "round_entropy",
    "sequence_distances",
    "sequence_indices",
    "substitution_costs",
    "transition_rates",
]
