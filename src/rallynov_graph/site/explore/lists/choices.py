"""The choices of a list: how its address names them, what else can be chosen, the way back, and the
sentence that says what they find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import BUTTONS, Facet, ListColumn
from rallynov_graph.base.languages import within_quotes
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.near_names import near
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.grammar import GRAMMARS
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.selection import (
    ANY_CERTAINTY,
    LINKS,
    NAME,
    SURE,
    Choices,
    Counts,
    Selection,
    Source,
)
from rallynov_graph.site.web.citation import Marked
from rallynov_graph.site.web.error_pages import BadParameterError
from rallynov_graph.site.web.feature import TABLE, ListState, ListView, Pair
from rallynov_graph.site.web.html import in_html
from rallynov_graph.site.web.reader import view, words

MOST_CHOSEN: Final = 60
"""How many values may be chosen at once."""
MOST: Final = 100
"""How many values of a facet are shown at all, those of most things."""
_NEAR: Final = 5
_FEW: Final = 24
"""So many values of a facet are all named where an address has another."""
QUOTED: Final = "quoted"
MOST_NAMED: Final = 3
"""How many values of a facet a title names."""
LONGEST_TITLE: Final = 110
"""The number of characters up to which a title names filters; it counts the others."""
OF_OTHER_KINDS: Final = ("theme", "larger")
"""The facets whose values other kinds have, too."""
_NO_CHOICES: Final = frozenset({"class", "page", "lang", "view"})
"""Parameters of a list's address that choose nothing."""


@dataclass(frozen=True)
class AddressKeys:
    """The keys with which the address of a list names its choices, and the way it is looked at."""

    view: GraphView
    source: Source
    keys: Mapping[str, Mapping[Term, str]]
    """The key of each value of each facet."""
    way: ListView
    own: tuple[Pair, ...] = ()
    """The parameters that only this way to look at the things has."""

    def sorts(self, choices: Choices) -> tuple[str, ...]:
        """Return the possible sort keys, the default first."""
        if self.way.name != TABLE:
            return self.way.sorts
        sure = (SURE,) if choices.chosen and self.source.certain else ()
        return (*sure, *(column.name for column in self.source.sorts), NAME, LINKS)

    def sort(self, choices: Choices) -> str:
        """Return the sort key of some choices, the default if none fits."""
        sorts = self.sorts(choices)
        return choices.sort if choices.sort in sorts else next(iter(sorts), NAME)

    def pairs(self, choices: Choices, page: int = 1) -> list[Pair]:
        """Return the parameters of the address under some choices; what is at rest is left out."""
        chosen = [
            (name, self.keys[name][term])
            for name, terms in choices.chosen.items()
            for term in terms
        ]
        sort = self.sort(choices)
        return [
            ("class", "" if self.source.kind else self.source.of_class),
            ("view", self.way.name if self.way.name != TABLE else ""),
            *chosen,
            *self.own,
            ("certainty", choices.certainty if choices.certainty != ANY_CERTAINTY else ""),
            ("sort", sort if sort != self.sort(replace(choices, sort="")) else ""),
            ("page", str(page) if page > 1 else ""),
        ]

    def address(self, choices: Choices, page: int = 1) -> str:
        return self.view.addresses.path(self.source.path, self.pairs(choices, page))

    def address_of(self, choices: Choices, state: ListState) -> str:
        """Return the address of the same things in another state."""
        other = replace(self, own=state.own)
        return other.address(replace(choices, sort=state.sort), state.number)


def address_keys(
    view: GraphView, source: Source, way: ListView, pairs: Iterable[Pair] = ()
) -> AddressKeys:
    """Return the keys of a list: short ones for things, other values as they are."""
    found = Selection(view.queries, source).values()
    things = found.things
    keys = {it.name: value_keys(things[it.name]) for it in source.facets if it.name in things}
    own = dict.fromkeys(pair for pair in pairs if pair[0] in way.parameters)
    return AddressKeys(view, source, keys, way, tuple(own))


def value_keys(values: Iterable[Term]) -> dict[Term, str]:
    """Return the key of each value: a short one for a thing, another value as it is."""
    keys: dict[str, Term] = {}
    for term in values:
        plain = str(term)
        if isinstance(term, NamedNode):
            plain = term.value.removeprefix(ID)
        elif isinstance(term, Literal):
            plain = f"{term.value}@{term.language}" if term.language else term.value
        keys[plain if plain not in keys else str(term)] = term
    return {term: key for key, term in keys.items()}


