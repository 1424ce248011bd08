"""List, record and undo decisions in a data folder; no other file changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.errors import RallynovError, SourceError, UnknownNameError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.base.whole_files import replacing_file
from rallynov_graph.identity.decisions import PAIRS, SAME, SPLIT, TYPE, Decision, iri_of
from rallynov_graph.identity.rewriting import NAMES, DecidedQuads, Lost, decided, graphs_about
from rallynov_graph.identity.writing import Grounds, text_of
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import sources

FOLDER: Final = "identity"
"""The folder of a data folder in which decisions are, a file each."""

_EVIDENCE: Final = frozenset(RN + it for it in ("AssertionSet", "Passage", "OutsideGraph"))
_AGENT: Final = f"{PREFIXES['prov']}Agent"
_DATASET: Final = NamedNode(f"{PREFIXES['schema']}Dataset")
_LANGUAGE: Final = NamedNode(f"{PREFIXES['dcterms']}language")
_CODE: Final = NamedNode(f"{PREFIXES['skos']}notation")
_OWED_TO: Final = f"{PREFIXES['prov']}wasAttributedTo"
_MADE_ON: Final = f"{PREFIXES['prov']}generatedAtTime"
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Recorded:
    """A decision as it was written, or as it would be."""

    decision: Decision
    file: Path
    lost: tuple[Lost, ...]
    """The values of the merged thing that are dropped for those of the kept one."""


@dataclass(frozen=True)
class DataFolder:
    """A data folder with its statements as written."""

    path: Path
    quads: Iterable[Quad]

    def decided(self, further: Iterable[Quad] = ()) -> DecidedQuads:
        """Return the data after the decisions, including those in additional statements."""
        return decided([*self.quads, *further], sources.files_under(self.path))

    def without(self, graph: object) -> DecidedQuads:
        """Return the data after the decisions, without those in a graph."""
        left = [quad for quad in self.quads if quad.graph_name != graph]
        return decided(left, sources.files_under(self.path))


@dataclass(frozen=True)
class Entry:
    """A decision as shown in a list."""

    decision: Decision
    agent: str
    day: str
    reason: str
    """In English, else in another language."""
    lost: tuple[Lost, ...]
    """The dropped statements of curators about the merged thing."""


def entries(quads: DecidedQuads) -> Iterator[Entry]:
    """Yield the decisions, sorted by address; raise SourceError."""
    graphs = quads.decided.graphs
    told = Dataset(quad for quad in quads.quads if quad.graph_name in graphs)
    lost = quads.curated.lost if quads.decided.decisions and quads.survey else ()

    def said(thing: object, prop: str) -> list[NamedNode | Literal]:
        found = told.quads_for_subject(thing)  # type: ignore[arg-type]
        return [it.object for it in found if it.predicate.value == prop]  # type: ignore[misc]

    for decision in quads.decided.decisions:
        node = NamedNode(decision.iri)
        own = {it.graph_name for it in told.quads_for_subject(node)}
        reasons = [it for it in said(node, f"{RN}reason") if isinstance(it, Literal)]
        reasons.sort(key=lambda it: (it.language != "en", it.value))
        days = [it.value for graph in own for it in said(graph, _MADE_ON)]
        agents = [it for graph in own for it in said(graph, _OWED_TO)]
        yield Entry(
            decision,
            ", ".join(sorted(short_iri(it.value) for it in agents)),
            min(days, default="").partition("T")[0],
            reasons[0].value if reasons else "",
            tuple(it for it in lost if decision.kind == SAME and it.thing == decision.other),
        )


def owed_languages(data: Iterable[Quad], ontology: Iterable[Quad]) -> tuple[str, ...]:
    """Return the codes of the languages that the dataset declares; ours come first and always.

    The ontology has the code of each language.
    """
    datasets: set[object] = set()
    spoken: dict[object, set[object]] = {}
    for quad in data:
        if quad.predicate.value == TYPE and quad.object == _DATASET:
            datasets.add(quad.subject)
        elif quad.predicate == _LANGUAGE:
            spoken.setdefault(quad.subject, set()).add(quad.object)
    declared = {language for dataset in datasets for language in spoken.get(dataset, ())}
    codes = {
        quad.object.value
        for quad in ontology
        if quad.subject in declared and quad.predicate == _CODE and isinstance(quad.object, Literal)
    }
    ours = tuple(code for code in LANGUAGES if code in codes)
    return (*ours, *sorted(codes - {*LANGUAGES})) or LANGUAGES


def iri_from(name: str) -> str:
    """Return the IRI of a thing written as ``kind/slug`` or in full."""
    return name if ":" in name else f"{ID}{name}"


def record(
    data: DataFolder, decision: Decision, grounds: Grounds, *, rehearse: bool = False
) -> Recorded:
    """Write a decision into a file of its own and return it; a dry run changes nothing.

    The decision is given without an address. Raises UnknownNameError for things that the data do
    not name, and RallynovError if the data or other decisions contradict it; nothing is written
    then.
    """
    before = data.decided()
    _refuse_former(decision, before)
    known = _Known(Dataset(data.quads))
    for thing in filter(None, (decision.kept, decision.other)):
        known.require_thing(thing)
    known.require_agent(grounds.agent)
    for piece in grounds.evidence:
        known.require_evidence(piece)
    if decision.kind == SPLIT:
        _refuse_addresses(decision)
        _refuse_unassigned(decision, data, before)
    else:
        _refuse_decided(decision, before)
    return _written(data, _with_address(decision, before), grounds, known, rehearse)


def _written(
    data: DataFolder, decision: Decision, grounds: Grounds, known: _Known, rehearse: bool
) -> Recorded:
    text = text_of(decision, grounds, known.labels(decision.things, grounds.reasons))
    file = data.path / FOLDER / f"{_slug(decision)}.trig"
    after = data.decided(parse(text, format=RdfFormat.TRIG))
    try:
        lost = after.curated.lost if after.survey else ()
    except SourceError as error:
        # Errors of a decision that does not exist yet are located in its future file.
        raise SourceError(str(file), error.reason) if error.line is None else error from error
    if not rehearse:
        _write(file, text)
    return Recorded(decision, file, tuple(it for it in lost if it.thing == decision.other))


def undo(data: DataFolder, name: str, *, rehearse: bool = False) -> Path:
    """Remove a decision's file and return it; a dry run changes nothing.

    Raises UnknownNameError if there is no such decision, SourceError if the file contains anything
    else, or if another decision needs this one.
    """
    slug = name.rpartition("/")[2].removesuffix(".trig")
    file = data.path / FOLDER / f"{slug}.trig"
    if not (_SLUG.fullmatch(slug) and file.is_file()):
        raise _never_decided(slug, data)
    graphs = {quad.graph_name for quad in sources.quads([file], relative_iris=False)}
    if len(graphs) != 1:
        raise SourceError(str(file), f"it contains more than {slug}; take that out by hand")
    if _holds(data.decided()):
        for graph in graphs:
            data.without(graph).survey  # noqa: B018 (raises where what is left does not hold)
    if not rehearse:
        try:
            file.unlink()
        except OSError as error:
            raise SourceError.unwritten(file, error) from error
    return file


def _holds(quads: DecidedQuads) -> bool:
    """Whether decisions can be applied."""
    try:
        return bool(quads.survey)
    except SourceError:
        return False


def _never_decided(slug: str, data: DataFolder) -> RallynovError:
    quads = data.decided()
    slugs = {_slug(it): it for it in quads.decided.decisions}
    if slug in slugs:
        return quads.places.error(slugs[slug].iri, f"{slug} is written by hand; take it out there")
    names = near(slug, slugs)
    hint = f"did you mean {' or '.join(names)}?" if names else "see rallynov identity list."
    return UnknownNameError(f"Nothing was decided by the name of {slug!r}: {hint}", names)


def _refuse_former(decision: Decision, before: DecidedQuads) -> None:
    """Raise UnknownNameError for an address that was merged or split."""
    resolution = before.resolution
    for thing in decision.things:
        split = resolution.splits.get(thing)
        now = [it.thing for it in split.assigned] if split else []
        if thing in resolution.became:
            now = [resolution.became[thing]]
        if now:
            by = next(it for it in before.decided.decisions if it.other == thing)
            names = " or ".join(map(short_iri, now))
            raise UnknownNameError(
                f"{short_iri(thing)} became {names} by {before.places.named(by)}: name {names}.",
                now,
            )


def _refuse_decided(decision: Decision, before: DecidedQuads) -> None:
    known = before.resolution.apart.get(frozenset((decision.kept, decision.other)))
    if known is not None:
        things = f"{short_iri(decision.kept)} and {short_iri(decision.other)}"
        name = before.places.named(known)
        raise RallynovError(f"{name} says {known.kind} of {things} already: undo it first.")


def _refuse_addresses(decision: Decision) -> None:
    for it in decision.assigned:
        if not (kind_of_iri(it.thing) and _SLUG.fullmatch(it.thing.rpartition("/")[2])):
            raise RallynovError(
                f"{it.thing!r} is not an address: write a kind and a name in lower case without "
                "accents, as person/first-last."
            )


def _refuse_unassigned(decision: Decision, data: DataFolder, before: DecidedQuads) -> None:
    """Raise RallynovError if a graph about a split thing is not assigned."""
    speaking = graphs_about(decision.other, data.quads, before.decided)
    left = sorted(speaking - {graph for it in decision.assigned for graph in it.graphs})
    if left:
        options = " ".join(f"--assign {short_iri(graph)}=…" for graph in left)
        raise RallynovError(
            f"{short_iri(decision.other)} is not split until it is said of which thing each graph "
            f"speaks: add {options} with the address of that thing."
        )


def _with_address(decision: Decision, before: DecidedQuads) -> Decision:
    """Return a decision with an address of its own, made from its content."""
    things = [short_iri(it) for it in filter(None, (decision.kept, decision.other))]
    parts = [decision.kind, things[0].replace("/", "-")]
    if decision.kind in PAIRS:
        parts.append(things[1].rpartition("/")[2])
    slug = _SLUG.search("-".join(parts))
    assert slug is not None
    taken = {it.iri for it in before.decided.decisions}
    number, iri = 1, f"{ID}decision/{slug[0]}"
    while iri in taken:
        number += 1
        iri = f"{ID}decision/{slug[0]}-{number}"
    return replace(decision, iri=iri)


def _slug(decision: Decision) -> str:
    return decision.iri.rpartition("/")[2]


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        with replacing_file(path, 0o644) as file:
            file.write(text.encode())
    except OSError as error:
        raise SourceError.unwritten(path, error) from error


@dataclass(frozen=True)
class _Known:
    """The data about the things of a decision: their existence, kinds and names."""

    quads: Dataset

    def labels(
        self, things: Iterable[str], languages: Iterable[str]
    ) -> dict[str, Mapping[str, str]]:
        """Return the name of each thing by language; its address if it has none."""
        wanted = [*languages]
        found: dict[str, Mapping[str, str]] = {}
        for thing in things:
            names: dict[str, str] = {}
            for quad in self.quads.quads_for_subject(NamedNode(thing)):
                if quad.predicate.value in NAMES and isinstance(quad.object, Literal):
                    text, language = quad.object.value, quad.object.language or ""
                    names[language] = min(text, names.get(language, text))
            any_name = next((names[it] for it in sorted(names)), short_iri(thing))
            found[thing] = {it: names.get(it, names.get("", any_name)) for it in wanted}
        return found

    def require_thing(self, iri: str) -> None:
        """Raise UnknownNameError for a thing that the data do not mention."""
        if not self._is_mentioned(iri):
            raise self._unknown(iri, kind_of_iri(iri))

    def require_agent(self, iri: str) -> None:
        """Raise UnknownNameError for an agent that the data do not have."""
        if _AGENT not in self._types(iri):
            raise self._unknown(iri, "agent")

    def require_evidence(self, iri: str) -> None:
        """Raise UnknownNameError unless it is a set, a passage or a graph of another source."""
        if not _EVIDENCE.isdisjoint(self._types(iri)):
            return
        if self._is_mentioned(iri):
            raise UnknownNameError(
                f"{short_iri(iri)} is not evidence: name an assertion set, a passage or a graph "
                "of another source."
            )
        raise self._unknown(iri, kind_of_iri(iri))

    def _is_mentioned(self, iri: str) -> bool:
        node = NamedNode(iri)
        return any(self.quads.quads_for_subject(node)) or any(self.quads.quads_for_object(node))

    def _types(self, iri: str) -> set[str]:
        quads = self.quads.quads_for_subject(NamedNode(iri))
        return {iri_of(it.object) for it in quads if it.predicate.value == TYPE}

    def _unknown(self, iri: str, kind: str) -> UnknownNameError:
        start = f"{ID}{kind}/" if kind else ID
        terms = (term for quad in self.quads for term in (quad.subject, quad.object))
        names = sorted(
            {iri_of(it).removeprefix(ID) for it in terms if iri_of(it).startswith(start)}
        )
        found = near(iri.removeprefix(ID), names)
        nothing = "copy the address from its page or from a file of the data."
        hint = f"did you mean {' or '.join(found)}?" if found else nothing
        return UnknownNameError(f"Nothing in the data is called {short_iri(iri)}: {hint}", found)
