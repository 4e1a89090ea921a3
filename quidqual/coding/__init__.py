"""Codes to words: tagging by patterns, and every match with the words around it."""
