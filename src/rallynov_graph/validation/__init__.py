"""Validation of data: SHACL shapes, checks over graphs, the report of both."""
