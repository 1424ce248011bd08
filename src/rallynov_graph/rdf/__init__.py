"""RDF and SPARQL as texts: formats, parsing, positions in files, canonical forms."""
