"""Suggested codings from a few notes coded by hand, and how far to trust them."""
