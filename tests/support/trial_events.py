"""Stages, events and relays of a list."""

from __future__ import annotations

from typing import Final

from trial_documents import (
    Entry,
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
        told = (
            spans({"span": entry.get("status_span") or entry.get("postponed_span")})
            if ("status_span" in entry or "postponed_span" in entry)
            else ()
        )
        self._state(name, facts, (*spans(place), *spans(date), *told))
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
        self._date(f"{name}/date", stage, date, spans(date))
        if "time" in entry:
            self._time(f"{name}/time", stage, entry["time"])
        if cause := entry.get("cause"):
            said = self._both(cause["value"])
            self._state(
                f"{name}/cause",
                [(stage, "rn:statusReason", said)],
                (*spans(place), *spans(cause)),
                certainty(cause),
            )
        if earlier := entry.get("earlier_date"):
            told = spans(earlier)
            self._date(f"{name}/earlier_date", stage, earlier, told)
            self._doc.gave_way[f"{name}/earlier_date"] = f"{name}/date"
        if "new_date" in entry:
            self._state(
                f"{name}/new_date",
                [(stage, "rn:toBeFixed", "schema:startDate")],
                (*spans(place), *spans(entry["new_date"])),
            )
        if "venue" in entry:
            self._doc.left_out[f"{name}/venue"] = "stands among relations"

    def _event(self, entry: Entry, name: str) -> None:
        event = self._at(entry["id"])
        closing = entry["id"] == "event-closing"
        kind = "rn:ClosingEvent" if closing else "schema:Event"
        facts: list[Triple] = [(event, "a", kind)]
        if closing:
            status = self._term("status", "etats", *STATUSES["announced"])
            facts += [(event, "rn:status", status), (event, "schema:superEvent", self._at("rally"))]
        where = (*spans(entry), *spans(entry["date"]))
        printed = entry["date"].get("printed") or self._doc.words(spans(entry["date"])[0])
        facts.append((event, "rn:dateAsPrinted", quoted(printed)))
        self._state(name, facts, where, certainty(entry))
        self._date(f"{name}/date", event, entry["date"], spans(entry["date"]))
        self._doc.left_out[f"{name}/is_a_stage"] = "what a thing is not, is no fact of ours"
        if "span" in entry.get("time", ()):
            self._time(f"{name}/time", event, entry["time"])
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
        facts = [(address, "a", "schema:Event"), (address, "schema:superEvent", event)]
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
