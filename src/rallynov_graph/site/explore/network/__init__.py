"""The network of things."""
