"""The shipped notebooks, run: on other readings of the example, and on a study of one's own."""
