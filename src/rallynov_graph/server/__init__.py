"""The server: its processes, the SPARQL endpoint, the pool of processes that run queries."""
