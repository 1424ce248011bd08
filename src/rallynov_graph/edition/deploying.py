"""What web servers read beside an edition: rules for Apache, nginx, Caddy and w3id.org.

They say the media types, what a page may do, and where the names of things lead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files as resources
from typing import Final
from urllib.parse import urlsplit

from rallynov_graph.edition.addresses import OFFERED
from rallynov_graph.edition.links import POLICY_OF_PAGES
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, TURTLE
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
_FORMS: Final = {
    form.media_type: (form if form in OFFERED else TURTLE).suffix
    for form in sorted(GRAPHS, key=lambda form: form not in OFFERED)
}
"""The suffix of the file that a client gets who asks for a media type: of those that are there."""
_POLICY: Final = f"{POLICY_OF_PAGES}; frame-ancestors 'none'"
_HEADERS: Final = {**SECURITY, "Content-Security-Policy": _POLICY}


def server_files(base: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files for servers of an edition at its lasting address."""
    at = urlsplit(base)
    values = {
        "PATH": at.path or "/",
        "HOST": at.netloc,
        "BASE": base,
        "APACHE_TYPES": _lines(_TYPES, lambda suffix, kind: f"AddType {_typed(kind)} .{suffix}"),
        "APACHE_HEADERS": _lines(
            _HEADERS, lambda name, value: f'  Header always set {name} "{value}"'
        ),
        "APACHE_RULES": _apache_rules("%{ENV:PLACE}", "  "),
        "W3ID_RULES": _apache_rules(base, ""),
        "NGINX_TYPES": _lines(_TYPES, lambda suffix, kind: f"        {kind} {suffix};"),
        "NGINX_FORMS": _lines(_FORMS, lambda kind, suffix: f'    "~*{_pattern(kind)}" {suffix};'),
        "NGINX_HEADERS": _lines(
            _HEADERS, lambda name, value: f'    add_header {name} "{value}" always;'
        ),
        "CADDY_HEADERS": _lines(_HEADERS, lambda name, value: f'\t\t{name} "{value}"'),
        "CADDY_TYPES": _lines(
            _TYPES,
            lambda suffix, kind: (
                f"\t@{suffix} path *.{suffix}\n\theader @{suffix} Content-Type {_typed(kind)}"
            ),
        ),
        "CADDY_FORMS": _lines(
            _FORMS,
            lambda kind, _: f"\t@{_name(kind)} header_regexp Accept {_pattern(kind)}",
        ),
        "CADDY_THINGS": _caddy_rules("thing"),
        "CADDY_DOCUMENTS": _caddy_rules("document"),
    }
    yield ".htaccess", _filled("htaccess", values)
    yield f"{NOTES}/nginx.conf", _filled("nginx.conf", values)
    yield f"{NOTES}/Caddyfile", _filled("Caddyfile", values)
    yield f"{NOTES}/w3id.htaccess", _filled("w3id.htaccess", values)
    yield ".nojekyll", b""


def _filled(name: str, values: dict[str, str]) -> bytes:
    text = resources("rallynov_graph.edition").joinpath("servers", name).read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    text = text.replace("@PATH@", values["PATH"])
    return text.encode()


def _lines(pairs: dict[str, str], line: Callable[[str, str], str]) -> str:
    return "\n".join(line(name, value) for name, value in pairs.items())


def _pattern(media_type: str) -> str:
    return media_type.replace("+", r"\+").replace(".", r"\.")


def _typed(media_type: str) -> str:
    return f'"{media_type}; charset=utf-8"' if media_type.startswith("text/") else media_type


def _apache_rules(place: str, indent: str) -> str:
    rules = []
    for media_type, suffix in _FORMS.items():
        rules += [
            "RewriteCond %{HTTP_ACCEPT} !text/html",
            f"RewriteCond %{{HTTP_ACCEPT}} {_pattern(media_type)}",
            f"RewriteRule ^(?:id|data)/([a-z][a-z0-9-]*)/([^/.]+)$ {place}data/$1/$2{suffix} "
            "[R=303,L]",
        ]
    rules += [
        f"RewriteRule ^id/([a-z][a-z0-9-]*)/([^/]+)$ {place}page/$1/$2.html [R=303,L]",
        f"RewriteRule ^data/([a-z][a-z0-9-]*)/([^/.]+)$ {place}data/$1/$2.ttl [R=303,L]",
    ]
    return "\n".join(f"{indent}{rule}" for rule in rules)


def _caddy_rules(name: str) -> str:
    return "\n".join(
        f"\t\tredir @{_name(kind)} @PATH@data/{{re.{name}.1}}/{{re.{name}.2}}{suffix} 303"
        for kind, suffix in _FORMS.items()
    )


def _name(media_type: str) -> str:
    """Return the name of the requests for a media type in the rules of Caddy."""
    return "as-" + re.sub(r"[^a-z]", "-", media_type)
