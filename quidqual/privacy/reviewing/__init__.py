"""The review queue at a person's hands: decide row by row, each step kept."""
