"""The parameters of addresses: each page declares its parameters once, with their types.

    @dataclass(frozen=True)
    class ListParams(Params):
        kind: Annotated[str, one_of("", "organisation", "person")] = ""
        certainty: Certainty = LEAST_SURE
        page: PageNumber = 1

``params(ListParams)`` reads the parameters of a request. A field whose name is a keyword of Python
ends with ``_``. An error says in the reader's language why each refused value is refused, by the
words under ``wrong``, and what would be right. A field without a default is required.
``several()`` declares a parameter that is given several times. A type of your own,
``Annotated[str, Of(read, {"type": "string"})]``, has a function that reads a text, or raises
``Wrong`` with the key of the words that say why not.

``schema`` describes the same parameters for OpenAPI and for the tools of assistants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Annotated, Any, ClassVar, Final, TypeVar, get_args, get_type_hints

from flask import redirect, request
from pyoxigraph import NamedNode
from werkzeug import Response
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import RN
from rallynov_graph.matching.near_names import near
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.release.moments import Moment, is_date
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.site.model.addresses import (
    AS_OF,
    CERTAINTY,
    FIRST_PAGE,
    IN_DOCUMENT,
    LANGUAGE,
)
from rallynov_graph.site.model.asked import Asked, answer_meant, asked, settled
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.catalogue_answers import read_values, summary
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.thing_choice import Choice, choose, iri_written
from rallynov_graph.site.web.error_pages import (
    BadParameterError,
    Missing,
    missing,
    near_nodes,
    wants_page,
)
from rallynov_graph.site.web.feature import ListedThings, ListState
from rallynov_graph.site.web.reader import at_certainty, in_language, is_page, set_view, site, view

LONGEST: Final = 400
"""How many characters a name may have."""
LONGEST_IRI: Final = 4000
_DIGITS: Final = 6
"""How many digits a number may have."""
_NEAR: Final = 5


class Wrong(ValueError):
    """A value is refused: the key of the words that say why, and what would be right.

    ``is_missing``: the page answers 404, as there is no such thing, and not 400.
    """

    def __init__(
        self,
        key: str,
        near: Iterable[Node] = (),
        allowed: Iterable[Node] = (),
        is_missing: bool = False,
    ) -> None:
        super().__init__(key)
        self.key, self.near, self.allowed = key, tuple(near), tuple(allowed)
        self.is_missing = is_missing

    def of(self, name: str) -> BadParameter:
        """Return the refusal of the parameter of this name."""
        return BadParameter(name, self.key, self.near, self.allowed)


@dataclass(frozen=True)
class Of:
    """How the value of a parameter is parsed, and its possible values."""

    read: Callable[[Any], Any]
    """Returns the value of a text, or of a number within the schema's bounds; raises Wrong."""
    schema: Mapping[str, Any]
    once: str = ""
    """The key of the words that refuse a second value; empty if the first value counts."""
    wrong: str = ""
    """The key of the words for what is not a number, or out of bounds."""
    most: int = 0
    """How many values it may have; 0 for a parameter that has only one."""
    known: Callable[[], Iterable[str] | None] = tuple
    """Returns the values that the graph of the site has for it; none where they are not listed."""

    def of_texts(self, texts: list[str]) -> Any:
        """Return the value of a text in an address; raise Wrong."""
        if self.most:
            return tuple(map(self._of_text, dict.fromkeys(texts[: self.most])))
        if self.once and len(texts) > 1:
            raise Wrong(self.once)
        return self._of_text(texts[0])

    def _of_text(self, text: str) -> Any:
        value: object = text
        if self.schema["type"] == "integer" and text.isascii() and text.isdigit():
            value = int(text) if len(text) <= _DIGITS else None
        if fault := fault_by(self.schema, value):
            raise Wrong(self.wrong or fault)
        return self.read(value)


def fault_by(schema: Mapping[str, Any], value: object) -> str:
    """Return the key of an error in a value by its schema; empty if it is valid."""
    if schema["type"] == "integer":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        least, most = schema.get("minimum", 0), schema.get("maximum", 10**_DIGITS)
        return "" if is_number and least <= value <= most else "number"
    if not isinstance(value, dict if schema["type"] == "object" else str):
        return "text"
    return "long" if len(value) > schema.get("maxLength", len(value)) else ""


