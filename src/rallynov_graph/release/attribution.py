"""The title, author and licence of the data, from the programme's dataset.

Citations, files and pages show them. They are read once: a process serves one programme. The module
also has what only the operator of a site can promise: its publisher, lasting address and contact.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.errors import ServingError, SourceError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import BASE, PREFIXES
from rallynov_graph.base.programme import CURRENT
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.words import without_article
from rallynov_graph.rdf import sources

FILE: Final = "attribution.json"
"""The file of another programme's release that contains it."""
DATASET: Final = "dataset.trig"
_DCTERMS: Final = PREFIXES["dcterms"]
_LONGEST_NAME: Final = 40
_LABEL: Final = PREFIXES["rdfs"] + "label"
_KNOWN_LICENCES: Final = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence": "Licence Ouverte 2.0",
}
_BASE: Final = re.compile(r"https?://[^\s/?#<>\"{}|\\^`@]+(?:/[^\s?#<>\"{}|\\^`]*)?", re.IGNORECASE)
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_CONTACT: Final = re.compile(r"(?:https://|mailto:|tel:)[^\s<>\"{}|\\^`]+", re.IGNORECASE)
VOID: Final = "http://rdfs.org/ns/void#"
A: Final = NamedNode(PREFIXES["rdf"] + "type")
_DOCUMENT: Final = NamedNode(PREFIXES["foaf"] + "Document")
_TOPIC: Final = NamedNode(PREFIXES["foaf"] + "primaryTopic")
_IN_DATASET: Final = NamedNode(VOID + "inDataset")
_VERSION: Final = NamedNode(PREFIXES["schema"] + "version")
_SOURCE: Final = PREFIXES["dcterms"] + "source"
_INHERITED: Final = (
    PREFIXES["dcterms"] + "creator",
    PREFIXES["dcterms"] + "issued",
    PREFIXES["dcterms"] + "license",
    _SOURCE,
    PREFIXES["owl"] + "versionInfo",
)
"""The properties that each document has from its dataset."""


@dataclass(frozen=True)
class Origin:
    """The dataset that documents come from; empty if it does not describe itself."""

    dataset: str = ""
    statements: tuple[tuple[str, Term], ...] = ()
    release: str = ""
    """The id of the release as its folder is named."""

    def of(self, document: str, topic: str, from_data: bool = True) -> Iterator[Triple]:
        """Yield the description of a document about a thing.

        A document about a term of the ontology does not come from the data and has other sources.
        """
        document_node = NamedNode(document)
        yield Triple(document_node, A, _DOCUMENT)
        yield Triple(document_node, _TOPIC, NamedNode(topic))
        if self.release:
            yield Triple(document_node, _VERSION, Literal(self.release))
        if self.dataset and from_data:
            yield Triple(document_node, _IN_DATASET, NamedNode(self.dataset))
        for prop, value in self._inherited:
            if from_data or prop.value != _SOURCE:
                yield Triple(document_node, prop, value)

    @cached_property
    def _inherited(self) -> tuple[tuple[NamedNode, Term], ...]:
        return tuple(
            (NamedNode(prop), value) for prop, value in self.statements if prop in _INHERITED
        )

    def values(self, prop: str) -> tuple[Term, ...]:
        return tuple(value for p, value in self.statements if p == prop)


@dataclass(frozen=True)
class Attribution:
    """How a dataset describes itself; each text by language, the empty string if it has none."""

    titles: Mapping[str, str]
    creators: Mapping[str, str]
    licence: str
    """The address of the licence."""
    name: str
    """The beginning of files and keys: letters, digits and hyphens."""
    descriptions: Mapping[str, str]

    @property
    def licence_name(self) -> str:
        """The name of the licence if it is known, else its address."""
        return _KNOWN_LICENCES.get(self.licence, self.licence)

    def json(self) -> bytes:
        """Return the form in which a release stores it."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n").encode()


OURS: Final = Attribution(
    {"fr": "Graphe Rally’nov", "en": "Rally'nov graph"},
    {"fr": "Les curateurs du graphe Rally’nov", "en": "The curators of the Rally'nov graph"},
    "https://creativecommons.org/licenses/by/4.0/",
    "rallynov",
    {},
)


@cache
def attribution() -> Attribution:
    """Return the attribution of this process's programme; raise SourceError if unreadable."""
    folder = CURRENT.folder
    if folder is None:
        return OURS
    if (folder / FILE).is_file():
        return _read(folder / FILE)
    return of_data(folder / "data")


