"""Where answers come from: the embedded engine, or another SPARQL server."""
