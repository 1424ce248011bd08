"""Search: the texts of a graph in an index, and what is found in it."""
