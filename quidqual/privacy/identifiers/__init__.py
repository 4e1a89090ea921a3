"""What identifies a person in a text: layer by layer, the surest first."""
