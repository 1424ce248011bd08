"""A list of what a document states, as TriG: each kind of entry as the project models its facts.

Such a list lies beside its text (``X.yaml`` beside ``X.txt``). Its ids are local; those that its
section ``identity`` names in the shipped data are found there by their words. What the text hedges
is an open question, and what it denies a denial. Telephone numbers and e-mail addresses are not
read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from pyoxigraph import Literal, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.short_terms import first_free, slug_of

Entry = Mapping[str, Any]
Spans = Iterable[tuple[int, int]]

HEAD: Final = f"@base <{ID}> .\n" + "".join(f"@prefix {p}: <{i}> .\n" for p, i in PREFIXES.items())
CERTAINTY: Final = {"explicit": "explicit", "inferred-high": "inferred"}
"""What is surer than a guess; all else is tentative."""
REASON: Final = {"fr": "Lu d’après la mise en page.", "en": "Read by the layout."}
DIRECT: Final = {
    **dict.fromkeys(("host", "carried_by"), "rn:carriedBy"),
    **dict.fromkeys(("place", "venue", "extends_to", "place_of_launch"), "schema:location"),
    **dict.fromkeys(("born_of", "promoted_by", "signed_by"), "rn:involves"),
    **{"partner": "rn:partner", "presented_by": "rn:presentedBy", "stage": "rn:presentedAt"},
    **{"from": "rn:relayFrom", "to": "rn:relayTo", "part_of": "schema:superEvent"},
    **{"publisher": "dcterms:publisher", "editor": "schema:editor"},
    "editorial_by": "dcterms:contributor",
}
"""The property that a predicate of relations is."""
PARTS: Final = {
    **{"launched_by": "lance", "partner": "s’associe à l’événement", "supported_by": "appuie"},
    **{"attended_by": "assiste", "stand_of": "tient un stand", "contact": "contact"},
    **{"awarded_to": "reçoit le prix", "awarded_by": "décerne le prix"},
    **dict.fromkeys(("speaker", "quoted_source"), "témoigne"),
}
"""The role in which the object of a predicate takes part in its subject."""
OWN_PARTS: Final = {"coordinates": "coordonne", "part_of": "dirige le programme"}
"""The role in which the subject of a predicate takes part in its object."""
OFFICES: Final = {
    **{"directs": "dirige", "founder_of": "fonde", "former_affiliation": "ancien membre"},
    **{"member_of": "siège", "former_member_of": "a siégé"},
    **{"presides": "préside", "member": "membre"},
}
"""The role that a predicate gives its subject in an organisation."""
BY_A_NODE: Final = {
    **{"funder": "_funding", "affiliation": "_affiliation", "succeeds": "_succession"},
    **{"agreement_with": "_agreement", "tested_at": "_test"},
    **dict.fromkeys(OFFICES, "_membership"),
}
SHORT: Final = {"s’associe à l’événement": "s-associe", "signe une convention": "signe"}
KINDS: Final = {
    **{"org": "organisation", "unorg": "organisation", "p": "person", "fig": "figure"},
    **{"inn": "innovation", "stage": "stage", "event": "event", "rally": "rally", "relay": "event"},
}
"""The kind of a thing, as its id begins."""
SCHEMES: Final = {
    **{"role": "roles", "theme": "themes", "measure": "grandeurs", "audience": "publics"},
    **{"organisation-kind": "sortes-d-organisation", "beneficiary": "beneficiaires"},
    "need": "besoins",
}
WORDS: Final = {
    **{"fc": "franche-comte", "closing": "cloture", "stages": "etapes", "people": "personnes"},
    "witnesses": "temoins",
}
"""Words of the ids of another list, as they are in addresses of the shipped data."""
STATUS: Final = {
    **{"held": "tenue", "announced": "annoncee", "cancelled": "annulee", "postponed": "reportee"}
}
SOUGHT: Final = {
    "stages.host": "rn:Stage rn:carriedBy",
    "stages.ordinal": "rn:Stage rn:number",
    "stages.title": "rn:Stage dcterms:title",
    "events.time": "schema:Event rn:startTime",
    "events.host": "schema:Event rn:carriedBy",
    "innovations.social_need": "rn:Innovation rn:need",
    "innovations.beneficiaries": "rn:Innovation rn:beneficiary",
    "innovations.organisation": "rn:Innovation rn:carriedBy",
    "document.publisher": "schema:PublicationIssue dcterms:publisher",
    "document.author": "schema:PublicationIssue dcterms:creator",
    "persons.role_or_title": "foaf:Person schema:jobTitle",
    "persons.organisation": "foaf:Person rn:speaksFor",
}
"""The kind and the property that a field of a list looks for; it may say that it is absent."""
SECTIONS: Final = (
    *("organisations", "unnamed_organisations", "persons", "stages", "events", "innovations"),
    *("relays", "statements", "figures", "relations"),
)
COUNTED_ALIKE: Final = ("updates_not_contradictions", "contradictions")


def plain(text: str) -> str:
    """Return what is printed without the marks of its extraction, its spaces single."""
    return re.sub(r"\s+", " ", re.sub(r"\*|\^\{(.*?)\}", r"\1", text)).strip()


def when(date: Entry) -> str:
    """Return the value of a date."""
    return str(date.get("inferred") or date["value"])


def printed(text: str) -> Literal:
    return Literal(plain(text))


@dataclass
class Stated:
    """Facts that passages carry together."""

    spans: list[tuple[int, int]]
    certainty: str
    voices: list[str]
    facts: list[str] = field(default_factory=list)


@dataclass
class Inventory:
    """A list as facts in sets, what curators say of them, and identity decisions."""

    slug: str
    entries: Entry
    length: int
    known: list[Quad] = field(default_factory=list)
    """The shipped data, beside which the document is put; nothing where it is alone."""
    languages: tuple[str, ...] = ("fr",)
    sets: dict[str, Stated] = field(default_factory=dict)
    curated: dict[str, None] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)
    counted_before: dict[str, int] = field(default_factory=dict)
    """What is counted beside a figure of the data beside, by its address."""
    things: dict[str, str] = field(default_factory=dict)
    """The address of each thing, by its id."""
    testimonies: dict[str, str] = field(default_factory=dict)
    """What each person says, by their id."""

    @classmethod
    def read(cls, source: Path, slug: str, known: Iterable[Path] = (), **more: Any) -> Inventory:
        """Return the list of a file, beside data in other files."""
        quads = [q for path in known for q in parse(path=str(path), format=RdfFormat.TRIG)]
        entries = yaml.safe_load(source.read_text("utf-8"))
        made = cls(slug, entries, len(source.with_suffix(".txt").read_text("utf-8")), quads, **more)
        made._name_all()
        made._document()
        for section in SECTIONS:
            for it in entries[section]:
                getattr(made, f"_{section}")(f"{section}/{it['id']}", it, made.ref(it["id"]))
        made._themes()
        made._ambiguities()
        made._decisions()
        return made

    # Addresses

    @cached_property
    def taken(self) -> dict[str, set[str]]:
        """The names of each address of the data beside."""
        found: dict[str, set[str]] = defaultdict(set)
        for s, p, o, _ in self.known:
            for at in (str(term.value) for term in (s, o) if hasattr(term, "value")):
                if at.startswith(ID):
                    found[at.removeprefix(ID)]
            if p.value.endswith(("label", "Label", "AsPrinted")):
                found[s.value.removeprefix(ID)].add(slug_of(o.value))
        return found

    def word(self, kind: str, name: str) -> str:
        """Return what the data beside has by a name, such as a concept; else its new address."""
        short = re.sub(r"\s+\(.*?\)", "", name)
        of_kind = (at for at in self.taken if at.startswith(f"{kind}/"))
        same = (at for at in of_kind if slug_of(short) in self.taken[at])
        return next(same, f"{kind}/{SHORT.get(name) or slug_of(short)}")

    def beside(self, id_: str) -> str:
        """Return the address that the data beside has for an id of another list, or an address."""
        if "/" in id_:
            return id_
        words = [f"-{WORDS.get(it, it)}-" for it in id_.split("-")[1:]]
        start = f"{KINDS[id_.partition('-')[0]]}/"
        found = (at for at in self.taken if at.startswith(start))
        return min(
            (at for at in found if all(it in f"-{at.removeprefix(start)}-" for it in words)),
            key=len,
        )

    def now(self, id_: str) -> str:
        """Return the address that a thing has in the end: of the same thing in the data beside."""
        same = self.entries.get("identity", {}).get("same", ())
        found = (self.beside(it["carnet2"]) for it in same if it["this"] == id_)
        shared = id_.startswith("pl-") and not self._own_address(id_)
        return self.things[id_] if shared else next(found, self.things[id_])

    def _own_address(self, place: str) -> bool:
        """Return whether a decision says that a place is the same, not its address alone."""
        same = self.entries.get("identity", {}).get("same", ())
        return any(it["this"] == place and "/" in it["carnet2"] for it in same)

    @cached_property
    def _said(self) -> dict[tuple[str, str], Any]:
        return {(q.subject.value, q.predicate.value): q.object for q in reversed(self.known)}  # type: ignore[union-attr]

    def said_beside(self, address: str, prop: str) -> Any:
        """Return what the data beside has for a property of a thing."""
        return self._said.get((ID + address, RN + prop))

    def ref(self, id_: str) -> str:
        return f"<{self.things[id_]}>" if id_ in self.things else ""

    def certainty_beside(self, thing: str, property_: str, value: str) -> str:
        """Return the certainty that the data beside give to a fact, if they have it."""
        sets = {
            q.graph_name
            for q in self.known
            if (q.subject.value, q.object.value) == (ID + thing, ID + value)  # type: ignore[union-attr]
            and q.predicate.value.endswith(property_)
        }
        of_sets = (q for q in self.known if q.subject in sets)
        told = (q.object.value for q in of_sets if q.predicate.value == f"{RN}certainty")  # type: ignore[union-attr]
        return next((f"rn:{one.removeprefix(RN)}" for one in told), "")

    # Writing

    def say(
        self,
        name: str,
        it: Entry,
        *facts: str,
        also: Spans = (),
        sure: str = "",
        voices: Iterable[str] = (),
    ) -> None:
        """Add facts that the passages of an entry and others carry, of the document or a voice."""
        certainty = CERTAINTY.get(sure or it.get("certainty", "explicit"), "tentative")
        who = [*voices] or [f"document/{self.slug}"]
        spans = [*map(tuple, (*also, *self.spans(it)))]
        self.sets.setdefault(slug_of(name), Stated(spans, certainty, who)).facts += facts

    def curate(self, address: str, *said: str) -> None:
        self.curated |= dict.fromkeys(f"<{address}> {it} ." for it in said)

    def text(self, text: str) -> str:
        """Return a text in each language of the data."""
        return ", ".join(str(Literal(text, language=it)) for it in self.languages)

    def concept(self, kind: str, name: str) -> str:
        """Return the concept of a name, which is written where the data beside has none."""
        address, told = self.word(kind, name), self.text(name)
        if address not in self.taken:
            self.curate(address, f"a skos:Concept ; skos:inScheme <scheme/{SCHEMES[kind]}>")
            self.curate(address, *(f"{p} {told}" for p in ("rdfs:label", "skos:prefLabel")))
            self.curate(address, f"skos:definition {told}")
            if kind == "theme":
                self.curate(address, "skos:topConceptOf <scheme/themes>")
        return f"<{address}>"

    @staticmethod
    def spans(it: Entry, name: str = "span") -> list[tuple[int, int]]:
        """Return the spans of an entry under a name in the singular or the plural."""
        return [*it.get(f"{name}s", [it[name]] if name in it else [])]

    def node(self, kind: str, name: str, label: str) -> str:
        address = f"{kind}/{self.slug}-{slug_of(name)}"
        self.curate(address, f"rdfs:label {self.text(label)}")
        return f"<{address}>"

    def _name(self, id_: str, name: str, *, proper: bool = False, kind: str = "") -> None:
        given = {*self.taken, *self.things.values()}
        kind = kind or KINDS[id_.partition("-")[0]]
        self.things[id_] = first_free(f"{kind}/{slug_of(name)}", given.__contains__)
        label = f"Étape de {name}" if kind == "stage" else name
        told = str(Literal(label)) if proper else self.text(label)
        self.curate(self.things[id_], f"rdfs:label {told}")

    def _name_all(self) -> None:
        it = self.entries
        self.programme = it.get("programme") or it["rally"]
        self.things["doc"] = f"document/{self.slug}"
        self._name(self.programme["id"], self.programme["names"][0], proper=True, kind="rally")
        for one in (*it["organisations"], *it["persons"]):
            self._name(one["id"], one["name"], proper=True)
        for one in it["unnamed_organisations"]:
            self._name(one["id"], plain(one["quote"]))
        for one in it["stages"]:
            self._name(one["id"], one["place"]["value"])
        for one in (*it["events"], *it["innovations"]):
            self._name(one["id"], one.get("name") or one["label"])
        for one in it["relays"]:
            self._name(one["id"], one["id"].replace("relay", "relais"))
        for one in it["figures"]:
            self.things[one["id"]] = self.node("figure", one["id"], one["what"])[1:-1]
        for one in it["places"]:
            name = one["name"].strip("()")
            at = self.word("place", name)
            if self._own_address(one["id"]):
                at = first_free(f"place/{slug_of(name)}", self.taken.__contains__)
            self.things[one["id"]] = at
            kind = "region" if self._covers(one) else "commune"
            if at not in self.taken:
                self.curate(at, f"rdfs:label {Literal(name)} ; a schema:Place")
                self.curate(at, f"dcterms:type <place-kind/{kind}>")

    def _covers(self, place: Entry) -> bool:
        area = self.programme.get("area", {"quote": ""})["quote"]
        return any(it in area for it in place["mentions_quotes"])

    @property
    def area(self) -> str:
        """The place that the programme covers."""
        return next(self.things[it["id"]] for it in self.entries["places"] if self._covers(it))

    def _document(self) -> None:
        it, doc = self.entries["document"], f"<document/{self.slug}>"
        title, number, date = it["title"], it["number"], it["date"]
        name = f"{title['value']}, n° {number['value']}"
        self.curate(f"document/{self.slug}", f"rdfs:label {self.text(name)}")
        series = self.word("series", title["value"])
        if series not in self.taken:
            self.curate(series, f"rdfs:label {Literal(title['value'])}")
        self.say(
            "document/number",
            number,
            f'{doc} a schema:PublicationIssue ; schema:issueNumber "{number["value"]}"',
            f"{doc} dcterms:isPartOf <{series}> ; rn:dateAsPrinted {Literal(date['printed'])}",
            f'{doc} dcterms:issued "{date["value"]}"^^xsd:gYearMonth',
            f"<{series}> a schema:Periodical ; rn:nameAsPrinted {printed(title['quote'])}",
            also=[title["span"], date["span"]],
        )
        french = "<http://publications.europa.eu/resource/authority/language/FRA>"
        kind = f"{doc} dcterms:type <http://vocab.getty.edu/aat/300026652>"
        read = "inferred-high"
        self.say("document/language", title, f"{doc} dcterms:language {french}", sure=read)
        self.say("document/kind", number, kind, sure=read)
        it, rally = self.programme, self.ref(self.programme["id"])
        names = ", ".join(str(Literal(name)) for name in it["names"])
        named = f"{rally} a rn:Rally ; rn:nameAsPrinted {names}"
        self.say("programme/kind", {}, named, also=it["mentions"])
        if "area" in it:
            self.say("programme/area", it["area"], f"{rally} schema:areaServed <{self.area}>")
            self._describe(it["id"], it["description"]["value"])

    def _describe(self, id_: str, text: str) -> None:
        self.curate(self.things[id_], f"dcterms:description {self.text(text)}")

    def _organisations(self, name: str, it: Entry, org: str) -> None:
        quotes = dict.fromkeys(str(printed(quote)) for quote in it["mentions_quotes"])
        named = f"{org} a org:Organization ; rn:nameAsPrinted {', '.join(quotes)}"
        self.say(name, {}, named, also=it["mentions"])
        if kind := it.get("kind"):
            concept = self.concept("organisation-kind", kind["value"])
            where = () if "span" in kind else it["mentions"]
            self.say(f"{name}/kind", kind, f"{org} org:classification {concept}", also=where)

    def _unnamed_organisations(self, name: str, it: Entry, org: str) -> None:
        names = f"rn:nameAsPrinted {printed(it['quote'])}"
        self.say(name, it, f"{org} a org:Organization, rn:UnnamedParty ; {names}")

    def _persons(self, name: str, it: Entry, person: str) -> None:
        told = it["name"] if it["name"] in it["mention_quote"] else plain(it["mention_quote"])
        named = f"{person} a foaf:Person ; rn:nameAsPrinted {Literal(told)}"
        self.say(name, {}, named, also=[it["mention"]])
        if self.has_title(it):
            role = it["role_or_title"]
            title = f"{person} schema:jobTitle {Literal(plain(role['quote']), language='fr')}"
            self.say(f"{name}/role_or_title", role, title, also=[it["mention"]])

    def has_office(self, person: Entry) -> bool:
        """Return whether somebody has an office of an organisation, for which they do not speak."""
        speaks = any(person["id"] in it["speakers"] for it in self.entries["statements"])
        named = person["organisation"].get("id") and "span" in person["role_or_title"]
        return bool(named and not speaks and not self._directs(person))

    def has_title(self, person: Entry) -> bool:
        """Return whether something is printed of somebody that is no office and no part."""
        part = person["category"] == "contact" or self._directs(person) or self.has_office(person)
        return "span" in person["role_or_title"] and not part

    def _directs(self, person: Entry) -> bool:
        every = self.entries["relations"]
        return (person["id"], "directs") in {(it["subject"], it["predicate"]) for it in every}

    def _stages(self, name: str, it: Entry, stage: str) -> None:
        place = it["place"]
        spans = [one["span"] for one in (place, it.get("date", {})) if one]
        own = self.spans(it, "status_span") or self.spans(it, "postponed_span")
        status = f"rn:status <status/{STATUS[it['status'].split()[0]]}>"
        rally = self.ref(self.programme["id"])
        held = f"{stage} a rn:Stage ; schema:superEvent {rally} ; {status}"
        self.say(name, {}, held, also=own or spans)
        if (title := it["title"]).get("value"):
            told = f"{stage} dcterms:title {Literal(plain(title['quote']), language='fr')}"
            self.say(f"{name}/title", title, told, also=[place["span"]])
        if "date" in it:
            self._when(name, it, stage)
        if (ordinal := it.get("ordinal", {})).get("value"):
            where = self.spans(ordinal, "label_span") or spans
            number = f"{stage} rn:number {ordinal['value']}"
            self.say(f"{name}/ordinal", ordinal, number, also=where)
        if cause := it.get("cause"):
            told = f"{stage} rn:statusReason {self.text(plain(cause['quote']))}"
            self.say(f"{name}/cause", cause, told)
        if "span" in (new := it.get("new_date", {})):
            self.say(f"{name}/new_date", new, f"{stage} rn:toBeFixed schema:startDate")

    def _when(self, name: str, it: Entry, event: str) -> None:
        """Say when something is, as printed and as a value."""
        date, value = it["date"], when(it["date"])
        kind = {4: "gYear", 7: "gYearMonth"}.get(len(value), "date")
        told = f"{event} rn:dateAsPrinted {printed(date.get('printed') or date['quote'])}"
        start = f'{event} schema:startDate "{value}"^^xsd:{kind}'
        if "inferred" in date or re.search(r"/\d\d$", date.get("printed", "")):
            part = "annee" if "inferred" in date else "siecle"
            self.say(f"{name}/date-printed", date, told)
            start += f" ; rn:inferredPart <date-part/{part}>"
            how = date.get("certainty_of_year", "inferred-high")
            self.say(f"{name}/date", date, start, sure=how)
        else:
            self.say(f"{name}/date", date, told, start)
        if "span" in (time := it.get("time", {})):
            start, end = (f'"{time[key]}:00"^^xsd:time' for key in ("start", "end"))
            hours = f"rn:startTime {start} ; rn:endTime {end}"
            told = f"{event} rn:timeAsPrinted {Literal(time['printed'])} ; {hours}"
            self.say(f"{name}/time", time, told)

    def _events(self, name: str, it: Entry, event: str) -> None:
        closing = it["id"] == self.programme.get("closing")
        kind = "rn:ClosingEvent" if closing else "schema:Event"
        status = f"rn:status <status/{STATUS[it.get('status', 'announced')]}>"
        self.say(
            name, it, f"{event} a {kind} ; {status}", also=[it["date"]["span"]], sure="explicit"
        )
        self._when(name, it, event)
        place, named = it.get("place", {}), [it["span"]]
        if "span" in place and not place.get("id"):
            self.say(f"{name}/place", place, f"{event} rn:toBeFixed schema:location", also=named)
        if audience := it.get("audience"):
            concept = self.concept("audience", audience["value"])
            self.say(
                f"{name}/audience", audience, f"{event} dcterms:audience {concept}", also=named
            )
        if "body" in it:
            self._part(f"{name}/body", it, self.ref(it["body"]), event, "se réunit")
        if call := it.get("call"):
            made = f"<event/appel-{self.slug}>"
            self.curate(made[1:-1], f"rdfs:label {self.text('Appel à propositions')}")
            fact = f"{made} a schema:Event ; schema:superEvent {event}"
            self.say(f"{name}/call", call, f"{fact} ; rn:status <status/annoncee>")
            day = re.findall(r"\d+ \w+$", call["quote"])[0]
            self.say(f"{name}/call/printed", call, f"{made} rn:dateAsPrinted {Literal(day)}")
            year = "rn:inferredPart <date-part/annee>"
            end = f'{made} schema:endDate "{call["deadline"]}"^^xsd:date ; {year}'
            self.say(f"{name}/call/deadline", call, end, sure=call["certainty_of_year"])

    def _innovations(self, name: str, it: Entry, innovation: str) -> None:
        told = it["label"] if it["label"] in plain(it["quote"]) else plain(it["quote"])
        self.say(name, it, f"{innovation} a rn:Innovation ; rn:nameAsPrinted {Literal(told)}")
        for key in ("description", "expansion"):
            if key in it:
                self._describe(it["id"], it[key]["value"])
        if born := it.get("born"):
            event = f"<event/naissance-{it['id']}>"
            self.curate(event[1:-1], f"rdfs:label {self.text('Naissance')}")
            self.say(f"{name}/born", born, f"{event} a schema:Event ; schema:about {innovation}")
            self._when(f"{name}/born", {"date": born}, event)
        if unknown := it.get("not_measured"):
            measure = self.concept("measure", unknown["value"])
            told = f"{innovation} rn:statedUnknown {measure}"
            self.say(f"{name}/not_measured", unknown, told, voices=self._voices(unknown))
        for key, kind in (("beneficiaries", "beneficiary"), ("social_need", "need")):
            if (one := it.get(key, {})).get("value"):
                where = () if "span" in one else self.spans(it)
                concept = self.concept(kind, one["value"])
                self.say(f"{name}/{key}", one, f"{innovation} rn:{kind} {concept}", also=where)

    def _relays(self, name: str, it: Entry, relay: str) -> None:
        self.say(name, it, f"{relay} a rn:Relay ; rn:asPrinted {printed(it['quote'])}")

    def _statements(self, name: str, it: Entry, _: str) -> None:
        heard = {
            relation["object"]
            for relation in self.entries["relations"]
            if relation["predicate"] in ("speaker", "quoted_source")
        }
        made = self.node("testimony", it["id"], f"Propos : {it['topic_fr']}")
        self.curate(made[1:-1], f"dcterms:description {self.text(it['topic_fr'])}")
        self.testimonies |= dict.fromkeys(it["speakers"], made)
        mode = "cite" if it["mode"] == "direct quotation" else "rapporte"
        parts = ", ".join(map(self.ref, it["speakers"]))
        facts = [f"{made} a rn:Testimony ; rn:participant {parts} ; rn:mode <mode/{mode}>"]
        if not heard & {*it["speakers"]}:
            facts.append(f"{made} rn:role {self.concept('role', 'témoigne')}")
        quoted = [segment["inner"] for segment in it.get("quoted_segments", ())]
        facts += [f"{made} rn:quotedSegment {self.passage(span)}" for span in quoted]
        mention = self.person(it["speakers"][0])["mention"]
        self.say(name, it, *facts, also=[mention, *(quoted or [it["segment"]["span"]])])

    def person(self, id_: str) -> Entry:
        return next(it for it in self.entries["persons"] if it["id"] == id_)

    def _voices(self, it: Entry) -> list[str]:
        """Return who says what an entry has, where it is not the document."""
        if "according_to" in it:
            return [self.things[it["according_to"]]]
        start, end = next(iter(self.spans(it)), (0, 0))
        for one in self.entries["statements"] if it.get("modality") == "reported" else ():
            quoted = [segment["inner"] for segment in one.get("quoted_segments", ())]
            told = quoted or [one["segment"]["span"]]
            if any(first <= start and end <= last for first, last in told):
                return [self.things[who] for who in one["speakers"]]
        return []

    @staticmethod
    def value(figure: Entry) -> str:
        """Return the value of a figure, of which a share is written as a decimal."""
        told = str(figure["value"])
        return str(float(Fraction(told))) if "/" in told else told

    def _figures(self, name: str, it: Entry, figure: str) -> None:
        lists = self.entries.get("identity", {})
        alike = {one["this"]: one["carnet2"] for key in COUNTED_ALIKE for one in lists.get(key, ())}
        rival = self.beside(alike[it["id"]]) if it["id"] in alike else ""
        measure = self.said_beside(rival, "measure") or self.concept("measure", it["what"])
        value = f'"{self.value(it)}"^^xsd:{"decimal" if "/" in str(it["value"]) else "integer"}'
        fact = f"{figure} a rn:ReportedFigure ; rdf:value {value} ; rn:measure {measure}"
        told = f"{figure} rn:asPrinted {printed(it['quote'])}"
        self.say(name, it, fact, told, voices=self._voices(it))
        of, read = self.scope(it), "inferred-high"
        self.say(f"{name}/scope", it, f"{figure} rn:figureOf {self.ref(of)}", sure=read)
        if not of.startswith("stage"):
            date = self.entries["document"]["date"]
            month = f'"{date["value"]}"^^xsd:gYearMonth'
            as_then = rival and not it["scope"].startswith(self.programme["id"])
            as_of = self.said_beside(rival, "asOf") if as_then else month
            where = self.spans(it)
            self.say(f"{name}/as_of", date, f"{figure} rn:asOf {as_of}", also=where, sure=read)

    def scope(self, figure: Entry) -> str:
        """Return the id of what a figure speaks of."""
        told = figure["scope"]
        return str(told if told in self.things else self.programme["id"])

    # Relations

    def _part(self, name: str, it: Entry, who: str, event: str, role: str) -> None:
        part = self.node("participation", name.replace("/", "-"), role)
        inside = f"rn:inEvent {event} ; rn:role {self.concept('role', role)}"
        self.say(name, it, f"{part} a rn:Participation ; rn:participant {who} ; {inside}")

    def _relations(self, name: str, it: Entry, _: str) -> None:
        one, predicate, other = it["subject"], it["predicate"], it["object"]
        if it.get("modality") == "denied":
            made = self.node("denial", it["id"], plain(it["quote"]))
            fact = f"{made} a owl:NegativePropertyAssertion ; owl:sourceIndividual {self.ref(one)}"
            what = f"owl:assertionProperty {DIRECT[predicate]}"
            self.say(name, it, f"{fact} ; {what} ; owl:targetIndividual {self.ref(other)}")
        elif it.get("modality") == "hedged":
            told = {**it, "what": f"« {plain(it['quote'])} » ?"}
            self._question(name, told, [self.things[one]])
            asked = f"question/{self.slug}-{slug_of(name)}"
            self.curate(asked, f"rn:unsettles {DIRECT[predicate]}")
        elif predicate in BY_A_NODE:
            getattr(self, BY_A_NODE[predicate])(name, it)
        elif predicate in ("speaker", "quoted_source") and other in self.testimonies:
            role = self.concept("role", "témoigne")
            fact = f"{self.testimonies[other]} rn:inEvent {self.ref(one)} ; rn:role {role}"
            self.say(name, it, fact)
        elif predicate in OWN_PARTS and not one.startswith("event"):
            self._part(name, it, self.ref(one), self.ref(other), OWN_PARTS[predicate])
        elif predicate in PARTS and (predicate != "partner" or one.startswith("stage")):
            event = self.ref("event-launch" if predicate == "launched_by" else one)
            self._part(name, it, self.ref(other), event, PARTS[predicate])
        else:
            self._direct(name, it)

    def _direct(self, name: str, it: Entry) -> None:
        one, predicate, value = it["subject"], it["predicate"], self.ref(it["object"])
        fact = f"{self.ref(one)} {DIRECT[predicate]} {value}"
        venues = {s["id"]: s["venue"]["id"] for s in self.entries["stages"] if "venue" in s}
        if predicate == "place_of_launch":
            fact = f"{self.ref('event-launch')} schema:location {value}"
        elif predicate == "place" and one in venues:
            fact = f"{self.ref(venues[one])} schema:containedInPlace {value}"
        self.say(name, it, fact)

    def _funding(self, name: str, it: Entry) -> None:
        made = self.node("funding", it["object"], "Financement")
        found = re.search(r"(participation )?financ\w+", it["quote"])
        told = f"rn:asPrinted {Literal(found[0]) if found else printed(it['quote'])}"
        scope = f"rn:fundingScope <scope/participation> ; {told}"
        fact = f"{made} a rn:Funding ; schema:funder {self.ref(it['object'])} ; {scope}"
        self.say(f"{name}-funder", it, fact, sure="explicit")
        self.say(name, it, f"{made} schema:fundedItem {self.ref(it['subject'])}")

    def _affiliation(self, name: str, it: Entry) -> None:
        """Say for whom somebody speaks, or which office somebody has who does not speak."""
        who, organisation = it["subject"], self.ref(it["object"])
        if who in self.testimonies:
            self.say(name, it, f"{self.testimonies[who]} rn:onBehalfOf {organisation}")
            return
        role = self.office(self.person(who))
        post = self.node("post", it["id"], role)
        held = f"rn:nameAsPrinted {Literal(role)} ; org:heldBy {self.ref(who)}"
        self.say(name, it, f"{post} a org:Post ; {held} ; org:postIn {organisation}")

    @staticmethod
    def office(person: Entry) -> str:
        """Return the office of somebody as printed, without what is said of how it came."""
        role = person["role_or_title"]
        return str(role["value"] if role["value"] in plain(role["quote"]) else plain(role["quote"]))

    def _membership(self, name: str, it: Entry) -> None:
        role = OFFICES[it["predicate"]]
        made = self.node("membership", it["id"], role)
        fact = f"{made} a org:Membership ; org:member {self.ref(it['subject'])}"
        office = f"org:role {self.concept('role', role)}"
        self.say(name, it, fact, f"{made} org:organization {self.ref(it['object'])} ; {office}")

    def _succession(self, name: str, it: Entry) -> None:
        seats = {
            one["subject"]: f"<membership/{self.slug}-{one['id']}>"
            for one in self.entries["relations"]
            if one["predicate"] in ("member_of", "former_member_of")
        }
        self.say(name, it, f"{seats[it['subject']]} dcterms:replaces {seats[it['object']]}")

    def _agreement(self, name: str, it: Entry) -> None:
        self.curate("event/convention", f"rdfs:label {self.text('Convention')}")
        event, other = "<event/convention>", self.ref(it["object"])
        self.say(name, it, f"{event} a schema:Event ; schema:about {other}")
        for number, who in enumerate((self.ref(it["subject"]), other), 1):
            self._part(f"{name}-{number}", it, who, event, "signe une convention")

    def _test(self, name: str, it: Entry) -> None:
        event = f"<event/essai-{it['subject']}>"
        self.curate(event[1:-1], f"rdfs:label {self.text('Mur d’essai')}")
        fact = f"{event} a schema:Event ; schema:about {self.ref(it['subject'])}"
        where = f"schema:location {self.ref(it['object'])}"
        self.say(name, it, f"{fact} ; {where}", voices=self._voices(it))

    # Printed words, open questions and identity

    def terms(self) -> list[Entry]:
        """Return each printed word."""
        return [term for _, _, term in self._words()]

    def _words(self) -> Iterator[tuple[str, str, Entry]]:
        for key, one in self.entries["themes"].items():
            listed = isinstance(one, dict)
            for number, term in enumerate(one["terms"] if listed else one):
                yield key if listed else "", f"{key if listed else 'named'}/{number}", term

    @staticmethod
    def printed(it: Entry) -> str:
        """Return what the spans of an entry have."""
        return plain(" ".join(it.get("quotes", [it["quote"]] if "quote" in it else [])))

    def _themes(self) -> None:
        for key, number, term in self._words():
            name, cut = f"themes/{number}", self.spans(term)
            told = {"span": (cut[0][0], cut[-1][1]), "certainty": "explicit"}
            read = {**told, "certainty": term.get("certainty", "inferred-high")}
            made = self.node("occurrence", str(cut[0][0]), term["label"])
            bold = term.get("bold") or "**" in str(term.get("quote"))
            looks = f"rn:emphasis <emphasis/{'gras' if bold else 'aucune'}>"
            fact = f"{made} a rn:ThemeOccurrence ; rn:asPrinted {Literal(self.printed(term))}"
            facts = [f"{fact} ; {looks} ; rn:passage {self.passage(told['span'])}"]
            if key:
                words = self.node("list", key, key.replace("_", " "))
                facts.append(f"{made} rn:inList {words} . {words} a rn:TermList")
            self.say(name, told, *facts)
            theme = self.concept("theme", term["label"])
            self.say(f"{name}/theme", read, f"{made} rn:indicates {theme}")
            about = term.get("where", "")
            if about.startswith(("stage", "inn", self.programme["id"])):
                fact = f"{self.ref(about)} dcterms:subject {theme}"
                self.say(f"{name}/subject", read, fact, also=self._where(about))
            for other in self.entries.get("identity", {}).get("themes_under_other_words", ()):
                theirs = self.printed_theme(other["carnet2_label"])
                if other["here"] == term["label"] and other["relation"] == "closeMatch" and theirs:
                    fact = f"{made} rn:indicates <{theirs}>"
                    self.say(f"{name}/{theirs}", {**read, **other}, fact)

    def printed_theme(self, label: str) -> str:
        """Return the theme of the data beside that has a name, or that words with it indicate."""
        theme, slug = self.word("theme", label), slug_of(label)
        words = {at for at, names in self.taken.items() if any(slug in name for name in names)}
        found = (self.said_beside(at, "indicates") for at in sorted(words))
        indicated = (it.value.removeprefix(ID) for it in found if it is not None)
        return theme if theme in self.taken else next(indicated, "")

    def _where(self, id_: str) -> Spans:
        """Return where a stage or an innovation is named."""
        stages = {it["id"]: it["place"] for it in self.entries["stages"]}
        return self.spans(
            ({it["id"]: it for it in self.entries["innovations"]} | stages).get(id_, {})
        )

    def _ambiguities(self) -> None:
        for it in self.entries["ambiguities"]:
            there = [*map(tuple, self.spans(it))]
            told = self.printed(it)
            about = [
                self.things[one["id"]]
                for section in ("organisations", "persons", "innovations")
                for one in self.entries[section]
                if any(n in told for n in one.get("names", [one.get("name") or one["label"]]))
            ]
            taken = [
                name
                for name, stated in self.sets.items()
                if stated.certainty != "explicit"
                and not name.endswith(("-scope", "-as-of", "-theme"))
                and {*stated.spans} & {*there}
            ]
            self._question(f"ambiguities/{it['id']}", it, about, taken)

    def _question(
        self, name: str, it: Entry, about: Iterable[str], taken: Iterable[str] = ()
    ) -> None:
        """Ask what an entry leaves open; the sets are read by the first of its readings."""
        made = f"question/{self.slug}-{slug_of(name)}"
        told = [one["reading"] for one in it.get("readings", ())]
        told = told or [it.get("model", "La première lecture."), "Une autre lecture."]
        readings = [f"{made.replace('question', 'reading', 1)}-{n + 1}" for n in range(len(told))]
        things = ", ".join(f"<{one}>" for one in about) or f"<document/{self.slug}>"
        self.curate(
            made,
            f"a rn:OpenQuestion ; rdfs:label {self.text(it['what'])} ; schema:about {things}",
            f"rn:passage {', '.join(map(self.passage, self.spans(it)))}",
            f"rn:reading {', '.join(f'<{one}>' for one in readings)}",
        )
        for reading, text in zip(readings, told, strict=True):
            self.curate(reading, f"a rn:Reading ; rdfs:label {self.text(text)}")
        sets = (f"<assertion-set/{self.slug}-{one}>" for one in taken if "readings" in it)
        self.curate(readings[0], *(f"rn:takenIn {one}" for one in sets))

    def _decisions(self) -> None:
        for conclusion in ("same", "different", "open"):
            for it in self.entries.get("identity", {}).get(conclusion, ()):
                if it["this"].startswith(("fig-", "pl-")):  # a document names neither
                    continue
                mine, kept = self.things[it["this"]], self.beside(it["carnet2"])
                name = slug_of(f"{conclusion} {kept} {mine}")
                sets = next((n for n in self.sets if n.endswith(it["this"])), "programme-kind")
                why = it.get("why") or it.get("note") or "Comparé d’après la liste."
                self.identity[name] = (
                    f"<decision/{name}> a rn:IdentityDecision ; rdfs:label {self.text(name)} ;"
                    f" rn:identity rn:{conclusion} ; rn:kept <{kept}> ; rn:other <{mine}> ;"
                    f" rn:reason {self.text(why)} ;"
                    f" rn:evidence <assertion-set/{self.slug}-{sets}> ."
                )

    # Files

    def passage(self, span: tuple[int, int]) -> str:
        start, end = span
        at = f"{self.slug}-{start}-{end}"
        part = f"oa:hasSource <extraction/{self.slug}> ; dcterms:isPartOf <part/{self.slug}>"
        label = f"a rn:Passage ; rdfs:label {self.text(f'passage {at}')}"
        self.curate(f"passage/{at}", f"{label} ; {part} ; oa:hasSelector <selector/{at}>")
        self._selector(f"selector/{at}", start, end)
        return f"<passage/{at}>"

    def _selector(self, address: str, start: int, end: int) -> None:
        label = self.text(f"signes {start} à {end}")
        where = f"oa:start {start} ; oa:end {end}"
        self.curate(address, f"a oa:TextPositionSelector ; rdfs:label {label} ; {where}")

    def trig(self) -> str:
        """Return the document: its sets, and the graph of its curation."""
        graphs = []
        for name, it in self.sets.items():
            address = f"assertion-set/{self.slug}-{name}"
            reasons = (str(Literal(REASON[one], language=one)) for one in self.languages)
            self.curate(
                address,
                f"a rn:AssertionSet ; rdfs:label {self.text(name)}",
                f"rn:certainty rn:{it.certainty}",
                f"rn:passage {', '.join(map(self.passage, it.spans))}",
                f"rn:voice {', '.join(f'<{one}>' for one in it.voices)}",
                *([f"rn:reason {', '.join(reasons)}"] if it.certainty != "explicit" else []),
            )
            graphs.append(f"GRAPH <{address}> {{ {' . '.join(it.facts)} . }}\n")
        meta, text = self.entries["meta"], f"extraction/{self.slug}"
        self.curate(
            text,
            f"a rn:Extraction ; rdfs:label {self.text(self.slug)} ; rn:sha256 "
            f'"{meta["sha256"]}" ; rn:lengthInCodePoints {meta["code_points"]}',
            f"dcterms:isFormatOf <document/{self.slug}> ; rn:method <method/transcription>",
        )
        where = f"oa:hasSource <{text}> ; oa:hasSelector <selector/{self.slug}>"
        whole = f"a rn:DocumentPart ; rdfs:label {self.text('tout')}"
        self.curate(f"part/{self.slug}", f"{whole} ; {where}")
        self._selector(f"selector/{self.slug}", 0, self.length - 1)
        return HEAD + self._graph(self.slug, "\n".join(self.curated)) + "".join(graphs)

    def scopes_trig(self) -> str:
        """Return for what the document was read: a list says what is absent of what it sought."""
        scopes = []
        for name, sought in SOUGHT.items():
            kind, prop = sought.split()
            at = f"reading-scope/{self.slug}-{slug_of(name)}"
            told = f"a rn:ReadingScope ; rdfs:label {self.text(name)}"
            read = f"rn:readIn <document/{self.slug}> ; prov:wasAttributedTo <agent/lecteur>"
            what = f"rn:soughtKind {kind} ; rn:soughtProperty {prop}"
            day = 'prov:generatedAtTime "2026-11-28T00:00:00Z"^^xsd:dateTime'
            scopes.append(f"<{at}> {told} ; {read} ; {what} ; {day} .")
        return HEAD + self._graph(f"{self.slug}-depouillements", "\n".join(scopes))

    def identity_trig(self) -> str:
        """Return the identity decisions, each in a graph of its own."""
        every = self.identity.items()
        return HEAD + "".join(self._graph(f"identite-{name}", text) for name, text in every)

    def _graph(self, name: str, text: str) -> str:
        curation = f"<graph/{name}> a rn:CurationGraph ; rdfs:label {self.text(name)}"
        day = 'prov:generatedAtTime "2026-11-28T00:00:00Z"^^xsd:dateTime'
        who = f"prov:wasAttributedTo <agent/lecteur> ; {day} . <agent/lecteur> a prov:Agent"
        agent = f"{who} ; rdfs:label {self.text('lecteur')} ."
        return f"GRAPH <graph/{name}> {{ {curation} ; {agent}\n{text} }}\n"

    def quads(self) -> Iterator[Quad]:
        """Yield the document's quads."""
        yield from parse(self.trig().encode(), format=RdfFormat.TRIG)
