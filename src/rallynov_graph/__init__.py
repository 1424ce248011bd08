"""The Rally'nov knowledge graph: curated RDF in, validated releases, answers and pages out."""

__version__ = "0.1.0"
