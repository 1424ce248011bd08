"""What each page shows: one frozen dataclass a page, made from a store, free of HTML and HTTP."""
