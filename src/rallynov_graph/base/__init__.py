"""What every package builds on: errors, vocabularies, paths of files, typography."""
