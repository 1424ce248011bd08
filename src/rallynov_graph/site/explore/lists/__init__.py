"""The lists: things of a kind or a class, narrowed and sorted."""
