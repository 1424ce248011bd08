"""Search: the texts of a graph in an index, and search results."""
