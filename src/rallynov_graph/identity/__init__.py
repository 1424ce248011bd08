"""Which addresses name the same thing: the decisions of curators and their effect on data."""
