"""A newsletter of another programme, and the one after it: nothing lost, nothing invented."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

import trial
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.release import building, text_faults
from rallynov_graph.release.documents import SourceFile
from rallynov_graph.sparql.embedded import EmbeddedStore

NOT_STATED = tomllib.loads((trial.TRIAL / "not_stated.toml").read_text("utf-8"))
"""What a hasty reader would conclude, by document."""


class Corpus:
    """A newsletter with the release that it is in."""

    def __init__(self, slug: str, folder: Path) -> None:
        make = trial.alone if slug == trial.FIRST else trial.with_follow_up
        make(folder / "data")
        self.slug = slug
        self.quads = [*parse(path=str(trial.TRIAL / f"{slug}.trig"), format=RdfFormat.TRIG)]
        self.release = building.build(folder / "releases", data=folder / "data")
        self.store = EmbeddedStore.of_release(self.release)
        self.graphs: dict[object, set[tuple[object, ...]]] = defaultdict(set)
        for quad in self.store.quads():
            self.graphs[quad.graph_name].add((quad.subject, quad.predicate, quad.object))
        rows = self.store.rows(f"SELECT ?g ?s WHERE {{ ?g <{RN}standingOf> ?s }}")
        for row in rows:  # what a set states that is not current is said by the set, too
            self.graphs[row["s"]] |= self.graphs[row["g"]]
        rows = self.store.rows(
            f"SELECT ?a ?b WHERE {{ ?d a <{RN}IdentityDecision> ; <{RN}identity> <{RN}same> ;"
            f" <{RN}kept> ?a ; <{RN}other> ?b }}"
        )
        self.now = {row["b"]: row["a"] for row in rows}

    def has(self, quad: Quad) -> bool:
        subject, value = (self.now.get(it, it) for it in (quad.subject, quad.object))  # type: ignore[arg-type, call-overload]
        return (subject, quad.predicate, value) in self.graphs[quad.graph_name]

    def ask(self, pattern: str) -> bool:
        """Return whether the default graph has a pattern; addresses are written short."""
        prefixes = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in PREFIXES.items())
        return self.store.ask(f"BASE <{ID}>\n{prefixes}ASK {{ {pattern} }}")


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Corpus]:
    return {
        slug: Corpus(slug, tmp_path_factory.mktemp(slug)) for slug in (trial.FIRST, trial.FOLLOW_UP)
    }


@pytest.mark.parametrize("slug", [trial.FIRST, trial.FOLLOW_UP])
def test_the_release_says_what_the_newsletter_says_and_no_more(
    corpora: dict[str, Corpus], slug: str
) -> None:
    corpus = corpora[slug]
    assert corpus.release.manifest.checked
    assert corpus.release.manifest.findings["Violation"] == 0
    kept = {f"{RN}{name}" for name in ("certainty", "passage", "voice")}
    curated = NamedNode(f"{ID}graph/{slug}")
    quads = [q for q in corpus.quads if q.graph_name != curated or q.predicate.value in kept]
    assert len(quads) > 500
    assert [str(quad) for quad in quads if not corpus.has(quad)] == [], "with its passages"
    hasty = NOT_STATED[slug]
    assert [name for name, pattern in hasty.items() if corpus.ask(pattern)] == []
    text = SourceFile.read(trial.TRIAL / trial.TEXTS[slug])
    ontology = building.ontology_of(building.ontology_dir())
    told = {str(it.shape) for it in text_faults.faults(corpus.quads, ontology, [text])}
    assert not [it for it in told if "printed_form" in it], "printed forms are in their passages"


STANDS = {
    "<stage/redon>": "rn:status <status/tenue> ; schema:location <place/vannes>",
    "<event/comite-du-programme>": "rn:status <status/annulee> ; schema:location <place/quimperle>",
    "<event/rencontre-annuelle>": "rn:status <status/reportee> ;"
    " schema:location <place/concarneau> ; schema:startDate '2021-10-02'^^xsd:date",
}
"""What stands of each event that the first newsletter announced."""


def test_what_a_newsletter_announced_is_as_the_next_one_says(corpora: dict[str, Corpus]) -> None:
    ask = corpora[trial.FOLLOW_UP].ask
    for event, stands in STANDS.items():
        assert ask(f"{event} {stands}")
        announced = f"{event} rn:status <status/annoncee>"
        assert ask(f"GRAPH ?g {{ {announced} }} ?g rn:standing rn:superseded")
        assert not ask(announced)
    fixed = "<event/rencontre-annuelle> rn:toBeFixed schema:location"
    assert not ask(fixed)
    assert ask(f"GRAPH ?g {{ {fixed} }} ?g rn:standing rn:superseded ; rn:replacedBy ?by")
    reported = "<event/prix-mor-nevez> schema:startDate '{}'^^xsd:gYear"
    assert ask(reported.format(2020)), "the date that was kept"
    other = reported.format(2019)
    assert not ask(other)
    assert ask(f"GRAPH ?g {{ {other} }} ?g rn:standing rn:alternative")
