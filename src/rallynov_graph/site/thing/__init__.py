"""The page of a thing, and its data."""
