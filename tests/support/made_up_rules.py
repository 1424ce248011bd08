"""Rules of tests, over addresses of an example."""

from typing import Final

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rules import rulebook

EXAMPLE: Final = "https://example.org/"
PROLOGUE: Final = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
HEADER: Final = "#+ label_fr: a\n#+ label_en: b\n#+ about_fr: c\n#+ about_en: d\n"


def rule(name: str, head: str, body: str) -> rulebook.Rule:
    """Return a rule of a head and a body, in which ``:`` is the example."""
    query = f"PREFIX : <{EXAMPLE}>\nCONSTRUCT {{ {head} }} WHERE {{ {body} }}"
    return rulebook.parse(name, HEADER + query)
