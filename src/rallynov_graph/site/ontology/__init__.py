"""The ontology, its terms, the shapes and the JSON-LD context."""
