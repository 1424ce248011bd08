"""A question built without SPARQL."""
