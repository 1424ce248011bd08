"""The layout of drawings: a map, a timeline, a network."""