class Params:
    """The declared parameters of an address; a keyword of Python as a name ends with ``_``."""

    known: ClassVar[dict[type[Params], Mapping[str, tuple[Of, Any]]]] = {}
    """What each class declares, read once."""

    def pairs(self, **other: object) -> list[tuple[str, str]]:
        """Return the parameters that are not the default, for an address, some of them changed."""
        given = {field: getattr(self, field) for field in declared(type(self))} | other
        return [
            (field.rstrip("_"), str(it))
            for field, value in given.items()
            if value != declared(type(self))[field][1]
            for it in (value if isinstance(value, tuple) else (value,))
        ]


P = TypeVar("P", bound=Params)


def params(wanted: type[P]) -> P:
    """Return the parameters of this request; an empty one that has a default is as not given.

    Raises BadParameterError, or Missing, with all refused parameters.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for field, (of, default) in declared(wanted).items():
        name = field.rstrip("_")
        texts = request.args.getlist(name)
        if not any(texts):
            texts = [""] if default is MISSING else []
        try:
            values[field] = of.of_texts(texts) if texts else default
        except Wrong as it:
            wrong[name] = it
    bad = tuple(it.of(name) for name, it in wrong.items())
    if any(it.is_missing for it in wrong.values()):
        raise Missing(bad_parameters=bad)
    if bad:
        raise BadParameterError(*bad)
    return wanted(**values)


def schema(wanted: type[Params]) -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each parameter, as OpenAPI and the tools of assistants have it."""
    return {
        field.rstrip("_"): {
            **of.schema,
            **({"enum": known} if (known := [*(of.known() or ())]) else {}),
            **({"default": default} if _is_plain(default) else {}),
        }
        for field, (of, default) in declared(wanted).items()
    }


def required(wanted: type[Params]) -> list[str]:
    """Return the names of the parameters that have no default."""
    return [field.rstrip("_") for field, (_, it) in declared(wanted).items() if it is MISSING]


def _is_plain(default: object) -> bool:
    return isinstance(default, int | str) and default != ""


def declared(wanted: type[Params]) -> Mapping[str, tuple[Of, Any]]:
    """Return the parameters that a class declares: how each is read, and its default."""
    if wanted not in Params.known:
        hints = get_type_hints(wanted, include_extras=True)
        Params.known[wanted] = {
            it.name: (get_args(hints[it.name])[1], it.default)
            for it in fields(wanted)  # type: ignore[arg-type]
        }
    return Params.known[wanted]


def one_of(*known: str, about: str = "") -> Of:
    """Return how a parameter is read whose value is one of some words."""
    described = {"description": about} if about else {}
    words = [word for word in known if word]

    def read(text: str) -> str:
        if text not in known:
            raise Wrong("one_of", allowed=map(Node, words))
        return text

    return Of(read, {"type": "string", "enum": words, **described})


def way_chosen(listed: ListedThings, name: str, known: Sequence[str]) -> str:
    """Return the value of a parameter that only this way to look at things has, at rest the first.

    Raise BadParameterError for one that is not known.
    """
    given = next(iter(listed.state.values(name)), known[0])
    if given not in known:
        raise BadParameterError(BadParameter(name, "one_of", allowed=tuple(map(Node, known))))
    return given


def ways_of(listed: ListedThings, name: str, known: Sequence[str]) -> tuple[Node, ...]:
    """Return the values of the same parameter, IRIs with spaces between them, in words.

    Each has its address, except the chosen one.
    """
    chosen = way_chosen(listed, name, known)
    nodes = listed.view.nodes(NamedNode(iri) for key in known for iri in key.split())

    def shown(key: str) -> Node:
        own = ((name, key),) if key != known[0] else ()
        href = listed.address(ListState(listed.state.sort, own=own))
        text = " → ".join(nodes[NamedNode(iri)].text for iri in key.split())
        return Node(text, href=None if key == chosen else href)

    return tuple(map(shown, known)) if len(known) > 1 else ()


def several(of: Of, most: int) -> Of:
    """Return how a parameter is read that may be given up to ``most`` times."""
    return replace(of, most=most)


def thing(key: str, exists: Callable[[str], bool], once: str = "") -> Of:
    """Return how the address of an existing thing, whole or short, is read as its IRI."""

    def read(text: str) -> str:
        address = iri_written(view(), text.strip())
        found = "" if address is None else read_iri(address)
        if text.strip() and not (found and exists(found)):
            raise Wrong(key)
        return found

    return Of(read, _THING, once)


def read_iri(text: str) -> str:
    """Return an IRI as it is; raise Wrong for any other text."""
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise Wrong("iri") from error


