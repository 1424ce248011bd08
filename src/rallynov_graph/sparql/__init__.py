"""What answers SPARQL: what a store can do, the engine in this process, other servers."""
