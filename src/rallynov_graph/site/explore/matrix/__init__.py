"""Organisations and themes as a matrix."""
