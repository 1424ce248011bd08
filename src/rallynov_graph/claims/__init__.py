"""What the graph says of a claim: it holds, is contradicted, is left open, or is not stated."""
