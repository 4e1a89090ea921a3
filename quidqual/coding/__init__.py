"""Codes to words: theme tagging, search, suggestions."""
