"""SPARQL for people."""
