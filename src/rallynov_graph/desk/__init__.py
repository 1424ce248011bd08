"""From a document to facts: its text, what may be stated of it, what was decided."""
