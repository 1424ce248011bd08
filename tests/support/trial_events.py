"""Stages, events and relays of a list."""

from __future__ import annotations

from typing import Final

from trial_documents import (
    Entry,
    Span,
    Triple,
    certainty,
    folded_slug,
    quoted,
    spans,
)
from trial_reading import ListReading

STATUSES: Final = {
    "held": ("tenue", "tenue"),
    "announced": ("annoncee", "annoncée"),
    "cancelled": ("annulee", "annulée"),
    "postponed (announced for another date)": ("reportee", "reportée"),
}


class Events(ListReading):
    """Reads what was held, and what is announced."""

    def _stage(self, entry: Entry, name: str) -> None:
        stage = self._at(entry["id"])
        series = self._at((self._list.get("rally") or self._list["programme"])["id"])
        place, date = entry["place"], entry["date"]
        status = self._term("status", "etats", *STATUSES[entry["status"]])
        facts = [
            (stage, "a", "rn:Stage"),
            (stage, "schema:superEvent", series),
            (stage, "rn:status", status),
        ]
        self._state(name, facts, (*spans(place), *spans(date), *self._status_spans(entry)))
        title = entry["title"]
        if title["value"]:
            value = quoted(self._doc.words(tuple(title["span"])), "fr")
            self._state(
                f"{name}/title",
                [(stage, "dcterms:title", value)],
                (*spans(place), *spans(title)),
                certainty(title),
            )
        if entry.get("ordinal", {}).get("value"):
            ordinal = entry["ordinal"]
            where = (
                *spans(place),
                *(tuple(one) for one in ordinal.get("label_spans", ()) if not isinstance(one, str)),
            )
            self._state(
                f"{name}/ordinal",
                [(stage, "rn:number", str(ordinal["value"]))],
                where,
                certainty(ordinal),
            )
        self._when(entry, name, stage)
        if before := entry.get("earlier_place"):
            fact = (stage, "schema:location", self._at(before["id"]))
            self._state(f"{name}/earlier_place", [fact], (*spans(place), *spans(before)))
            self._doc.gave_way[f"{name}/earlier_place"] = self._place_of(entry["id"])
        if "venue" in entry:
            self._doc.left_out[f"{name}/venue"] = "stands among relations"

    def _status_spans(self, entry: Entry) -> tuple[Span, ...]:
        told = entry.get("status_span") or entry.get("postponed_span")
        return spans({"span": told}) if told else ()

    def _place_of(self, identifier: str) -> str:
        """Return the entry of the relation that says where an event is."""
        (name,) = (
            f"relations/{one['id']}"
            for one in self._list["relations"]
            if one["subject"] == identifier and one["predicate"] == "place"
        )
        return name

    def _when(self, entry: Entry, name: str, event: str) -> None:
        """State when an event is, when it was to be, and why that changed."""
        told = spans(entry.get("place", {}))
        if spans(entry["date"]):
            self._date(f"{name}/date", event, entry["date"], spans(entry["date"]))
        if "span" in entry.get("time", ()):
            self._time(f"{name}/time", event, entry["time"])
        if cause := entry.get("cause"):
            said = (event, "rn:statusReason", self._both(cause["value"]))
            self._state(f"{name}/cause", [said], (*told, *spans(cause)), certainty(cause))
        if earlier := entry.get("earlier_date"):
            self._date(f"{name}/earlier_date", event, earlier, spans(earlier))
            self._doc.gave_way[f"{name}/earlier_date"] = f"{name}/date"
        if "new_date" in entry:
            where = (*told, *spans(entry["new_date"]))
            self._state(f"{name}/new_date", [(event, "rn:toBeFixed", "schema:startDate")], where)

    def _event(self, entry: Entry, name: str) -> None:
        event = self._at(entry["id"])
        closing = entry["id"] == "event-closing"
        kind = "rn:ClosingEvent" if closing else "schema:Event"
        status = self._term("status", "etats", *STATUSES[entry.get("status", "announced")])
        facts: list[Triple] = [(event, "a", kind), (event, "rn:status", status)]
        if closing:
            facts += [(event, "schema:superEvent", self._at("rally"))]
        where = (*spans(entry), *spans(entry["date"]), *self._status_spans(entry))
        self._state(name, facts, where, certainty(entry))
        self._when(entry, name, event)
        self._doc.left_out[f"{name}/is_a_stage"] = "what a thing is not, is no fact of ours"
        if audience := entry.get("audience"):
            term = self._term(
                "audience", "publics", folded_slug(audience["value"]), audience["value"]
            )
            self._state(
                f"{name}/audience",
                [(event, "dcterms:audience", term)],
                (*spans(entry), *spans(audience)),
            )
        if not entry.get("place", {"value": 1})["value"]:
            self._state(
                f"{name}/place",
                [(event, "rn:toBeFixed", "schema:location")],
                (*spans(entry), *spans(entry["place"])),
            )
        if call := entry.get("call"):
            self._call(f"{name}/call", event, call)
        if "body" in entry:
            self._participation(
                f"{name}/body", "body", event, self._at(entry["body"]), spans(entry), "explicit"
            )

    def _call(self, name: str, event: str, call: Entry) -> None:
        """State a call for proposals: an event that ends on its last day."""
        address = self._new(
            "event", f"appel {self._doc.slug}", "Appel à propositions", "Call for proposals"
        )
        year = self._term("date-part", "parties-de-date", "annee", "année")
        status = self._term("status", "etats", *STATUSES["announced"])
        facts = [
            (address, "a", "schema:Event"),
            (address, "schema:superEvent", event),
            (address, "rn:status", status),
        ]
        self._state(name, facts, spans(call), certainty(call))
        deadline = (address, "schema:endDate", f'"{call["deadline"]}"^^xsd:date')
        printed = (address, "rn:dateAsPrinted", quoted(self._doc.words(tuple(call["span"]))[-8:]))
        self._state(f"{name}/printed", [printed], spans(call))
        self._state(
            f"{name}/deadline",
            [deadline, (address, "rn:inferredPart", year)],
            spans(call),
            "inferred",
        )

    def _relay(self, entry: Entry, name: str) -> None:
        event = self._at(entry["id"])
        words = self._doc.words(tuple(entry["span"]))
        series = self._at((self._list.get("rally") or self._list["programme"])["id"])
        facts = [
            (event, "a", "rn:Relay"),
            (event, "rn:asPrinted", quoted(words)),
            (event, "schema:superEvent", series),
        ]
        self._state(name, facts, spans(entry), certainty(entry))
