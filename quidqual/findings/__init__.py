"""Claims and their ledger."""
