"""Before anything is published: rules, their findings, the log of overrides."""
