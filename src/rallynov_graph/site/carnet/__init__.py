"""The documents, read from the first part to the last."""
