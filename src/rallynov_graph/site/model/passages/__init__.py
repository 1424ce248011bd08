"""Passages of documents, and their words where the reader has given the text."""
