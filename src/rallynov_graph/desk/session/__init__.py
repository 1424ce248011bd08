"""One reader works on one document: opening it, each act, undoing, what it comes to."""