def of_data(data: Path) -> Attribution:
    """Return the attribution of the dataset in a data folder; raise SourceError."""
    file = data / DATASET
    statements = [*sources.quads([file], relative_iris=False)]
    dataset = NamedNode(f"{BASE}dataset")
    makers = {q.object for q in _of(statements, dataset, "creator")}
    if not any(True for _ in _of(statements, dataset, "title")):
        raise SourceError(str(file), f"it has no dcterms:title of <{dataset.value}>, the dataset")
    named = [q for q in statements if q.subject in makers and q.predicate.value == _LABEL]
    if makers and not named:
        everything = sources.quads(sources.files_under(data), relative_iris=False)
        named = [q for q in everything if q.subject in makers and q.predicate.value == _LABEL]
    titles = _texts(_of(statements, dataset, "title"))
    licences = sorted(
        q.object.value
        for q in _of(statements, dataset, "license")
        if isinstance(q.object, NamedNode)
    )
    return Attribution(
        titles,
        _texts(named),
        licences[0] if licences else "",
        _name(in_language(titles, DEFAULT_LANGUAGE)),
        _texts(_of(statements, dataset, "description")),
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in a language, else without a language, else the first by language."""
    order = (language, "", *LANGUAGES, *texts)
    return next((texts[code] for code in order if code in texts), "")


def _name(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", without_article(title))
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "dataset"


def _of(quads: Iterable[Quad], subject: NamedNode, name: str) -> list[Quad]:
    return [q for q in quads if q.subject == subject and q.predicate.value == _DCTERMS + name]


def _texts(quads: Iterable[Quad]) -> dict[str, str]:
    found = [q.object for q in quads if isinstance(q.object, Literal)]
    return {text.language or "": text.value for text in sorted(found, key=str)}


def _read(file: Path) -> Attribution:
    try:
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return Attribution(**content)
    except (OSError, ValueError, TypeError) as error:
        raise SourceError(str(file), "it is not an attribution; build the release again") from error


@dataclass(frozen=True)
class Publication:
    """The address by which a site is cited, and its publisher; both are empty unless given."""

    base: str = ""
    """The lasting address of the site, with a slash at its end; empty if none is promised."""
    publisher: str = ""
    publisher_page: str = ""
    """The IRI of the publisher."""
    contact: str = ""
    """The IRI at which the operator hears of a weakness of the site: ``https:``, ``mailto:``."""
    has_mcp: bool = False
    """Whether assistants may ask, by the Model Context Protocol."""

    @classmethod
    def of(
        cls, base: str = "", publisher: str = "", page: str = "", contact: str = ""
    ) -> "Publication":
        """Return the operator's settings; raise ServingError for an invalid one."""
        if base and not _BASE.fullmatch(base):
            raise ServingError(
                f"{base!r} cannot be a lasting address: give one such as "
                "https://data.example.org/rally/, without a question mark or a hash."
            )
        if page and not _IRI.fullmatch(page):
            raise ServingError(f"{page!r} is not a web address.")
        if page and not publisher:
            raise ServingError("Name the publisher too: --publisher NAME.")
        if contact and not _CONTACT.fullmatch(contact):
            raise ServingError(
                f"{contact!r} is not a contact address: give one that begins "
                "with https:, mailto: or tel:."
            )
        return cls(base and f"{base.rstrip('/')}/", " ".join(publisher.split()), page, contact)


UNPUBLISHED = Publication()
