"""What an edition of files has in the place of a service; a server has none of it."""

from rallynov_graph.site.edition.views import followed_once, register

__all__ = ["followed_once", "register"]
