"""What the reconciliation service says of itself: its addresses, limits, types and settings."""

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
"""How large a preview is, in pixels."""
_URIS: Final = "https://www.rfc-editor.org/rfc/rfc3986"
"""The space of the identifiers of somebody else's graph: they are IRIs."""
_SUGGESTING: Final = ("entity", "property", "type")


def manifest(kinds: Mapping[str, str]) -> dict[str, object]:
    """Return what the service can do, where, and for which types of things, by their names."""
    addresses, this_site = view().addresses, site()
    space = _URIS if this_site.foreign else f"{this_site.base}id/"
    first = [kind for kind in (FIRST_KINDS if this_site.is_ours else kinds) if kind in kinds][
        : len(FIRST_KINDS)
    ]
    return {
        "versions": ["0.2"],
        "name": words()["site.foreign" if this_site.foreign else "site.name"],
        "identifierSpace": space,
        "schemaSpace": f"{PREFIXES['rdfs']}Class" if this_site.foreign else ONTOLOGY,
        "documentation": whole_address(addresses.path("/about", anchor="programs")),
        "logo": whole_address(addresses.file("/static/logo.svg")),
        "serviceVersion": __version__,
        "defaultTypes": [{"id": kind, "name": kinds[kind]} for kind in first],
        "view": {"url": _template("/resource", "iri", "" if this_site.foreign else space)},
        "preview": {"url": _template("/reconcile/preview", "id"), "width": WIDTH, "height": HEIGHT},
        "suggest": {what: _suggesting(what) for what in _SUGGESTING},
        "extend": {
            "propose_properties": {
                "service_url": whole_address(addresses.root),
                "service_path": _path("/reconcile/properties"),
            },
            "property_settings": _settings(),
        },
        "batchSize": BATCH,
    }


def _suggesting(what: str) -> dict[str, str]:
    root = whole_address(view().addresses.root)
    flown = _path(f"/reconcile/flyout/{what}")
    return {
        "service_url": root,
        "service_path": _path(f"/reconcile/suggest/{what}"),
        "flyout_service_url": root,
        "flyout_service_path": f"{flown}{'&' if '?' in flown else '?'}id=${{id}}",
    }


def _settings() -> list[dict[str, object]]:
    """Return what can be chosen for each column of a table that is extended."""
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
    """Return an address in which an identifier is put at its end."""
    address = whole_address(view().addresses.path(path))
    return f"{address}{'&' if '?' in address else '?'}{name}={quote(before, safe='')}{{{{id}}}}"


def _path(path: str) -> str:
    return view().addresses.path(path).removeprefix(view().addresses.root)
