"""RDF and SPARQL as texts: formats, reading, places in files, one canonical form."""
