"""Ways to look at many things at once."""
