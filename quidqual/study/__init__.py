"""The study folder: its tables, texts, codebook and logs, read, checked and written."""
