"""Passages of documents, with their words where the document's text is loaded."""
