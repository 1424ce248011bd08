"""Releases: built, frozen, loaded, checked, compared, indexed; and the withdrawal of things."""