def iri_node(iri: str) -> NamedNode:
    """Return the node of an IRI that the path of an address holds; raise BadRequest."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadRequest from error


def _asked_iri(text: str) -> str:
    if not text or len(text) > LONGEST_IRI:
        raise Wrong("long" if text else "iri", is_missing=True)
    return read_iri(text)


def _certainty(text: str) -> str:
    found = str(one_of(*CERTAINTIES).read(text))
    is_filtered = not site().foreign or site().graph.queries.has_certainties
    return found if is_filtered else LEAST_SURE


def _named(text: str) -> Choice:
    return choose(view(), site().finder, text)


def _kind(text: str) -> str:
    known = site().finder.kinds()
    if text and known is not None and text not in known:
        raise Wrong("kind", map(Node, near(text, known, _NEAR)))
    return text


def _kinds() -> Iterable[str] | None:
    return site().finder.kinds()


_THING: Final = {"type": "string", "maxLength": LONGEST, "description": "kind/slug, or an IRI"}
_NAME: Final = {**_THING, "description": "a name, kind/slug, or an IRI"}
_PAGE: Final = {"type": "integer", "minimum": 1, "maximum": 10**_DIGITS - 1}
_KIND: Final = {"type": "string", "description": "The kind of things, such as organisation."}

PageNumber = Annotated[int, Of(int, _PAGE, wrong="page")]
Certainty = Annotated[str, Of(_certainty, {"type": "string", "enum": [*CERTAINTIES]})]
Text = Annotated[str, Of(str, {"type": "string", "maxLength": LONGEST})]
Iri = Annotated[str, Of(read_iri, {"type": "string", "format": "iri", "maxLength": LONGEST_IRI})]
AskedIri = Annotated[str, Of(_asked_iri, {"type": "string", "format": "iri"})]
"""The IRI that a page is about: without a right one the page does not exist (404)."""
Kind = Annotated[str, Of(_kind, _KIND, known=_kinds)]
"""A kind of things that the search knows."""
Named = Annotated[Choice, Of(_named, _NAME)]
"""A thing that the reader names, or the candidates for it."""
UNNAMED: Final = Choice("")
"""The choice of a reader who names nothing."""


@dataclass(frozen=True)
class IriParams(Params):
    """A thing that is asked for by its IRI, which is outside our namespace."""

    iri: AskedIri


@dataclass(frozen=True)
class Sure(Params):
    """The least certainty of the facts that a page shows."""

    certainty: Certainty = LEAST_SURE

    @property
    def least(self) -> NamedNode:
        """The certainty as a parameter of queries."""
        return NamedNode(RN + self.certainty)


@dataclass(frozen=True)
class Paged(Params):
    """The requested page of an answer."""

    page: PageNumber = 1


def _documents() -> list[str]:
    return [it.iri.rpartition("/")[2] for it in site().source_documents]


def _date(text: str) -> str:
    if text and not is_date(text):
        raise Wrong("as_of")
    return text


@dataclass(frozen=True)
class AtMoment(Params):
    """What was known by a date, or from one document; every page and file has these parameters."""

    as_of: Annotated[
        str,
        Of(
            _date,
            {
                "type": "string",
                "maxLength": 10,
                "examples": ["2013-06"],
                "description": "What was known by this day, month or year.",
            },
        ),
    ] = ""
    in_document: Annotated[
        str,
        Of(
            str.strip,
            {
                "type": "string",
                "maxLength": LONGEST,
                "examples": ["carnet-2"],
                "description": "What this document alone says.",
            },
            known=_documents,
        ),
    ] = ""

    @property
    def moment(self) -> Moment:
        return Moment(self.as_of, self.in_document)


def two(first: Choice, second: Choice) -> tuple[Node, Node] | None:
    """Return the two things that are chosen; None unless both are known and differ."""
    if first.chosen is None or second.chosen is None or first.means_the_same(second):
        return None
    return first.chosen.node, second.chosen.node


def status(*choices: Choice) -> int:
    """Return the status of a page about chosen things: 200, or 404 for an unknown name.

    Raises the error of the thing's own page if an IRI is not in the graph, and Missing if a program
    uses an unknown name.
    """
    for choice in choices:
        iri = iri_written(view(), choice.text) if choice.is_missing else None
        if iri is not None:
            kind, _, slug = (view().addresses.short(iri) or "").partition("/")
            raise missing(iri, kind, slug)
    found = not any(choice.is_missing for choice in choices)
    if not (found or wants_page()):
        raise unknown(*choices)
    return 200 if found else 404


def unknown(*choices: Choice) -> Missing:
    """Return the error of a name that means no thing or several, with the candidates."""
    near = (it.node for choice in choices if choice.chosen is None for it in choice.candidates)
    return Missing(tuple(near))


def question_named(
    known: Mapping[str, Question], name: str, address: Callable[[str], str]
) -> Question:
    """Return a question of the catalogue; raise Missing, with the addresses of near names."""
    if name not in known:
        language = view().language
        nodes = {
            it.name: Node(summary(it, language), href=address(it.name)) for it in known.values()
        }
        raise Missing(near_nodes(name, nodes))
    return known[name]


def ask(
    question: Question, texts: Mapping[str, str]
) -> tuple[CatalogueAnswer, tuple[BadParameter, ...]]:
    """Return the answer to a question with these texts as parameters, and the refused parameters.

    Raises Missing for a parameter that the question does not have, with those that it has.
    """
    names = [it.name for it in question.parameters]
    if unknown := [name for name in texts if name not in names]:
        allowed = tuple(map(Node, names))
        wrong = (BadParameter(name, "parameter", allowed=allowed) for name in unknown)
        raise Missing(bad_parameters=tuple(wrong))
    values, bad = read_values(view(), question, texts, site().has_withdrawn)
    return CatalogueAnswer(question, values, view().queries), tuple(bad.values())


def meant_by(text: str, *, with_rows: bool = True) -> Asked:
    """Return the questions that a text may ask; none for another graph than ours.

    Without rows, as for suggestions, only phrases decide which one is clear.
    """
    if site().foreign:
        return Asked()
    found = asked(view(), site().catalogue, site().phrases, site().finder, text)
    return settled(view(), site().catalogue, found) if with_rows else found


def answer_of(meant: Asked) -> CatalogueAnswer | None:
    """Return the answer to the question that a text clearly means; None without one."""
    return answer_meant(view(), site().catalogue, meant)


def answer_to(question: Question, texts: Mapping[str, str]) -> CatalogueAnswer:
    """Return the answer to a question; raise Missing, or BadParameterError for wrong texts."""
    answer, bad = ask(question, texts)
    if bad:
        raise BadParameterError(*bad)
    return answer


def _see_moment(seen: tuple[str, str]) -> None:
    """Have the request see what was known at the moment of its address, which pages need not read.

    Raises BadParameterError for a moment at which nothing was known.
    """
    moment = params(AtMoment).moment
    rest = [it for it in request.args.items(multi=True) if it[0] not in (AS_OF, IN_DOCUMENT)]
    request.args = ImmutableMultiDict(rest)
    try:
        set_view(*seen, moment)
    except UnknownNameError as error:
        allowed = tuple(map(Node, error.near))
        key = "too_early" if error.written == AS_OF else "in_document"
        key = key if allowed else "moment_elsewhere"
        raise BadParameterError(Wrong(key, allowed=allowed).of(error.written or AS_OF)) from error


def read_language_and_certainty() -> Response | None:
    """Set the language and the certainty in the address of a request.

    An address with the default certainty redirects to the one without it. The home page without a
    language redirects to the one that the browser prefers. Raises BadParameterError for an unknown
    language or certainty.
    """
    language = request.args.get(LANGUAGE) or DEFAULT_LANGUAGE
    certainty = request.args.get(CERTAINTY, LEAST_SURE)
    seen = (
        language if language in LANGUAGES else DEFAULT_LANGUAGE,
        certainty if certainty in CERTAINTIES else LEAST_SURE,
    )
    set_view(*seen)
    if not site().foreign and (AS_OF in request.args or IN_DOCUMENT in request.args):
        _see_moment(seen)
    if language not in LANGUAGES:
        raise BadParameterError(BadParameter(LANGUAGE, "lang"))
    if request.path == FIRST_PAGE and LANGUAGE not in request.args:
        preferred = request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE)
        if preferred != DEFAULT_LANGUAGE:
            return redirect(in_language(preferred))
    reads = request.method in ("GET", "HEAD") and not site().foreign
    if not (reads and is_page(request.path)):
        return None
    if certainty not in ("", *CERTAINTIES):
        raise BadParameterError(Wrong("one_of", allowed=map(Node, CERTAINTIES)).of(CERTAINTY))
    if certainty == LEAST_SURE and CERTAINTY in request.args:
        return redirect(at_certainty(LEAST_SURE), 301)
    return None
