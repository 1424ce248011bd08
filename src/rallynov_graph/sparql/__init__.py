"""Stores that answer SPARQL: their common interface, the engine in this process, other servers."""
