"""What each kind of list is narrowed by, shows and is sorted by: one entry for each, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.questions.labels import TYPE

DIRECT: Final = "direct"
BACK: Final = "back"
THROUGH: Final = "through"
WITHIN: Final = "within"
CERTAINTY: Final = "certainty"

_DCT: Final = PREFIXES["dcterms"]
_ORG: Final = PREFIXES["org"]
_SCHEMA: Final = PREFIXES["schema"]


@dataclass(frozen=True)
class Path:
    """How a value is reached from a thing; ``facet_<shape>.rq`` and ``list_cells*.rq`` walk it."""

    shape: str
    """direct, back (the value points to the thing), through (what points to the thing has the
    value), within (a wider value, itself or through a narrower one), certainty (of its class)."""
    property: str
    further: str = ""
    """The second property of a path that goes through or within something."""

    def last(self) -> str:
        """Return the property that has the values."""
        return self.further or self.property


@dataclass(frozen=True)
class Facet:
    """What a list can be narrowed by; its name stands in the address."""

    name: str
    path: Path


@dataclass(frozen=True)
class Column:
    """What a list shows of each thing."""

    name: str
    path: Path


def _direct(prop: str) -> Path:
    return Path(DIRECT, prop)


def _through_part(further: str) -> Path:
    return Path(THROUGH, RN + "participant", further)


_ABOUT: Final = _DCT + "subject"
_ABOVE: Final = RN + "under"
_THEMES: Final = (
    Facet("theme", _direct(_ABOUT)),
    Facet("larger", Path(WITHIN, _ABOUT, _ABOVE)),
)
_SURE: Final = Facet("sure", Path(CERTAINTY, TYPE))
_CHOSEN_FOR: Final = tuple(
    Facet(name, _direct(RN + name))
    for name in ("need", "means", "beneficiary", "nature", "setting")
)

FACETS: Final[Mapping[str, tuple[Facet, ...]]] = MappingProxyType(
    {
        "stage": (
            *_THEMES,
            Facet("status", _direct(RN + "status")),
            Facet("date", _direct(_SCHEMA + "startDate")),
            Facet("departement", _direct(RN + "inDepartement")),
            Facet("carrier", _direct(RN + "carriedBy")),
            _SURE,
        ),
        "organisation": (
            Facet("kind", _direct(_ORG + "classification")),
            Facet("theme", _direct(RN + "linkedToTheme")),
            Facet("larger", Path(WITHIN, RN + "linkedToTheme", _ABOVE)),
            Facet("event", _direct(RN + "tookPartIn")),
            Facet("role", _through_part(RN + "role")),
            _SURE,
        ),
        "person": (
            Facet("role", _through_part(RN + "role")),
            Facet("event", _through_part(RN + "inEvent")),
            Facet("organisation", _direct(RN + "speaksFor")),
            Facet("theme", _through_part(_ABOUT)),
            _SURE,
        ),
        "innovation": (
            *_THEMES,
            *_CHOSEN_FOR,
            Facet("stage", _direct(RN + "presentedAt")),
            Facet("carrier", _direct(RN + "carriedBy")),
            _SURE,
        ),
        "testimony": (
            *_THEMES,
            Facet("event", _direct(RN + "inEvent")),
            Facet("organisation", _direct(RN + "onBehalfOf")),
            Facet("form", _direct(RN + "mode")),
            Facet("role", _direct(RN + "role")),
            _SURE,
        ),
        "participation": (
            Facet("role", _direct(RN + "role")),
            Facet("event", _direct(RN + "inEvent")),
            _SURE,
        ),
        "place": (
            Facet("kind", _direct(_DCT + "type")),
            Facet("within", _direct(_SCHEMA + "containedInPlace")),
        ),
        "event": (
            Facet("kind", _direct(TYPE)),
            Facet("within", _direct(_SCHEMA + "superEvent")),
            Facet("departement", _direct(RN + "inDepartement")),
        ),
        "post": (Facet("organisation", _direct(_ORG + "postIn")), _SURE),
        "figure": (
            Facet("of", _direct(RN + "figureOf")),
            Facet("measure", _direct(RN + "measure")),
            _SURE,
        ),
        "occurrence": (
            Facet("theme", _direct(RN + "indicates")),
            Facet("larger", Path(WITHIN, RN + "indicates", _ABOVE)),
            Facet("emphasis", _direct(RN + "emphasis")),
            Facet("list", _direct(RN + "inList")),
            _SURE,
        ),
        "passage": (Facet("part", _direct(_DCT + "isPartOf")),),
        "assertion-set": (
            Facet("sure", _direct(RN + "certainty")),
            Facet("voice", _direct(RN + "voice")),
        ),
        "inference": (
            Facet("sure", _direct(RN + "certainty")),
            Facet("rule", _direct(PREFIXES["prov"] + "wasAttributedTo")),
        ),
    }
)

COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "stage": (
            Column("number", _direct(RN + "number")),
            Column("status", _direct(RN + "status")),
            Column("date", _direct(_SCHEMA + "startDate")),
            Column("place", _direct(_SCHEMA + "location")),
            Column("carrier", _direct(RN + "carriedBy")),
        ),
        "organisation": (
            Column("kind", _direct(_ORG + "classification")),
            Column("carries", Path(BACK, RN + "carriedBy")),
        ),
        "person": (
            Column("role", _through_part(RN + "role")),
            Column("event", _through_part(RN + "inEvent")),
            Column("organisation", _through_part(RN + "onBehalfOf")),
        ),
        "innovation": (
            Column("stage", _direct(RN + "presentedAt")),
            Column("carrier", _direct(RN + "carriedBy")),
            Column("theme", _direct(_ABOUT)),
        ),
        "testimony": (
            Column("speaker", _direct(RN + "participant")),
            Column("event", _direct(RN + "inEvent")),
            Column("form", _direct(RN + "mode")),
        ),
        "participation": (
            Column("participant", _direct(RN + "participant")),
            Column("event", _direct(RN + "inEvent")),
            Column("role", _direct(RN + "role")),
        ),
        "place": (
            Column("kind", _direct(_DCT + "type")),
            Column("within", _direct(_SCHEMA + "containedInPlace")),
            Column("event", Path(BACK, _SCHEMA + "location")),
        ),
        "event": (
            Column("kind", _direct(TYPE)),
            Column("within", _direct(_SCHEMA + "superEvent")),
            Column("date", _direct(RN + "dateAsPrinted")),
        ),
        "post": (
            Column("holder", _direct(_ORG + "heldBy")),
            Column("organisation", _direct(_ORG + "postIn")),
        ),
        "figure": (
            Column("value", _direct(PREFIXES["rdf"] + "value")),
            Column("measure", _direct(RN + "measure")),
            Column("of", _direct(RN + "figureOf")),
        ),
        "occurrence": (
            Column("theme", _direct(RN + "indicates")),
            Column("emphasis", _direct(RN + "emphasis")),
            Column("list", _direct(RN + "inList")),
        ),
    }
)

SORTS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "stage": COLUMNS["stage"][0:3:2],
        "event": (Column("date", _direct(_SCHEMA + "startDate")),),
        "figure": (Column("value", _direct(PREFIXES["rdf"] + "value")),),
    }
)
"""What a kind is sorted by beside names and links: the first is how its list stands at rest."""
NAME: Final = "name"
LINKS: Final = "links"
