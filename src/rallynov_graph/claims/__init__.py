"""What the graph says about a claim: it holds, is contradicted, retracted, open, or not stated."""
