"""What findings suggest: near things, the file of a list, an address without accents."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, SHAPES, short_iri
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded
from rallynov_graph.rdf.locations import locate
from rallynov_graph.validation.report import Finding, Report

_NOWHERE: Final = f"{SHAPES}check-link_leads_somewhere"
_GRAPH: Final = f"{SHAPES}check-graph_has_a_kind"
_FOLDED: Final = f"{SHAPES}check-address_is_folded"
_WORD: Final = re.compile(r"[a-z0-9]+")
_LISTS: Final = f"{PREFIXES['skos']}inScheme"
_LABELS: Final = frozenset({f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel"})
_SAMPLE: Final = 20
"""In how many terms of a list it is looked where the list is written."""

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "term": "Le terme {thing} n’est dans aucune liste.",
        "thing": "Rien n’est dit de {thing}.",
        "set": "Rien ne décrit le graphe {thing} : de quel passage, avec quelle certitude ?",
        "near": "Vouliez-vous dire {names} ?",
        "or": " ou ",
        "list": "Un terme nouveau s’écrit d’abord dans {file}.",
        "else": "Corrigez l’adresse, ou décrivez cette chose.",
        "quoted": "{thing} (« {name} »)",
        "folded": "Ici : {thing}.",
    },
    "en": {
        "term": "The term {thing} is in no list.",
        "thing": "Nothing is said of {thing}.",
        "set": "Nothing describes the graph {thing}: from which passage, and how certain, is it?",
        "near": "Did you mean {names}?",
        "or": " or ",
        "list": "A new term is first written into {file}.",
        "else": "Correct the address, or describe that thing.",
        "quoted": "{thing} (“{name}”)",
        "folded": "Here: {thing}.",
    },
}


@dataclass
class _Known:
    """The things of the data whose addresses begin like unknown ones."""

    names: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By address, the name in each language."""
    terms: set[str] = field(default_factory=set)
    """Those that are terms of lists."""


InNamespaces = Callable[[Set[str]], Iterable[Quad | Triple]]
"""Returns what is said of things whose addresses begin so; other statements may be among it."""


def with_hints(
    report: Report, in_namespaces: InNamespaces, files: Iterable[tuple[str, Path]]
) -> Report:
    """Return the report, its findings with what they suggest.

    The data are asked once more where something is unknown, and only then.
    """
    report = replace(report, results=tuple(map(_with_folded_address, report.results)))
    unknown = {_unknown(finding) for finding in report.results} - {""}
    if not unknown:
        return report
    namespaces = {namespace_of(iri) for iri in unknown}
    known = _known(in_namespaces(namespaces), namespaces)
    paths = {path: name for name, path in files}
    messages = {iri: _messages(iri, known, paths) for iri in unknown}
    return replace(
        report,
        results=tuple(
            replace(finding, messages=messages[iri]) if (iri := _unknown(finding)) else finding
            for finding in report.results
        ),
    )


def _with_folded_address(finding: Finding) -> Finding:
    """Return a finding about an address with accents or capitals with the right one."""
    iri = getattr(finding.focus, "value", "")
    folded_slug = "-".join(_WORD.findall(folded(iri.rpartition("/")[2])))
    if finding.shape != _FOLDED or not folded_slug:
        return finding
    thing = short_iri(namespace_of(iri) + folded_slug)
    return replace(
        finding,
        messages={
            language: f"{text} {_WORDS[language]['folded'].format(thing=thing)}"
            for language, text in finding.messages.items()
        },
    )


def _unknown(finding: Finding) -> str:
    """Return the address of the thing or graph of which nothing is said."""
    is_one = finding.shape in (_NOWHERE, _GRAPH) and isinstance(finding.value, NamedNode)
    return finding.value.value if is_one and isinstance(finding.value, NamedNode) else ""


def namespace_of(iri: str) -> str:
    """Return how an address begins, up to its last part."""
    return iri[: iri.rfind("/") + 1]


def _known(data: Iterable[Quad | Triple], namespaces: Set[str]) -> _Known:
    found = _Known()
    for quad in data:
        subject = quad.subject
        if not isinstance(subject, NamedNode) or namespace_of(subject.value) not in namespaces:
            continue
        names = found.names[subject.value]
        if quad.predicate.value in _LABELS and isinstance(quad.object, Literal):
            names[quad.object.language or ""] = quad.object.value
        elif quad.predicate.value == _LISTS:
            found.terms.add(subject.value)
    return found


def _messages(unknown: str, known: _Known, files: Mapping[Path, str]) -> dict[str, str]:
    beside = [iri for iri in known.names if namespace_of(iri) == namespace_of(unknown)]
    slugs = {iri.rpartition("/")[2]: iri for iri in sorted(beside) if iri != unknown}
    slug = unknown.rpartition("/")[2]
    likely = [slugs[it] for it in near(slug, slugs, 1, slips_only=True) or near(slug, slugs, 2)]
    terms = sorted(known.terms.intersection(beside))
    file = _file_of(terms, files) if terms else None
    kind = "set" if "/assertion-set/" in unknown else "term" if terms else "thing"
    return {
        language: " ".join(_sentences(language, kind, unknown, likely, file, known))
        for language in LANGUAGES
    }


def _sentences(
    language: str, kind: str, unknown: str, likely: list[str], file: str | None, known: _Known
) -> Iterable[str]:
    words = _WORDS[language]
    yield words[kind].format(thing=short_iri(unknown))
    if likely:
        names = (_quoted(iri, known.names[iri], language) for iri in likely)
        yield words["near"].format(names=words["or"].join(names))
    if file:
        yield words["list"].format(file=file)
    elif not likely and kind == "thing":
        yield words["else"]


def _quoted(iri: str, names: Mapping[str, str], language: str) -> str:
    name = names.get(language) or names.get("") or next(iter(names.values()), "")
    return _WORDS[language]["quoted"].format(thing=short_iri(iri), name=name) if name else iri


def _file_of(terms: list[str], files: Mapping[Path, str]) -> str:
    """Return the file in which most terms of a list are described."""
    places = locate(files, terms[:_SAMPLE]).values()
    ((path, _),) = Counter(place.path for place in places).most_common(1)
    return files[path]
