"""The manifest of the reconciliation service: its addresses, limits, types and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from rallynov_graph import __version__
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import FIRST_KINDS
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES
from rallynov_graph.site.reconciliation.batches import BATCH
from rallynov_graph.site.web.json_answers import whole_address
from rallynov_graph.site.web.reader import site, view, words

WIDTH: Final = 420
HEIGHT: Final = 260
"""The size of a preview, in pixels."""
_URIS: Final = "https://www.rfc-editor.org/rfc/rfc3986"
"""The identifier space of another graph, whose identifiers are IRIs."""
_SUGGESTED: Final = ("entity", "property", "type")


def manifest(kinds: Mapping[str, str]) -> dict[str, object]:
    """Return the manifest; ``kinds`` has the names of the types that the service knows."""
    addresses, this_site = view().addresses, site()
    space = _URIS if this_site.foreign else f"{this_site.base}id/"
    default_kinds = [
        kind for kind in (FIRST_KINDS if this_site.is_ours else kinds) if kind in kinds
    ][: len(FIRST_KINDS)]
    return {
        "versions": ["0.2"],
        "name": words()["site.foreign" if this_site.foreign else "site.name"],
        "identifierSpace": space,
        "schemaSpace": f"{PREFIXES['rdfs']}Class" if this_site.foreign else ONTOLOGY,
        "documentation": whole_address(addresses.path("/about", anchor="programs")),
        "logo": whole_address(addresses.file("/static/logo.svg")),
        "serviceVersion": __version__,
        "defaultTypes": [{"id": kind, "name": kinds[kind]} for kind in default_kinds],
        "view": {"url": _template("/resource", "iri", "" if this_site.foreign else space)},
        "preview": {"url": _template("/reconcile/preview", "id"), "width": WIDTH, "height": HEIGHT},
        "suggest": {what: _suggest_service(what) for what in _SUGGESTED},
        "extend": {
            "propose_properties": {
                "service_url": whole_address(addresses.root),
                "service_path": _path("/reconcile/properties"),
            },
            "property_settings": _settings(),
        },
        "batchSize": BATCH,
    }


def _suggest_service(what: str) -> dict[str, str]:
    root = whole_address(view().addresses.root)
    flyout_path = _path(f"/reconcile/flyout/{what}")
    return {
        "service_url": root,
        "service_path": _path(f"/reconcile/suggest/{what}"),
        "flyout_service_url": root,
        "flyout_service_path": f"{flyout_path}{'&' if '?' in flyout_path else '?'}id=${{id}}",
    }


def _settings() -> list[dict[str, object]]:
    """Return the settings of a column of a table to extend."""
    any_of = {"value": "", "name": words()["reconcile.any"]}
    certainties = [
        {"value": certainty, "name": words()[f"how.{certainty}"]} for certainty in CERTAINTIES
    ]
    return [
        {
            "name": "certainty",
            "label": words()["reconcile.certainty"],
            "type": "select",
            "default": "",
            "help_text": words()["reconcile.certainty_help"],
            "choices": [any_of, *certainties],
        },
        {
            "name": "limit",
            "label": words()["reconcile.limit"],
            "type": "number",
            "default": 0,
            "help_text": words()["reconcile.limit_help"],
        },
    ]


def _template(path: str, name: str, before: str = "") -> str:
    """Return the template of an address, which ends with an identifier."""
    address = whole_address(view().addresses.path(path))
    return f"{address}{'&' if '?' in address else '?'}{name}={quote(before, safe='')}{{{{id}}}}"


def _path(path: str) -> str:
    return view().addresses.path(path).removeprefix(view().addresses.root)
