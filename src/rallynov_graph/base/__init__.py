"""What every package stands on: errors, names of vocabularies, where files lie, typography."""
