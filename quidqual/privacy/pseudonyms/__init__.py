"""From raw notes to a study under pseudonyms, and the key between them."""
