"""The replacements for services in an edition of files; a server has none of them."""

from rallynov_graph.site.edition.views import followed_once, register

__all__ = ["followed_once", "register"]
