"""What all sections of a list are read with: addresses, statements, dates, roles."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from trial_documents import (
    Document,
    Entry,
    Span,
    Statement,
    Triple,
    certainty,
    folded_slug,
    quoted,
    spans,
)

ROLES: Final = {
    "speaker": ("temoigne", "témoigne"),
    "attended_by": ("assiste", "assiste"),
    "contact": ("contact", "contact"),
    "supported_by": ("appuie", "appuie"),
    "stand_of": ("tient-un-stand", "tient un stand"),
    "partner": ("s-associe", "s’associe à l’événement"),
    "launched_by": ("lance", "lance"),
    "coordinates": ("coordonne", "coordonne"),
    "awarded_to": ("recoit-le-prix", "reçoit le prix"),
    "awarded_by": ("decerne-le-prix", "décerne le prix"),
    "agreement_with": ("signe", "signe une convention"),
    "part_of": ("dirige-le-programme", "dirige le programme"),
    "body": ("se-reunit", "se réunit"),
}
"""The role in a participation for a relation, and its label."""


class ListReading:
    """A list, and the document that it becomes."""

    def __init__(self, document: Document, known: Container[str], series: str) -> None:
        self._doc, self._known, self._series = document, known, series
        self._languages = ("fr", "en") if document.name == "A" else ("fr",)
        self._list = document.entries
        self._document = f"<document/{document.slug}>"
        self._testimonies: dict[str, str] = {}
        """The testimony of each speaker."""

    def _state(
        self,
        entry: str,
        facts: list[Triple],
        where: tuple[Span, ...],
        how: str = "explicit",
        *,
        voice: str = "",
        reason: str = "",
    ) -> Statement:
        statement = Statement(
            entry, tuple(facts), where, how, voice, reason or "Lu d’après la mise en page."
        )
        self._doc.statements.append(statement)
        return statement

    def _new(self, kind: str, name: str, *label: str) -> str:
        """Return the address of a new thing, and give it its label."""
        slug = folded_slug(name)
        free = next(
            candidate
            for candidate in (slug, *(f"{slug}-{n}" for n in range(2, 99)))
            if f"{kind}/{candidate}" not in self._known
            and f"<{kind}/{candidate}>" not in self._doc.labels
        )
        address = f"<{kind}/{free}>"
        self._doc.labels[address] = label or (name,)
        return address

    def _term(self, kind: str, scheme: str, slug: str, label: str) -> str:
        if f"{kind}/{slug}" not in self._known:
            self._doc.terms[f"<{kind}/{slug}>"] = (f"<scheme/{scheme}>", label)
        return f"<{kind}/{slug}>"

    def _role(self, role: tuple[str, str]) -> str:
        return self._term("role", "roles", *role)

    def _at(self, identifier: str) -> str:
        return self._doc.addresses[identifier]

    def passage(self, span: Span) -> str:
        """Return the address of the passage of a span."""
        return f"<passage/{self._doc.slug}-{span[0]}-{span[1]}>"

    def _mention(self, identifier: str) -> tuple[Span, ...]:
        (entry,) = (one for one in self._list["persons"] if one["id"] == identifier)
        return spans(entry)

    def _both(self, text: str) -> str:
        return ", ".join(quoted(text, language) for language in self._languages)

    def _date(
        self,
        name: str,
        event: str,
        date: Entry,
        where: tuple[Span, ...],
    ) -> Statement:
        """State a date as printed and as meant: the part that is not printed is inferred."""
        value = str(date.get("inferred", date["value"]))
        printed = date.get("printed") or self._doc.words(where[0])
        datatype = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}[len(value)]
        start = (event, "schema:startDate", f'"{value}"^^{datatype}')
        as_printed = (event, "rn:dateAsPrinted", quoted(printed))
        how = certainty(date)
        if value[:4] in printed:
            return self._state(name, [as_printed, start], where, how)
        part = ("siecle", "siècle") if value[2:4] in printed[-3:] else ("annee", "année")
        inferred = (event, "rn:inferredPart", self._term("date-part", "parties-de-date", *part))
        self._state(f"{name}-printed", [as_printed], where, how)
        how = "inferred" if how == "explicit" else how
        return self._state(
            name, [start, inferred], where, how, reason="L’année est celle du document."
        )

    def _time(self, name: str, event: str, time: Entry) -> None:
        facts = [
            (event, "rn:timeAsPrinted", quoted(self._doc.words(tuple(time["span"])))),
            (event, "rn:startTime", f'"{time["start"]}:00"^^xsd:time'),
            (event, "rn:endTime", f'"{time["end"]}:00"^^xsd:time'),
        ]
        self._state(name, facts, spans(time), certainty(time))

    def _participation(
        self, name: str, relation: str, event: str, who: str, where: tuple[Span, ...], how: str
    ) -> None:
        role = self._role(ROLES[relation])
        label = (ROLES[relation][1], relation.replace("_", " "))
        address = self._new("participation", f"{self._doc.slug} {name.replace('/', ' ')}", *label)
        facts = [
            (address, "a", "rn:Participation"),
            (address, "rn:participant", who),
            (address, "rn:inEvent", event),
            (address, "rn:role", role),
        ]
        self._state(name, facts, where, how)
