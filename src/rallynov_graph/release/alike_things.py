"""The check that tells things whose names are so alike that somebody should decide about them."""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.identity import likely_same
from rallynov_graph.validation.further_checks import FurtherCheck
from rallynov_graph.validation.report import WARNING, Finding


def _findings(check: FurtherCheck, quads: Iterable[Quad | Triple]) -> Iterator[Finding]:
    for it in likely_same.likely_same(quads):
        first, second = short_iri(it.first), short_iri(it.second)
        is_one = it.first_name == it.second_name
        yield Finding(
            severity=check.severity,
            shape=check.iri,
            focus=NamedNode(it.first),
            value=NamedNode(it.second),
            messages={
                "fr": f"{first} (« {it.first_name} ») et {second} (« {it.second_name} ») ont "
                f"{'' if is_one else 'presque '}le même nom : une chose ou deux ? "
                "Décidez-le par rallynov identity.",
                "en": f"{first} (“{it.first_name}”) and {second} (“{it.second_name}”) have "
                f"{'' if is_one else 'nearly '}the same name: one thing or two? "
                "Decide it by rallynov identity.",
            },
        )


ALIKE: Final = FurtherCheck(
    "things_are_not_alike", WARNING, _findings, likely_same.PROPERTIES, likely_same.concerns
)
"""It is silenced by a decision that two things are the same, are different, or that it is open."""
