"""Which addresses name the same thing: decisions of curators, and what they make of data."""
