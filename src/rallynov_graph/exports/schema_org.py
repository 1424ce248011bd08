"""The description of a page for search engines: JSON-LD in the schema.org vocabulary."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

SCHEMA: Final = PREFIXES["schema"]
CONTEXT: Final = "https://schema.org/"
_OF_ALL: Final = frozenset({"name", "alternateName", "description", "sameAs"})
_OF: Final = {
    "Event": {
        "startDate",
        "eventStatus",
        "endDate",
        "location",
        "superEvent",
        "organizer",
        "about",
    },
    "Organization": {"areaServed"},
    "Place": {"latitude", "longitude", "containedInPlace"},
    "DefinedTerm": {"inDefinedTermSet"},
    "PublicationIssue": {"issueNumber", "datePublished", "isPartOf", "about"},
    "Periodical": {"about"},
    "EventSeries": {"startDate", "endDate", "location", "organizer", "about"},
}
"""The properties that each class of schema.org may have, of those that pages use."""
_NUMBERS: Final = frozenset({PREFIXES["xsd"] + name for name in ("integer", "decimal", "double")})
_IN_HTML: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

JsonLdNode = dict[str, Any]


def thing(iri: str, classes: Iterable[str], statements: Iterable[tuple[str, Term]]) -> JsonLdNode:
    """Return a thing with those of its statements that fit its schema.org class."""
    name = next((c.removeprefix(SCHEMA) for c in classes), "Thing")
    fitting = _OF_ALL | _OF.get(name, set())
    values: dict[str, list[Any]] = {}
    for prop, term in sorted(statements, key=lambda statement: (statement[0], str(statement[1]))):
        local = prop.removeprefix(SCHEMA)
        value = _value(term)
        if local in fitting and value not in values.get(local, ()):
            values.setdefault(local, []).append(value)
    return node(name, iri, {key: v if len(v) > 1 else v[0] for key, v in values.items()})


def node(kind: str, iri: str, values: Mapping[str, Any]) -> JsonLdNode:
    """Return a thing of a schema.org class, without properties that have no value."""
    present = {name: value for name, value in values.items() if value not in ("", None, [], {})}
    return {"@type": kind, **({"@id": iri} if iri else {}), **present}


def reference(iri: str) -> JsonLdNode:
    return {"@id": iri}


def texts(texts_by_language: Mapping[str, str]) -> list[Any]:
    return [
        {"@language": language, "@value": text} if language else text
        for language, text in texts_by_language.items()
    ]


def written(nodes: Iterable[JsonLdNode]) -> str:
    """Return the things as JSON-LD for a page, safely escaped for a ``script`` element."""
    text = json.dumps({"@context": CONTEXT, "@graph": [*nodes]}, ensure_ascii=False)
    return text.translate(_IN_HTML)


def _value(term: Term) -> Any:
    if isinstance(term, NamedNode):
        return reference(term.value)
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if term.datatype.value in _NUMBERS:
        try:
            number = float(term.value)
        except ValueError:
            return term.value
        return int(number) if number.is_integer() else number
    return term.value
