"""Apply a reader's statements, changes and removals to a reading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import BASE, ID, PREFIXES, RN, in_prefixes, kind_of_iri
from rallynov_graph.desk.acts import KINDS
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Fact, Key
from rallynov_graph.desk.quotations import in_guillemets
from rallynov_graph.desk.session.asked import (
    ActRefused,
    AskedFact,
    AskedObject,
    AskedPassage,
    AskedText,
    AskedThing,
    AskedValue,
    NewThing,
    Span,
    Texts,
)
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.sets_of_facts import (
    Carrier,
    SetsOfFacts,
    StatedFact,
    facts_of,
    kinds_of_named,
    speaks_of,
    with_kinds,
)
from rallynov_graph.desk.short_terms import LABEL, TYPE, Value, first_free, slug_of
from rallynov_graph.desk.terms import (
    DESCRIBED,
    IN_SCHEME,
    ISSUE,
    LANG_STRING,
    OF_PROPERTIES,
    PASSAGES,
    SOUGHT_KIND,
    STATED_UNKNOWN,
    STRING,
    TOP,
    PropertyTerm,
)

_OF_CURATORS: Final = frozenset({f"{PREFIXES['dcterms']}description", f"{RN}noFactReason"})
"""Properties that curators say of anything in their own words."""


class Stating:
    """A reading changed by its reader's statements; raises ActRefused for what cannot be stated."""

    def __init__(self, reading: DocumentReading, document: ReadDocument) -> None:
        self._reading, self._document = reading, document
        self._terms, self.text = document.terms, document.quoted
        self.things = document.other_things.beside(reading)
        self.things.take(reading.text.document)
        self.entries = dict(reading.entries)
        self.graph = reading.first_graph
        self._new_classes: dict[str, str] = {}
        if not self.things.classes(reading.text.document):
            self._new_classes[reading.text.document] = ISSUE

    def reading(self) -> DocumentReading:
        return replace(self._reading, entries=self.entries)

    @property
    def reader(self) -> str:
        return self._reading.reader

    def subjects(self, wanted: Sequence[tuple[str, Value]]) -> list[str]:
        found: dict[str, set[tuple[str, Value]]] = {}
        for entry in self.entries.values():
            for it in entry.stated():
                found.setdefault(it.subject, set()).add((it.property, it.value))
        return [it for it, said in found.items() if {*wanted} <= said]

    def state(self, *facts: AskedFact) -> StatedFact:
        """State facts and return the first one; its thing is also that of later ones of « - ».

        A new thing of one of them is the same in those after it.
        """
        made: list[tuple[AskedObject, str]] = []
        found: list[StatedFact] = []
        for asked in facts:
            of_made: dict[str, Any] = {
                name: address
                for name in ("subject", "object")
                for it, address in made
                if it == getattr(asked, name)
            }
            it = self._state(replace(asked, **of_made))
            found.append(it)
            made += [("-", found[0].subject), (asked.subject, it.subject)]
            if isinstance(asked.object, NewThing):
                made.append((asked.object, it.value.value))
        for it in found:
            if it.entry.key in self.entries:
                self.gather(it)
        left = next(it for it in found if it.entry.key in self.entries)
        return self.again(found[0]._replace(entry=left.entry))

    def again(self, fact: StatedFact) -> StatedFact:
        """Return a fact with the present statements of its set."""
        return fact._replace(entry=self.entries[fact.entry.key])

    def gather(self, fact: StatedFact, *, with_words: bool = True) -> StatedFact:
        """Return a fact whose set also gives the kinds of its things, merged from a separate set.

        The words for the kind are added, or the fact keeps only its own.
        """
        self.entries = with_kinds(self.entries, fact, with_words=with_words)
        return self.again(fact)

    def _state(self, asked: AskedFact) -> StatedFact:
        subject = self.thing(asked.subject, "subject")
        term = self._property(asked.property)
        value = self._value(term, asked)

        def stated(key: Key) -> StatedFact:
            return StatedFact(self.entries[key], subject, term.iri, value)

        words = tuple(self.text.selection(*span) for span in asked.words)
        if not words or self.is_of_curators(subject, term.iri):
            if words and (types := [*self._types(subject)]):
                self._carry(Carrier(words, (), CERTAINTIES[0], (), ""), types, asked.set)
            return stated(self._describe(subject, term, value))
        if term.iri == TYPE and value.value in DESCRIBED:
            if (self.graph, subject) not in self.entries:
                raise ActRefused("known", "property")
            return stated((self.graph, subject))
        if value == NamedNode(subject):
            raise ActRefused("itself", "object")
        voices = tuple(self.thing(it, "voice") for it in asked.voice)
        facts = [*self._types(subject, value.value, *voices), Fact(subject, term.iri, value)]
        facts += kinds_of_named(facts[-1], self.things.classes(subject), self.entries.values())
        carrier = Carrier(words, voices, asked.certainty, self.literals(asked.reason), "")
        key = self._carry(carrier, facts, asked.set)
        if term.iri == TYPE:
            self._name_by_kind(subject)
        return stated(key)

    def _describe(self, subject: str, term: PropertyTerm, value: Value) -> Key:
        """Note curators' statements about a thing without words; raise ActRefused if words are
        due.
        """
        classes = self.classes(subject)
        if not self.is_of_curators(subject, term.iri) and not classes & DESCRIBED:
            raise ActRefused("no words", "words")
        key = self.graph, subject
        kind = "term" if self._is_term(subject) else "thing"
        entry = self.entries.get(key) or Entry(kind, subject, self.graph)
        there = entry.says.get(term.iri, ())
        if isinstance(value, Literal) and value.language:
            there = tuple(it for it in there if getattr(it, "language", "") != value.language)
        values = tuple(dict.fromkeys((*there, value)))
        self.entries[key] = replace(entry, says={**entry.says, term.iri: values})
        return key

    def classes(self, address: str) -> set[str]:
        return self.things.classes(address) | {self._new_classes.get(address, "")} - {""}

    def is_of_curators(self, address: str, name: str) -> bool:
        """Return whether curators say a property of something, and no words of the text do."""
        return name in _OF_CURATORS or self._is_term(address)

    def _is_term(self, address: str) -> bool:
        """Return whether something is a term of a list, of which no words of the text speak."""
        classes = self.classes(address)
        entry = self.entries.get((self.graph, address))
        return KINDS["term"].iri in classes or (entry is not None and entry.kind == "term")

    def drop(self, fact: StatedFact) -> None:
        """Remove a fact, with its set if that is empty then, and with things that nobody names."""
        key = fact.entry.key
        entry = self.entries[key]
        if entry.kind != "set":
            left = tuple(it for it in entry.says.get(fact.name, ()) if it != fact.value)
            says = {k: v for k, v in {**entry.says, fact.name: left}.items() if v}
            self.entries[key] = replace(entry, says=says)
            return
        gone = Fact(fact.subject, fact.name, fact.value)
        self.entries[key] = entry.stating(it for it in entry.stated() if it != gone)
        if not self.entries[key].facts:
            del self.entries[key]
        if fact.name == TYPE:
            self._name_by_kind(fact.subject)
        for address in (fact.subject, fact.value.value):
            self._forget_unnamed(address)

    def thing(self, asked: AskedThing, field: str) -> str:
        """Return the address of a thing; a new one is described by its label from now on."""
        if isinstance(asked, str):
            found = self.things.address(asked) or asked
            if not self.things.known(found):
                raise ActRefused("nothing", field, name=asked)
            return found
        return self._described(asked, field)

    def _described(self, new: NewThing, field: str, scheme: str = "") -> str:
        iri = self._class(new.class_, field)
        named = {
            code: in_guillemets(text) if self.text.places(text) else text
            for code, text in new.new.items()
        }
        labels = self._labels({iri}, named)
        is_term = iri == KINDS["term"].iri
        kind = self._document.kind_of_terms(scheme) if is_term else ""
        address = self.things.new(labels[0].value, iri, kind)
        says: dict[str, tuple[Value, ...]] = {LABEL: labels}
        if is_term and scheme:
            says[IN_SCHEME] = (NamedNode(scheme),)
            if scheme in self._document.lists_with_tops:
                says[TOP] = (NamedNode(scheme),)
        elif iri in DESCRIBED:
            says[TYPE] = (NamedNode(iri),)
        entry = Entry("term" if is_term else "thing", address, self.graph, says=says)
        self.entries[entry.key] = entry
        self._new_classes[address] = iri
        return address

    def _labels(self, classes: set[str], texts: Texts) -> tuple[Literal, ...]:
        """Return the labels of a thing: a proper name has no language, another one has its own.

        What is printed is the name in each language until somebody translates it.
        """
        if self._document.terms.has_proper_names(*classes):
            return (Literal(next(iter(texts.values()))),)
        if {*texts} == {""}:
            texts = dict.fromkeys(self._reading.text.languages, texts[""])
        return self.literals(texts)

    def _name_by_kind(self, address: str) -> None:
        """Adapt the languages of a name to its new kind: proper names have none."""
        entry = self.entries.get((self.graph, address))
        classes = {
            it.value.value
            for other in self.entries.values()
            for it in other.every()
            if (it.subject, it.property) == (address, TYPE)
        }
        if entry is None or not classes or LABEL not in entry.says:
            return
        texts = {it.language or "": it.value for it in entry.says[LABEL] if isinstance(it, Literal)}
        says = {**entry.says, LABEL: self._labels(classes, texts)}
        self.entries[entry.key] = replace(entry, says=says)

    def _types(self, *addresses: str) -> Iterator[Fact]:
        """Yield the kinds of the new things of a fact."""
        for address in addresses:
            iri = self._new_classes.get(address, "")
            if iri and iri not in DESCRIBED:
                yield Fact(address, TYPE, NamedNode(iri))

    def _carry(self, carrier: Carrier, facts: list[Fact], wanted: str) -> Key:
        sets = SetsOfFacts(self._reading, self.entries, self.things, self.text)
        if not wanted:
            return self.graph, sets.join(carrier, facts)
        entry = self.entries.get((self.graph, wanted))
        if entry is None or entry.kind != "set":
            raise ActRefused("no set", "set")
        sets.add_to(entry, carrier, facts)
        return entry.key

    def apart(self, facts: Sequence[StatedFact]) -> str:
        """Return the address of a set that states these facts and no others."""
        first = facts[0].entry
        if [*facts_of(first)] == [*facts]:
            return first.address
        address = first_free(first.address, lambda it: (self.graph, it) in self.entries)
        # Their things stay named; a thing without any fact is removed.
        entry = Entry("set", address, self.graph, first.words, first.says)
        self.entries[entry.key] = entry.stating(Fact(it.subject, it.name, it.value) for it in facts)
        for it in facts:
            self.drop(it)
        return address

    def add(self, entry: Entry) -> None:
        self.entries[entry.key] = entry

    def name_document(self, name: str) -> None:
        """Call the document so in each of its languages, where it has no name."""
        here = self._reading.text.document
        if not self.things.label(here):
            labels = self.literals(dict.fromkeys(self._reading.text.languages, name))
            self.add(Entry("thing", here, self.graph, says={LABEL: labels}))

    def named(self, address: str, texts: Texts) -> tuple[Literal, ...]:
        return self._labels(self.classes(address), texts)

    def value_of(self, name: str, given: str, field: str) -> NamedNode:
        """Return an existing thing as the value of a property; refuse it for a field."""
        asked = AskedFact(subject="", property=name, object=given)
        try:
            return self._thing_as_value(self._property(name), given, asked)
        except ActRefused as refused:
            refused.field = field
            raise

    def free(self, kind: str, name: str) -> str:
        """Return an address that nothing has yet, for something of this document."""
        slug = f"{self._reading.slug}-{slug_of(name)[:60].strip('-') or 'sans-nom'}"
        there = {it.address for it in self.entries.values()}
        return first_free(f"{ID}{KINDS[kind].address}/{slug}", there.__contains__)

    def _property(self, name: str, field: str = "property") -> PropertyTerm:
        term = self._terms.property(name)
        if term is None:
            raise ActRefused("no property", field, name=name)
        return term

    def _class(self, name: str, field: str = "class") -> str:
        iri = self._terms.class_named(name)
        if iri is None:
            raise ActRefused("no kind", field, name=name)
        return iri

    def _value(self, term: PropertyTerm, asked: AskedFact) -> Value:
        match asked.object:
            case AskedPassage(span):
                return self._passage(term, span)
            case AskedText(text, language):
                return self._literal(term, text, language=language)
            case AskedValue(text, datatype):
                return self._literal(term, text, datatype=datatype)
            case thing:
                return self._thing_as_value(term, thing, asked)

    def _literal(
        self, term: PropertyTerm, text: str, *, language: str = "", datatype: str = ""
    ) -> Literal:
        has_language = LANG_STRING in term.datatypes and STRING not in term.datatypes
        if has_language and not datatype:
            language = language or self._reading.text.languages[0]
        datatype = node(datatype).value if datatype else ""
        found = None if term.takes_things else term.literal(text, language, datatype)
        if found is None:
            raise self._wrong_type(term, text)
        return found

    def _thing_as_value(self, term: PropertyTerm, given: AskedThing, asked: AskedFact) -> NamedNode:
        if term.iri in (TYPE, SOUGHT_KIND) and isinstance(given, str):
            return NamedNode(self._class(given, "object"))
        if term.iri in PASSAGES and given in ("", "words"):
            if not asked.words:
                raise ActRefused("no words", "words")
            return self._passage(term, asked.words[0])
        if isinstance(given, str) and term.iri in OF_PROPERTIES:
            found = self.things.address(given)
            if term.iri != STATED_UNKNOWN or not self.things.known(found):
                return NamedNode(self._property(given, "object").iri)
        if term.datatypes and not term.takes_things:
            name = given if isinstance(given, str) else next(iter(given.new.values()))
            raise self._wrong_type(term, name)
        if isinstance(given, str) and self._is_elsewhere(given, term):
            return node(given)
        if isinstance(given, str):
            address = self.thing(given, "object")
        else:
            scheme = self._document.list_of_values(term.iri, self.entries.values())
            address = self._described(given, "object", scheme)
        classes = self.classes(address)
        if term.classes and classes and not classes & term.classes:
            raise self._wrong_type(term, self.things.label(address) or address)
        return NamedNode(address)

    def _passage(self, term: PropertyTerm, span: Span) -> NamedNode:
        if term.iri not in PASSAGES:
            raise self._wrong_type(term, self.text.text[slice(*span)])
        return self._reading.passage(self.text.selection(*span))

    def _wrong_type(self, term: PropertyTerm, text: str) -> ActRefused:
        name = in_prefixes(term.iri)
        return ActRefused("wrong type", "object", text=text, name=name, expected=term.expected)

    def _is_elsewhere(self, address: str, term: PropertyTerm) -> bool:
        """Return whether an address is that of another site's thing, where any thing may be."""
        is_web = address.startswith(("https://", "http://")) and not address.startswith(BASE)
        return is_web and not term.classes

    def literals(self, texts: Texts) -> tuple[Literal, ...]:
        """Return texts with their languages, by default the document's first one."""
        first = self._reading.text.languages[0]
        return tuple(Literal(text, language=code or first) for code, text in texts.items())

    def _forget_unnamed(self, address: str) -> None:
        """Remove a thing that only has a name, if no set is about it."""
        key = self.graph, address
        entry = self.entries.get(key)
        if entry is None or entry.kind not in ("thing", "term") or not kind_of_iri(address):
            return
        is_bare = {*entry.says} <= {LABEL, TYPE}
        if is_bare and not any(speaks_of(it, address) for it in self.entries.values()):
            del self.entries[key]


def node(address: str, field: str = "object") -> NamedNode:
    """Return an address; raise ActRefused if it is invalid."""
    try:
        return NamedNode(address)
    except ValueError:
        raise ActRefused("no address", field, address=address) from None
