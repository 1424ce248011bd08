"""Any SPARQL server, reached over HTTP."""
