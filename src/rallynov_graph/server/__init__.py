"""The server: its processes, the SPARQL endpoint, the sandbox that visitors' queries run in."""
