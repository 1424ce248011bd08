"""What HTTP and the SPARQL Protocol ask of every answer."""
