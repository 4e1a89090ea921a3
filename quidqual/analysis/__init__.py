"""Tidy tables in, tidy tables out: presence, prevalence, change, agreement."""
