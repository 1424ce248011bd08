"""Propose what a document may state; a person decides, and nothing is stored here."""
