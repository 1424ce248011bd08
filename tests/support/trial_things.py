"""Organisations, people, places, testimonies, innovations and figures of a list."""

from __future__ import annotations

import re
from typing import Final

from trial_documents import (
    FRENCH,
    NEWSLETTER,
    Entry,
    Span,
    certainty,
    folded_slug,
    quoted,
    spans,
)
from trial_reading import ROLES, ListReading

MEASURES: Final = {
    "fig-stages": "etapes-tenues",
    "fig-innovations": "innovations-presentees",
    "fig-witnesses": "temoins",
    "fig-witnesses-vesoul": "temoins",
    "fig-people": "personnes-embarquees",
    "fig-people-first-four": "personnes-embarquees",
    "fig-projects": "projets",
    "fig-12-companies": "entreprises",
}
"""What is counted where our lists have it."""


class Things(ListReading):
    """Reads what the document speaks of."""

    def _addresses(self) -> None:
        """Give each thing its address before anything speaks of it."""
        doc = self._doc
        doc.addresses["doc"] = self._document
        series = self._list.get("rally") or self._list["programme"]
        doc.addresses[series["id"]] = self._new("rally", series["names"][0])
        for section, kind in (("organisations", "organisation"), ("persons", "person")):
            for entry in self._list[section]:
                doc.addresses[entry["id"]] = self._new(kind, entry["name"])
        for entry in self._list["unnamed_organisations"]:
            text = self._doc.words(tuple(entry["span"]))
            kind = "group" if re.match(r"\d|des ", text) else "organisation"
            doc.addresses[entry["id"]] = self._new(kind, text, text, text)
        for entry in self._list["places"]:
            address = self._new("place", entry["name"].strip("()"))
            doc.addresses[entry["id"]] = address
            regions = ("pl-franche-comte", "pl-bretagne")
            doc.places[address] = "region" if entry["id"] in regions else "commune"
        for entry in self._list["stages"]:
            place = entry["place"]["value"]
            label = (f"Étape de {place}", f"{place} stage")
            doc.addresses[entry["id"]] = self._new("stage", place, *label)
        for entry in self._list["events"]:
            label = (entry["name"], entry["name"])
            doc.addresses[entry["id"]] = self._new("event", entry["name"], *label)
        for entry in self._list["relays"]:
            words = self._doc.words(tuple(entry["span"]))
            doc.addresses[entry["id"]] = self._new("event", words, words, words)
        for entry in self._list["innovations"]:
            label = (entry["label"], entry["label"])
            doc.addresses[entry["id"]] = self._new("innovation", entry["label"], *label)

    def _of_document(self) -> None:
        it, doc = self._list["document"], self._document
        name, number = it["title"]["value"], it["number"]["value"]
        self._doc.labels[doc] = (f"{name}, n° {number}", f"{name}, no. {number}")
        series = self._doc.addresses["series"] = self._series or self._new("series", name)
        title, at, date = (tuple(it[k]["span"]) for k in ("title", "number", "date"))
        self._state(
            "document/number",
            [
                (doc, "a", "schema:PublicationIssue"),
                (doc, "schema:issueNumber", quoted(str(number))),
                (doc, "dcterms:isPartOf", series),
                (doc, "rn:dateAsPrinted", quoted(it["date"]["printed"])),
                (doc, "dcterms:issued", f'"{it["date"]["value"]}"^^xsd:gYearMonth'),
                (series, "a", "schema:Periodical"),
                (series, "rn:nameAsPrinted", quoted(self._doc.words(title))),
            ],
            (title, at, date),
        )
        self._state("document/language", [(doc, "dcterms:language", FRENCH)], (title,), "inferred")
        self._state("document/kind", [(doc, "dcterms:type", NEWSLETTER)], (at,), "inferred")
        for entry in ("title", "date"):
            self._doc.left_out[f"document/{entry}"] = "stands with document/number"
        for entry in ("subtitle", "headline", "fiction_notice", "earlier_issue"):
            self._doc.left_out[f"document/{entry}"] = "words of the layout, no fact of ours"
        self._doc.left_out["document/illustrator_or_other_credit"] = "an open question"
        self._doc.left_out["document/written_between"] = "the date of issue is printed"
        for entry in ("publisher", "editor", "editorial_signed_by"):
            self._doc.left_out[f"document/{entry}"] = "stands among relations"

    def _of_series(self) -> None:
        section = "rally" if "rally" in self._list else "programme"
        it = self._list[section]
        rally = self._at(it["id"])
        mentions = spans(it)
        names = [
            (rally, "rn:nameAsPrinted", quoted(n))
            for n in dict.fromkeys(map(self._doc.words, mentions))
        ]
        self._state(f"{section}/kind", [(rally, "a", "rn:Rally"), *names], mentions)
        self._doc.left_out[f"{section}/description"] = "a summary of ours"
        if "description" in it:
            self._doc.summaries[rally] = it["description"]["value"]
        if area := it.get("area"):
            place = "pl-bretagne" if section == "programme" else "pl-franche-comte"
            served = (rally, "schema:areaServed", self._at(place))
            self._state(f"{section}/area", [served], spans(area), certainty(area))
        if "resumed" in it:
            event = self._new("event", "reprise", "Reprise du rallye", "Resumption of the rally")
            where = spans(it["resumed"])
            facts = [(event, "a", "schema:Event"), (event, "schema:superEvent", rally)]
            self._state(f"{section}/resumed", facts, spans(it["description"]))
            self._date(f"{section}/resumed/date", event, it["resumed"], where)
        for key in ("launched", "launched_by", "year", "funders", "funder", "partners"):
            self._doc.left_out[f"{section}/{key}"] = "stands among events, figures and relations"

    def _named(
        self, entry: Entry, address: str, classes: str, where: tuple[Span, ...], name: str
    ) -> None:
        forms = dict.fromkeys(map(self._doc.words, where))
        facts = [
            (address, "a", classes),
            *((address, "rn:nameAsPrinted", quoted(f)) for f in forms),
        ]
        self._state(name, facts, where, certainty(entry, "certainty_of_mention"))

    def _organisations(self, entry: Entry, name: str) -> None:
        address = self._at(entry["id"])
        self._named(entry, address, "org:Organization", spans(entry), name)
        if kind := entry.get("kind"):
            slug = folded_slug(re.sub(r"\(.*", "", kind["value"]).strip())
            term = self._term("organisation-kind", "sortes-d-organisation", slug, kind["value"])
            where = spans(kind) or spans(entry)
            self._state(
                f"{name}/kind", [(address, "org:classification", term)], where, certainty(kind)
            )
        if place := entry.get("place"):
            self._doc.left_out[f"{name}/place"] = "stands among relations"
            assert place
        self._doc.left_out[f"{name}/renamed"] = "stands with its names and its identity"

    def _unnamed_organisations(self, entry: Entry, name: str) -> None:
        address = self._at(entry["id"])
        classes = (
            "foaf:Group" if address.startswith("<group/") else "org:Organization, rn:UnnamedParty"
        )
        self._named(entry, address, classes, spans(entry), name)

    def _persons(self, entry: Entry, name: str) -> None:
        where = spans(entry)
        self._named(entry, self._at(entry["id"]), "foaf:Person", where, name)
        role = entry["role_or_title"]
        if role["value"]:
            at = spans(role)
            self._doc.left_out[f"{name}/former_role"] = "that there was one is said, not which"
            if at and entry.get("category") not in ("contact", "portrait"):
                title = quoted(self._doc.words(at[0]), "fr")
                self._state(
                    f"{name}/role_or_title",
                    [(self._at(entry["id"]), "schema:jobTitle", title)],
                    (*where, *at),
                    certainty(role),
                )
            else:
                self._doc.left_out[f"{name}/role_or_title"] = "stands among relations"

    def _places(self, entry: Entry, name: str) -> None:
        self._doc.left_out[name] = "a place is described by curation"

    def _testimony(self, entry: Entry, name: str) -> None:
        label = (f"Propos : {entry['topic_fr']}", f"Words: {entry['topic_fr']}")
        address = self._new("testimony", f"{self._doc.slug} {entry['id']}", *label)
        self._doc.addresses[entry["id"]] = address
        self._doc.summaries[address] = entry["topic_fr"]
        speakers = [self._at(one) for one in entry["speakers"]]
        for one in entry["speakers"]:
            self._testimonies.setdefault(one, address)
        direct = entry["mode"] == "direct quotation"
        inner = [tuple(one["inner"]) for one in entry.get("quoted_segments", ())]
        inner += [tuple(entry["segment"]["span"])] if "segment" in entry else []
        mode = ("cite", "cité") if direct else ("rapporte", "rapporté")
        facts = [
            (address, "a", "rn:Testimony"),
            *((address, "rn:participant", speaker) for speaker in speakers),
            (address, "rn:mode", self._term("mode", "formes-de-temoignage", *mode)),
        ]
        if not any(self._speaks_at(one) for one in entry["speakers"]):
            facts += [(address, "rn:role", self._role(ROLES["speaker"]))]
        if direct:
            facts += [(address, "rn:quotedSegment", self.passage(one)) for one in inner]
        names = [span for one in entry["speakers"] for span in self._mention(one)]
        self._state(name, facts, (*dict.fromkeys(names), *inner), certainty(entry))

    def _speaks_at(self, person: str) -> bool:
        relations = self._list["relations"]
        speaking = ("speaker", "quoted_source")
        return any(one["object"] == person and one["predicate"] in speaking for one in relations)

    def _innovation(self, entry: Entry, name: str) -> None:
        innovation = self._at(entry["id"])
        words = self._doc.words(tuple(entry["span"]))
        facts = [
            (innovation, "a", "rn:Innovation"),
            (innovation, "rn:nameAsPrinted", quoted(words)),
        ]
        self._state(name, facts, spans(entry), certainty(entry))
        if description := entry.get("description") or entry.get("expansion"):
            self._doc.summaries[innovation] = description["value"]
        for key in ("description", "expansion"):
            self._doc.left_out[f"{name}/{key}"] = "a summary of ours"
        for key in ("test", "not_measured"):
            self._doc.left_out[f"{name}/{key}"] = "stands with the testimony"
        benefits = entry.get("beneficiaries", {})
        if benefits.get("value"):
            term = self._term(
                "beneficiary", "beneficiaires", folded_slug(benefits["value"]), benefits["value"]
            )
            self._state(
                f"{name}/beneficiaries",
                [(innovation, "rn:beneficiary", term)],
                spans(benefits) or spans(entry),
                certainty(benefits),
            )
        need = entry.get("social_need", {})
        if need.get("value"):
            term = self._term("need", "besoins", folded_slug(need["value"]), need["value"])
            self._state(
                f"{name}/social_need",
                [(innovation, "rn:need", term)],
                spans(need) or spans(entry),
                certainty(need),
            )
        if born := entry.get("born"):
            event = self._new("event", f"naissance {entry['id']}", "Naissance", "Birth")
            self._state(
                f"{name}/born",
                [(event, "a", "schema:Event"), (event, "schema:about", innovation)],
                spans(born),
            )
            self._date(f"{name}/born-date", event, {"value": born["value"]}, spans(born))

    def _figure(self, entry: Entry, name: str) -> None:
        label = (entry["what"], entry["what"])
        address = self._new("figure", f"{self._doc.slug} {entry['id']}", *label)
        self._doc.addresses[entry["id"]] = address
        slug = MEASURES.get(entry["id"]) or folded_slug(entry["what"])
        value = str(entry["value"])
        if "/" in value:
            value = (
                f'"{int(value.split("/", maxsplit=1)[0]) / int(value.split("/")[1])}"^^xsd:decimal'
            )
        facts = [
            (address, "a", "rn:ReportedFigure"),
            (address, "rdf:value", value),
            (address, "rn:measure", self._term("measure", "grandeurs", slug, entry["what"])),
            (address, "rn:asPrinted", quoted(self._doc.words(tuple(entry["span"])))),
        ]
        scope = self._scope(entry["scope"])
        self._state(name, facts, spans(entry), certainty(entry), voice=self._voice(entry))
        where = spans({"span": entry["scope_span"]}) if "scope_span" in entry else spans(entry)
        self._state(f"{name}/scope", [(address, "rn:figureOf", scope)], where, "inferred")
        if self._is_running(entry["scope"]):
            issued = self._list["document"]["date"]
            date = (address, "rn:asOf", f'"{issued["value"]}"^^xsd:gYearMonth')
            where = (*spans(entry), *spans(issued))
            self._state(f"{name}/as_of", [date], where, "inferred")

    def _is_running(self, scope: str) -> bool:
        """Return whether a figure may be another one later: it is of no event that is over."""
        address = self._doc.addresses.get(scope, "")
        of_a_thing = bool(address) and not address.startswith(("<stage/", "<event/"))
        return of_a_thing or " at " in scope

    def _scope(self, scope: str) -> str:
        series = self._list.get("rally") or self._list["programme"]
        return self._doc.addresses.get(scope) or self._at(series["id"])

    def _voice(self, entry: Entry) -> str:
        """Return who speaks: the one named, or whose quoted words the entry stands in."""
        if entry.get("modality") != "reported":
            return ""
        if "according_to" in entry:
            return self._at(entry["according_to"])
        first, last = entry["span"]
        for statement in self._list["statements"]:
            for segment in statement.get("quoted_segments", ()):
                if segment["inner"][0] <= first and last <= segment["inner"][1]:
                    return self._at(statement["speakers"][0])
        return ""
