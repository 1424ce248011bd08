"""From a document to facts: what its readers decided, and the TriG that follows from it."""
