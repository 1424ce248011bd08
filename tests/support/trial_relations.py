"""Relations of a list, each by the name that it has there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trial_documents import Entry, Question, Statement, certainty, quoted, spans
from trial_reading import ROLES, ListReading

POSTS: Final = {
    "affiliation": ("membre", "membre"),
    "directs": ("dirige", "dirige"),
    "founder_of": ("fonde", "fonde"),
    "former_affiliation": ("ancien-membre", "ancien membre"),
    "member_of": ("siege", "siège"),
    "former_member_of": ("a-siege", "a siégé"),
    "presides": ("preside", "préside"),
}
"""The role in a membership for a relation, and its label."""
PROPERTIES: Final[Mapping[str, str]] = {
    "host": "rn:carriedBy",
    "venue": "schema:location",
    "from": "rn:relayFrom",
    "to": "rn:relayTo",
    "presented_by": "rn:presentedBy",
    "carried_by": "rn:carriedBy",
    "stage": "rn:presentedAt",
    "promoted_by": "rn:involves",
    "signed_by": "rn:involves",
    "born_of": "rn:involves",
    "extends_to": "schema:location",
    "publisher": "dcterms:publisher",
    "editor": "schema:editor",
    "editorial_by": "dcterms:contributor",
}
"""The property of a relation that is one triple."""


class Relations(ListReading):
    """Reads relations between two things."""

    def _relation(self, entry: Entry, name: str) -> None:
        relation = entry["predicate"]
        if entry.get("modality") == "hedged":
            self._not_taken(entry, name)
        elif entry.get("modality") == "denied":
            self._doc.left_out[name] = "what the document denies, is no fact"
        elif read := getattr(self, f"_as_{relation}", None):
            read(entry, name)
        elif relation in POSTS:
            self._membership(name, relation, entry)
        elif relation in PROPERTIES:
            self._as_property(entry, name, PROPERTIES[relation])
        else:
            self._as_participation(entry, name)

    def _as_property(self, entry: Entry, name: str, prop: str) -> None:
        fact = (self._at(entry["subject"]), prop, self._at(entry["object"]))
        self._state(name, [fact], spans(entry), certainty(entry))

    def _as_participation(self, entry: Entry, name: str, event: str = "", who: str = "") -> None:
        event, who = event or self._at(entry["subject"]), who or self._at(entry["object"])
        where, how = spans(entry), certainty(entry)
        self._participation(name, entry["predicate"], event, who, where, how)

    def _not_taken(self, entry: Entry, name: str) -> None:
        """Ask what the text does not plainly assert; the assertion is a reading not taken."""
        about = self._at(entry["subject"]), self._at(entry["object"])
        fact = (about[0], f"rn:{entry['predicate']}", about[1])
        own = Statement(name, (fact,), spans(entry), certainty(entry))
        readings = ("Pas encore.", "Oui.")
        question = Question(name, about, entry["predicate"], readings, spans(entry), ((1, own),))
        self._doc.questions.append(question)

    def _as_partner(self, entry: Entry, name: str) -> None:
        if self._at(entry["subject"]).startswith("<stage/"):
            self._as_participation(entry, name)
        else:
            self._as_property(entry, name, "rn:partner")

    def _as_funder(self, entry: Entry, name: str) -> None:
        self._funding(entry, name, self._at(entry["subject"]), self._at(entry["object"]))

    def _as_speaker(self, entry: Entry, name: str) -> None:
        testimony = self._testimonies.get(entry["object"])
        if testimony is None:
            self._as_participation(entry, name)
            return
        role = (testimony, "rn:role", self._role(ROLES["speaker"]))
        facts = [(testimony, "rn:inEvent", self._at(entry["subject"])), role]
        self._state(name, facts, spans(entry), certainty(entry))

    _as_quoted_source = _as_speaker

    def _as_affiliation(self, entry: Entry, name: str) -> None:
        testimony = self._testimonies.get(entry["subject"])
        if testimony is None:
            self._membership(name, "affiliation", entry)
            return
        fact = (testimony, "rn:onBehalfOf", self._at(entry["object"]))
        self._state(name, [fact], spans(entry), certainty(entry))

    def _as_place(self, entry: Entry, name: str) -> None:
        if venue := self._venue(entry["subject"]):
            fact = (venue, "schema:containedInPlace", self._at(entry["object"]))
            self._state(name, [fact], spans(entry), certainty(entry))
        else:
            self._as_property(entry, name, "schema:location")

    def _as_place_of_launch(self, entry: Entry, name: str) -> None:
        self._doc.left_out["events/event-launch/place"] = "stands among relations"
        fact = (self._at("event-launch"), "schema:location", self._at(entry["object"]))
        self._state(name, [fact], spans(entry), certainty(entry))

    def _as_launched_by(self, entry: Entry, name: str) -> None:
        self._as_participation(entry, name, event=self._at("event-launch"))

    def _as_extends_to(self, entry: Entry, name: str) -> None:
        self._as_property(entry, name, "schema:location")
        extension = f"innovations/{entry['subject']}/extension"
        self._doc.left_out[extension] = "stands among relations"

    def _as_tested_at(self, entry: Entry, name: str) -> None:
        event = self._new("event", f"essai {entry['subject']}", "Mur d’essai", "Test wall")
        facts = [
            (event, "a", "schema:Event"),
            (event, "schema:about", self._at(entry["subject"])),
            (event, "schema:location", self._at(entry["object"])),
        ]
        voice = self._at("p-gouarnivel")
        self._state(name, facts, spans(entry), certainty(entry), voice=voice)

    def _as_agreement_with(self, entry: Entry, name: str) -> None:
        event = self._new("event", "convention", "Convention", "Agreement")
        parties = self._at(entry["subject"]), self._at(entry["object"])
        facts = [(event, "a", "schema:Event"), (event, "schema:about", parties[1])]
        self._state(name, facts, spans(entry), certainty(entry))
        for number, who in enumerate(parties, 1):
            self._as_participation(entry, f"{name}-{number}", event, who)

    def _as_succeeds(self, entry: Entry, name: str) -> None:
        held, before = (self._membership_of(entry[one]) for one in ("subject", "object"))
        self._state(name, [(held, "dcterms:replaces", before)], spans(entry), certainty(entry))

    def _as_coordinates(self, entry: Entry, name: str) -> None:
        who, event = self._at(entry["subject"]), self._at(entry["object"])
        self._as_participation(entry, name, event, who)

    def _as_part_of(self, entry: Entry, name: str) -> None:
        if self._at(entry["subject"]).startswith("<organisation/"):
            self._as_coordinates(entry, name)
        else:
            self._as_property(entry, name, "schema:superEvent")

    def _funding(self, entry: Entry, name: str, funded: str, funder: str) -> None:
        address = self._new(
            "funding", f"{self._doc.slug} {entry['object']}", "Financement", "Funding"
        )
        words = self._doc.words(tuple(entry["span"]))
        printed = next(
            (w for w in ("participation financière", "financé") if w in words), words.split()[0]
        )
        facts = [
            (address, "a", "rn:Funding"),
            (address, "schema:funder", funder),
            (
                address,
                "rn:fundingScope",
                self._term("scope", "portees-de-financement", "participation", "participation"),
            ),
            (address, "rn:asPrinted", quoted(printed)),
        ]
        self._state(f"{name}/funder", facts, spans(entry), "explicit")
        self._state(name, [(address, "schema:fundedItem", funded)], spans(entry), certainty(entry))

    def _venue(self, subject: str) -> str | None:
        """Return the place within the town, where a stage has one: that is its location."""
        for one in self._list["relations"]:
            if one["subject"] == subject and one["predicate"] == "venue":
                return self._at(one["object"])
        return None

    def _membership(self, name: str, relation: str, entry: Entry) -> None:
        role = self._role(POSTS[relation])
        address = self._membership_address(entry)
        facts = [
            (address, "a", "org:Membership"),
            (address, "org:member", self._at(entry["subject"])),
            (address, "org:organization", self._at(entry["object"])),
            (address, "org:role", role),
        ]
        self._state(name, facts, spans(entry), certainty(entry))

    def _membership_of(self, person: str) -> str:
        """Return the address of a person's seat on a committee."""
        seats = ("member_of", "former_member_of")
        (entry,) = (
            one
            for one in self._list["relations"]
            if one["subject"] == person and one.get("predicate") in seats
        )
        return self._membership_address(entry)

    def _membership_address(self, entry: Entry) -> str:
        if entry["id"] not in self._doc.addresses:
            label = (POSTS[entry["predicate"]][1], entry["predicate"].replace("_", " "))
            address = self._new("membership", f"{self._doc.slug} {entry['id']}", *label)
            self._doc.addresses[entry["id"]] = address
        return self._doc.addresses[entry["id"]]
