"""The replacements for services in an edition of files; a server has none of them."""

from rallynov_graph.site.edition.views import id_of_data, register

__all__ = ["id_of_data", "register"]
