"""Releases: building, freezing, loading, checking, comparing, indexing; withdrawing things."""
