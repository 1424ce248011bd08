"""The text of a document, in which positions are counted."""
