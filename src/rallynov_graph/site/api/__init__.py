"""The API for programs that do not speak SPARQL."""
