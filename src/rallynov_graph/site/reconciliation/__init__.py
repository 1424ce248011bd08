"""Names in somebody's table, and the things that they mean."""
