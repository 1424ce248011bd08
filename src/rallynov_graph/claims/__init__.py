"""What the graph says of a claim: it holds, is contradicted, retracted, open, or not stated."""
