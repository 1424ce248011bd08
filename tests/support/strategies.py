"""What hypothesis draws for tests of properties: terms, statements, texts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.namespaces import ID, PREFIXES, RN

WRITABLE = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff"
)
"""Characters that every format can write, XML too."""
texts = st.text(WRITABLE | st.sampled_from("\t\n\"'\\<>&{}#;,.@^ "), max_size=30)
"""Texts, many with signs that some syntax reads otherwise."""
_SAFE = "abcXYZ019-_.~é%2F/?#=&;,:!()*+@'"
iris = st.builds(
    lambda start, rest: NamedNode(start + rest.replace("%", "%25").replace("#", "%23")),
    st.sampled_from([ID, RN, f"{ID}stage/", "https://example.org/", PREFIXES["schema"], "urn:x:"]),
    st.text(_SAFE, max_size=12),
)
properties = st.sampled_from(
    [
        *(f"{RN}{name}" for name in ("carriedBy", "number", "reason", "asPrinted")),
        *(PREFIXES["rdfs"] + "comment", PREFIXES["rdf"] + "type", "https://example.org/p"),
    ]
).map(NamedNode)
_datatypes = st.sampled_from(
    [
        *(PREFIXES["xsd"] + name for name in ("integer", "double", "boolean", "date", "decimal")),
        "https://example.org/type",
    ]
).map(NamedNode)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(
        lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["fr", "en-gb"])
    ),
    st.builds(lambda text, kind: Literal(text, datatype=kind), texts, _datatypes),
    st.integers().map(Literal),
    st.booleans().map(Literal),
)
triples: st.SearchStrategy[Any] = st.builds(Triple, iris, properties, iris | literals)
quads: st.SearchStrategy[Any] = st.builds(Quad, iris, properties, iris | literals, iris)
