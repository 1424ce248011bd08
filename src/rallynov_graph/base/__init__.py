"""What every package is on: errors, names of vocabularies, where files lie, typography."""
