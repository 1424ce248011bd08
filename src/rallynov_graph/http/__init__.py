"""Parts of HTTP and of the SPARQL Protocol that every response needs."""
