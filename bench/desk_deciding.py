"""Decide the desk's proposals with the keyboard only, by a list of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from desk_entering import DeskEntering

from rallynov_graph.base.namespaces import ID, RN

QUOTED: Final = f"{RN}quotedSegment"
PROPOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("person/",),
    "organisation": ("organisation/",),
    "place": ("place/",),
    "innovation": ("innovation/",),
    "event": ("event/",),
}
"""How the addresses begin of what a proposal of a kind names; of others, the form asks more."""


@dataclass
class DeskDeciding:
    """A reader who accepts and refuses proposals."""

    entering: DeskEntering
    _accepted: dict[str, str] = field(default_factory=dict)
    """Where the words are of each quotation of the list that was accepted."""

    def decide(self) -> None:
        """Go through the proposals: accept those that the list has, refuse names that it has not.

        Those that need a form wait: what they say is stated by the words.
        """
        self.entering.note()
        self.entering.hand.press("j")
        for proposal in self._waiting():
            if (quoted := self._quoted(proposal)) is not None:
                self._accept_quotation(quoted, proposal)
            elif proposal["kind"] not in (*PROPOSED, "relation"):
                self.entering.hand.press("j")
            elif self._is_right(proposal):
                self.entering.hand.press("a")
                if self.entering.is_open:  # it asks which of two bearers a name means
                    self.entering.leave()
                    self.entering.hand.press("j")
                else:
                    self._learn(proposal)
            else:
                self.entering.hand.press("r")
        self.entering.hand.settled()
        self.entering.hand.press("j", "Escape")
        self.entering.note()
        for address, span in self._accepted.items():
            for subject, name, value in self.entering.there:
                if name == QUOTED and value.endswith(span):
                    self.entering.addresses[address] = subject

    def _quoted(self, proposal: Mapping[str, Any]) -> str | None:
        """Return the list's speech at the place of a quotation, with the same speaker."""
        who = [it["label"] for it in proposal["candidates"][:1]]
        span = f"-{proposal['start']}-{proposal['end']}"
        for it in self.entering.every if proposal["kind"] == "quotation" else ():
            if it.property == QUOTED and it.value.value.endswith(span):
                said = {
                    f.property: f.value.value
                    for f in self.entering.every
                    if f.subject == it.subject
                }
                if who == [self.entering.labels.get(said[f"{RN}participant"])]:
                    return it.subject
        return None

    def _accept_quotation(self, address: str, proposal: Mapping[str, Any]) -> None:
        self.entering.hand.press("a")
        self.entering.keys_of[address, QUOTED] += 1
        self._accepted[address] = f"-{proposal['start']}-{proposal['end']}"

    def _waiting(self) -> list[Mapping[str, Any]]:
        """Return the proposals in the order in which the page has them."""
        every = {it["id"]: it for it in self.entering.hand.state()["proposals"]}
        order = self.entering.hand.page.locator("li.proposal").evaluate_all(
            "all => all.map(it => it.dataset.id)"
        )
        return [every[it] for it in order if every[it]["status"] == "waiting"]

    def _is_right(self, proposal: Mapping[str, Any]) -> bool:
        if proposal["kind"] == "relation":
            ends = (proposal["subject"]["label"], proposal["object"]["label"])
            return (*ends, proposal["property"]) in self._relations
        return bool(self._meant(proposal))

    def _meant(self, proposal: Mapping[str, Any]) -> str:
        """Return the list's address for the thing of a proposal; the empty string if there is
        none.
        """
        kinds = PROPOSED.get(proposal["kind"], ())
        named = (
            address
            for address, label in self.entering.labels.items()
            if label == proposal["label"] and address.removeprefix(ID).startswith(kinds)
        )
        return next(named, "")

    def _learn(self, proposal: Mapping[str, Any]) -> None:
        """Note that an organisation or person of the list is the known one that was accepted.

        Nothing is noted for events, because the list links its own to its own rally.
        """
        known = next((it["iri"] for it in proposal["candidates"]), "")
        is_named = proposal["kind"] in ("organisation", "person")
        if is_named and known and (meant := self._meant(proposal)):
            self.entering.addresses[meant] = known

    @cached_property
    def _relations(self) -> set[tuple[str, str, str]]:
        return {
            (
                self.entering.labels.get(it.subject, ""),
                self.entering.labels.get(it.value.value, ""),
                it.property,
            )
            for it in self.entering.every
        }
