"""Configuration for web servers that serve an edition: Apache, nginx, Caddy and w3id.org.

It sets media types, the content security policy, and redirections for the names of things.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from rallynov_graph.edition.addresses import OFFERED
from rallynov_graph.edition.links import POLICY_OF_PAGES
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, TURTLE, Format
from rallynov_graph.site.web.headers import SECURITY

NOTES: Final = "deploy"
"""The folder of the rules that a server reads from its own configuration."""
_TYPES: Final = {
    **{form.suffix[1:]: form.media_type for form in (*RESULTS, *GRAPHS)},
    "html": "text/html",
    "css": "text/css",
    "js": "application/javascript",
    "json": "application/json",
    "txt": "text/plain",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
    "gz": "application/gzip",
    "zst": "application/zstd",
    "zip": "application/zip",
    "sqlite": "application/vnd.sqlite3",
}
"""The media types of files, by their suffixes."""
_POLICY: Final = f"{POLICY_OF_PAGES}; frame-ancestors 'none'"
_HEADERS: Final = {**SECURITY, "Content-Security-Policy": _POLICY}


def server_files(base: str) -> Iterator[tuple[str, bytes]]:
    at = urlsplit(base)
    environment = Environment(
        loader=PackageLoader("rallynov_graph.edition", "servers"),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    values = {
        "base": base,
        "host": at.netloc,
        "path": at.path or "/",
        "types": [_type(suffix, kind) for suffix, kind in _TYPES.items()],
        "forms": [*map(_form, sorted(GRAPHS, key=lambda form: form not in OFFERED))],
        "headers": [*_HEADERS.items()],
    }
    for name, file in (
        ("htaccess", ".htaccess"),
        ("nginx.conf", f"{NOTES}/nginx.conf"),
        ("Caddyfile", f"{NOTES}/Caddyfile"),
        ("w3id.htaccess", f"{NOTES}/w3id.htaccess"),
    ):
        yield file, environment.get_template(name).render(values).encode()
    yield ".nojekyll", b""


def _type(suffix: str, media_type: str) -> dict[str, str]:
    """Return a media type for a rule and for a header, quoted where necessary."""
    said = f'"{media_type}; charset=utf-8"' if media_type.startswith("text/") else media_type
    return {"suffix": suffix, "kind": media_type, "said": said}


def _form(form: Format) -> dict[str, str]:
    """Return the condition that requests a format, and the suffix of its file."""
    return {
        "name": "as-" + re.sub(r"[^a-z]", "-", form.media_type),
        "pattern": form.media_type.replace("+", r"\+").replace(".", r"\."),
        "suffix": (form if form in OFFERED else TURTLE).suffix,
    }