def read_choices(keys: AddressKeys, pairs: Sequence[Pair]) -> Choices:
    """Return the choices in an address; raise BadParameterError for unknown ones.

    The error names the parameters without which the list can be shown.
    """
    try:
        return _choices(keys, pairs)
    except BadParameterError as error:
        (bad,) = error.bad_parameters
        raise BadParameterError(replace(bad, refused=refused(keys, pairs))) from None


def refused(keys: AddressKeys, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return the parameters of an address that the list refuses, each on its own too."""

    def is_refused(pair: Pair) -> bool:
        try:
            _choices(keys, (pair,))
        except BadParameterError:
            return True
        return False

    facets = [pair for pair in pairs if pair[0] in keys.keys]
    return (*filter(is_refused, dict.fromkeys(pairs)), *facets[MOST_CHOSEN:])


def _choices(keys: AddressKeys, pairs: Sequence[Pair]) -> Choices:
    known = {*_NO_CHOICES, *keys.keys, *keys.way.parameters}
    sorts = keys.sorts(Choices())
    known |= {"sort"} if sorts else set()
    known |= {"certainty"} if keys.source.certain else set()
    sure = (SURE,) if keys.way.name == TABLE and keys.source.certain else ()
    choices = Choices()
    for name, text in pairs:
        if name not in known:
            close = tuple(
                Node(it, href=keys.address(Choices())) for it in near(name, keys.keys, _NEAR)
            )
            raise _wrong("", "facet", close, map(Node, sorted(known - {"class"})))
        if name == "certainty":
            choices = replace(choices, certainty=_among(name, text, CERTAINTIES))
        elif name == "sort" and text:
            choices = replace(choices, sort=_among(name, text, (*sorts, *sure)))
    if sum(name in keys.keys for name, _ in pairs) > MOST_CHOSEN:
        raise _wrong("", "many_values")
    chosen: dict[str, tuple[Term, ...]] = {}
    for name, key_of in keys.keys.items():
        terms = {key: term for term, key in key_of.items()}
        texts = dict.fromkeys(text for parameter, text in pairs if parameter == name and text)
        for text in texts:
            if text not in terms:
                raise _unknown_value(keys, choices, name, text, terms)
        if texts:
            chosen[name] = tuple(terms[text] for text in texts)
    return replace(choices, chosen=chosen)


def _unknown_value(
    keys: AddressKeys, choices: Choices, name: str, text: str, terms: Mapping[str, Term]
) -> BadParameterError:
    """Return the error of a value that a facet has not, with those that it has if they are few."""

    def href(key: str) -> str:
        return keys.address(replace(choices, chosen={name: (terms[key],)}))

    few = sorted(terms) if len(terms) <= _FEW else []
    close = near(text, terms, _NEAR)
    nodes = keys.view.nodes(terms[key] for key in close)
    return _wrong(
        name,
        "one_of" if few else "facet_value",
        tuple(replace(nodes[terms[key]], href=href(key), external=False) for key in close),
        (Node(key, href=href(key)) for key in few),
    )


def _among(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise _wrong(name, "one_of", (), map(Node, known))
    return text


def _wrong(
    name: str, key: str, close: tuple[Node, ...] = (), allowed: Iterable[Node] = ()
) -> BadParameterError:
    return BadParameterError(BadParameter(name, key, close, tuple(allowed)))


@dataclass(frozen=True)
class FacetOption:
    """A value of a facet, and how many things have it under the other facets' choices."""

    key: str
    node: Node
    things: int
    chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    """A facet with its values: those chosen and those of most things first."""

    name: str
    label: Text | None
    """The name of its property, if the site has no word for it."""
    options: tuple[FacetOption, ...]
    hidden_count: int
    """How many values are not shown."""

    @property
    def narrows(self) -> bool:
        """Whether another choice is left: a value that all things have distinguishes none."""
        return len(self.options) > 1 or any(it.chosen for it in self.options)


@dataclass(frozen=True)
class Chip:
    """A chosen value, and the address of the list without it."""

    facet: ShownFacet
    node: Node
    href: str


@dataclass(frozen=True)
class Narrowing:
    """The possible filters and sort keys of a list, and the chosen ones."""

    facets: tuple[ShownFacet, ...]
    """Those with a button of their own."""
    further: tuple[ShownFacet, ...]
    """Those behind one button, which few readers want."""
    chips: tuple[Chip, ...]
    clear: str
    """The address of the list with nothing chosen."""
    others: int
    """How many things of the kind do not answer the choices."""
    totals: Mapping[str, int]
    """How many things answer at least as surely as each certainty; empty if all do equally."""
    sort: str
    sorts: tuple[str, ...]
    """The orders, that at rest first."""
    action: str
    """The path of the form."""
    form_fields: tuple[Pair, ...]


def narrowing(keys: AddressKeys, selection: Selection) -> Narrowing:
    """Return the possible filters of a list under a reader's choices."""
    source, choices, counts = selection.source, selection.choices, selection.counts()
    shown = [_shown_facet(keys, choices, it, counts[it.name]) for it in source.facets]
    every = Selection(selection.queries, source, Choices(choices.certainty)).admitted()
    at_rest = keys.pairs(replace(choices, chosen={}))
    return Narrowing(
        tuple(it for it in shown[:BUTTONS] if it.narrows),
        tuple(it for it in shown[BUTTONS:] if it.narrows),
        tuple(it for of in shown for it in _chips(keys, choices, of)),
        keys.address(replace(choices, chosen={})),
        len(every) - len(selection.admitted()) if choices.chosen else 0,
        _totals(selection),
        keys.sort(choices),
        keys.sorts(choices),
        keys.view.addresses.file(source.path),
        tuple((name, value) for name, value in at_rest if value),
    )


def chips_of(keys: AddressKeys, selection: Selection) -> Iterator[Chip]:
    """Yield the chosen values alone: nothing is counted for them."""
    for facet in selection.source.facets:
        if facet.name in selection.choices.chosen:
            shown = _shown_facet(keys, selection.choices, facet, {})
            yield from _chips(keys, selection.choices, shown)


def _shown_facet(keys: AddressKeys, choices: Choices, facet: Facet, counts: Counts) -> ShownFacet:
    """Return a facet with its values under the choices; what is chosen is always among them."""
    chosen = choices.chosen.get(facet.name, ())
    wanted = {**dict.fromkeys(chosen, 0), **counts}
    some = sorted(wanted, key=lambda term: (term not in chosen, -wanted[term]))[:MOST]
    nodes = value_nodes(keys.view, facet, some)
    some.sort(key=lambda t: (t not in chosen, -wanted[t], sort_text(t, nodes[t])))
    options = tuple(
        FacetOption(keys.keys[facet.name][term], nodes[term], wanted[term], term in chosen)
        for term in some
    )
    hidden = max(0, len(wanted) - MOST)
    return ShownFacet(facet.name, label_of(keys.view, facet), options, hidden)


def _chips(keys: AddressKeys, choices: Choices, shown: ShownFacet) -> Iterator[Chip]:
    terms = {key: term for term, key in keys.keys[shown.name].items()}
    for option in (it for it in shown.options if it.chosen):
        left = tuple(it for it in choices.chosen[shown.name] if it != terms[option.key])
        remaining = {**choices.chosen, shown.name: left}
        kept = {name: chosen for name, chosen in remaining.items() if chosen}
        yield Chip(shown, option.node, keys.address(replace(choices, chosen=kept)))


def _totals(selection: Selection) -> dict[str, int]:
    ranks = selection.ranks().values() if selection.source.certain else ()
    totals = [sum(rank <= least for rank in ranks) for least in range(len(CERTAINTIES))]
    is_asked = selection.choices.certainty != ANY_CERTAINTY
    return dict(zip(CERTAINTIES, totals, strict=True)) if is_asked or len({*totals}) > 1 else {}


def value_nodes(view: GraphView, facet: Facet, terms: Sequence[Term]) -> dict[Term, Node]:
    """Return the names of a facet's values, by their forms in the address."""
    shown = {term: in_carnet_language(view, facet.path.last(), term) for term in terms}
    nodes = view.nodes(shown.values())
    return {term: nodes[it] for term, it in shown.items()}


def sort_text(term: Term, node: Node) -> str:
    """Return the sort text of a value: names for things, times for dates."""
    return term.value if isinstance(term, Literal) else sortable(node.text)


def label_of(view: GraphView, it: Facet | ListColumn) -> Text | None:
    """Return the name of a facet's or column's property; None if the site has a word for it."""
    if f"column.{it.name}" in words():
        return None
    prop = NamedNode(it.path.last())
    node = view.nodes([prop])[prop]
    return Text(node.text, node.language)


# The title


def list_title(things: int, kind: str, node: Node | None, chips: Sequence[Chip] = ()) -> Marked:
    """Return a sentence about the content of a list: the number of things, and the filters.

    ``node`` is the class of the things in a list of a class. If the sentence would be too long, it
    only counts the last filters.
    """
    t = words()
    template, named = subject_of(kind, node, is_singular(things))
    subject = _with(template, n=Marked.of(t.number(things)), **named)
    by_facet: dict[str, list[Chip]] = {}
    for chip in chips:
        by_facet.setdefault(chip.facet.name, []).append(chip)
    found: list[Marked] = []
    for name, of in by_facet.items():
        clause = _clause(kind, name, of, things)
        length = sum(len(it.text) for it in (subject, *found, clause))
        if found and length > LONGEST_TITLE:
            break
        found.append(clause)
    if not found:
        return subject
    more = len(by_facet) - len(found)
    said = _joined(found, "" if more else t["list.and"])
    rest = Marked.of(f" {t.count('list.more_conditions_', more)}" if more else "")
    return _with("{subject} {said}{rest}", subject=subject, said=said, rest=rest)


def subject_of(kind: str, node: Node | None, is_one: bool) -> tuple[str, dict[str, Marked]]:
    """Return the words for a number of things in a list, with the list's nouns."""
    t, number = words(), "one" if is_one else "other"
    if f"things.{kind}_one" in t:
        return t[f"things.{kind}_{number}"], {}
    if node:
        return t[f"list.of_class_{number}"], {"name": placed(node, QUOTED)}
    return t[f"list.{number}" if kind else f"list.unclassed_{number}"], {}


def _clause(kind: str, name: str, chips: Sequence[Chip], things: int) -> Marked:
    """Return the clause for things with one of the chosen values of a facet."""
    one, other, form = clauses_of(kind, name, chips[0].facet.label)
    clause = one if is_singular(things) else other
    return _with(clause, **{form: _some([placed(chip.node, form) for chip in chips])})


def clauses_of(kind: str, name: str, label: Text | None) -> tuple[str, str, str]:
    """Return the clauses for things with a value of a facet, for one thing and for several.

    The last item is the grammatical form of the value that both clauses need.
    """
    t = words()
    found = [it for it in (f"asked.{kind}_{name}", f"asked.{name}") if f"{it}_one" in t]
    if found:
        one, other = t[f"{found[0]}_one"], t[f"{found[0]}_other"]
        return one, other, one.partition("{")[2].partition("}")[0]
    word = "large" if name == "larger" else name
    named = label.value if label else t.or_else(f"column.{word}", name).lower()
    clause = t["asked.any"].replace("{name}", named.replace("{", "").replace("}", ""))
    return clause, clause, QUOTED


def is_singular(things: int) -> bool:
    return things == 1 or (things == 0 and words().language == "fr")


def placed(node: Node, form: str) -> Marked:
    """Return a value as part of a sentence: in quotation marks, or with an article."""
    language = words().language
    if form == QUOTED:
        name = Marked.of(within_quotes(node.text, language), node.language)
        return _with(words()["list.quotes"], it=name)
    found = GRAMMARS[language].placed(node.text, view().addresses.kind(node.iri), form)
    before, text, after = found or ("", node.text, "")
    name = Marked.of(text, node.language)
    return _with(
        "{before}{name}{after}", before=Marked.of(before), name=name, after=Marked.of(after)
    )


def _some(shown: list[Marked]) -> Marked:
    """Return several values of which one is had, the last ones of many as their number."""
    if len(shown) > MOST_NAMED:
        more = len(shown) - MOST_NAMED + 1
        shown = [*shown[: MOST_NAMED - 1], Marked.of(words().count("list.more_values_", more))]
    return _joined(shown, words()["list.or"])


def _joined(parts: Sequence[Marked], last: str) -> Marked:
    """Return parts with commas between them, and a word before the last."""

    def joined(texts: list[str], word: str) -> str:
        before = f" {word} " if word else ", "
        return before.join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

    return Marked(
        joined([it.text for it in parts], last), joined([it.html for it in parts], in_html(last))
    )


def _with(template: str, **values: Marked) -> Marked:
    """Return a text with others in its places."""
    return Marked(
        template.format(**{name: it.text for name, it in values.items()}),
        in_html(template).format(**{name: it.html for name, it in values.items()}),
    )
