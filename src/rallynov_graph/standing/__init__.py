"""Which statements are current, and which a document, a reading or a correction superseded.

It is computed from all data before the rules run, which only read current statements.
"""
