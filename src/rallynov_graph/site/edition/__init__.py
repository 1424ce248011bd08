"""The replacements for services in an edition of files; a server has none of them."""

from rallynov_graph.site.edition.views import register

__all__ = ["register"]
