"""Releases: built, frozen, loaded, checked again, compared; and what was withdrawn from them."""
