"""Fix the findings at the desk with the keyboard only, each by its remedy, from a list of facts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from desk_entering import DeskEntering, NotStated, Wanted, wanted
from newsletter import Statement
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES

Json = Mapping[str, Any]
_SHOWN: Final = """ids => new Promise((go, fail) => {
  const place = document.querySelector("[data-desk=findings]");
  const look = () => {
    const lines = [...place.querySelectorAll("[data-finding]")];
    const isThere = lines.length === Math.min(ids.length, 60)
      && lines.every(it => ids.includes(it.dataset.finding));
    if (!isThere) return;
    watch.disconnect();
    clearTimeout(late);
    go(lines.map(it => [it.dataset.finding, !!it.querySelector("button"),
      !!it.querySelector("kbd")]));
  };
  const watch = new MutationObserver(look);
  const late = setTimeout(() => fail(new Error("the findings are not listed")), 120000);
  watch.observe(place, {childList: true, subtree: true});
  look();
})"""
"""Waits until these findings are listed; tells which have a remedy, and which one a key mends."""
_FAULT: Final = "violation"


@dataclass
class DeskMending:
    """A reader who fixes whatever would fail the first build, according to the list."""

    entering: DeskEntering
    left: list[tuple[str, str]] = field(default_factory=list)
    """What could not be mended, and why."""
    mended: int = 0

    def mend(self) -> int:
        """Do what mends each fault; return how many there were."""
        gone: set[str] = set()
        self.entering.hand.clear()
        while todo := [it for it in self._faults() if it["id"] not in gone]:
            keys, finding = self._way(todo)
            if finding is None:
                self.left += [(it["text"], "it is not listed") for it in todo]
                break
            gone.add(finding["id"])
            try:
                self._do(finding["remedy"]["do"], keys)
                self.mended += 1
            except NotStated as reason:
                self.left.append((finding["text"], str(reason)))
                self.entering.leave()
            self.entering.note()
        return len(gone)

    def _faults(self) -> list[Json]:
        while (state := self.entering.hand.state())["rechecking"]:
            time.sleep(0.1)
        self._findings = state["findings"]
        return [it for it in self._findings if it["severity"] == _FAULT and it["remedy"]]

    def _way(self, faults: list[Json]) -> tuple[list[str], Json | None]:
        """Return the keys to a remedy: the nearest one, or that of the first finding.

        None if the page lists no remedy.
        """
        lines = self.entering.hand.page.evaluate(_SHOWN, [it["id"] for it in self._findings])
        every = {it["id"]: it for it in faults}
        next_one = next((name for name, _, is_next in lines if is_next), "")
        if next_one in every:
            return ["m"], every[next_one]
        with_remedy = [name for name, has_remedy, _ in lines if has_remedy]
        place = next((at for at, name in enumerate(with_remedy) if name in every), None)
        if place is None:
            return [], None
        return ["g", *["ArrowDown"] * place, "m"], every[with_remedy[place]]

    def _do(self, asked: Json, keys: Sequence[str]) -> None:
        """Press the keys of a remedy, and say what it asks for."""
        hand = self.entering.hand
        if asked["act"] == "name":
            hand.press(*keys)
            self._name(asked["thing"])
        elif asked["act"] == "state" and "object" not in asked:
            self._state(asked, keys)
        elif asked["act"] in ("change", "question", "part"):
            raise NotStated(f"{asked['act']} is not known here")
        else:
            hand.press(*keys)
            hand.settled()

    def _state(self, asked: Json, keys: Sequence[str]) -> None:
        """Say what a property is, or the first value that the list has of a thing."""
        address, name = asked["subject"], asked.get("property")
        hand, of_list = self.entering.hand, self._listed(address)
        if found := self._in_list(of_list, name, asked.get("language", "")):
            statement, fact = found
            hand.select(*statement.spans)
        else:
            statement, value = Statement("remedy", (), ()), self._of_curators(of_list, name)
            if name is None or value is None:
                raise NotStated(f"the list has no {name or 'value'} of {address}")
            fact = Wanted(of_list, name, value)
        hand.press(*keys)
        if name is None:
            self._take_selection("fact-property")
            self.entering.say(fact)
        else:
            hand.page.locator("#fact-object:focus").wait_for()
            if statement.spans:
                self._take_selection("fact-object")
            self.entering.choose_value(fact.value, name)
        self.entering.end(statement)
        self.entering.note()
        hand.clear()

    def _take_selection(self, field_id: str) -> None:
        """Have the selected words be the evidence: a remedy proposes those that name the thing."""
        hand = self.entering.hand
        hand.page.locator(f"#{field_id}:focus").wait_for()
        hand.page.locator("[data-fact=reword]").press("Enter")
        hand.page.locator(f"#{field_id}").focus()
        hand.keys += 2

    def _in_list(
        self, address: str, name: str | None, language: str
    ) -> tuple[Statement, Wanted] | None:
        """Return the list's value of a thing's property; without one, its first value."""
        for statement in self.entering.document.statements:
            for fact in wanted(statement):
                fits = fact.property == name if name else isinstance(fact.value, Literal)
                fits = fits and language in ("", getattr(fact.value, "language", None))
                if fact.subject == address and fits and not fact.is_type:
                    return statement, fact
        return None

    def _name(self, address: str) -> None:
        """Enter a thing's name in each language; existing names stay."""
        hand = self.entering.hand
        dialog = hand.page.locator("[data-desk=names]")
        label = self.entering.labels.get(self._listed(address), "")
        if label and label != dialog.locator("input").first.input_value():
            hand.press("Control+a")
            hand.write(label)
        hand.press("Enter")
        hand.settled()
        ended = "[data-desk=names]:not([open]), [data-desk=names] .field-error:not(:empty)"
        hand.page.locator(ended).first.wait_for(state="attached")
        if dialog.evaluate("it => it.open"):
            said = dialog.locator(".field-error").inner_text()
            hand.press("Escape")
            raise NotStated(said)

    def _listed(self, address: str) -> str:
        ours = {desk: of_list for of_list, desk in self.entering.addresses.items()}
        return ours.get(address, address)

    def _of_curators(self, address: str, name: str | None) -> NamedNode | Literal | None:
        """Return the curators' facts about a place or a term without words of the text."""
        document = self.entering.document
        kind, scheme = document.places.get(address), document.schemes.get(address)
        if kind and name == f"{PREFIXES['dcterms']}type":
            return NamedNode(kind)
        if scheme and name == f"{PREFIXES['skos']}inScheme":
            return NamedNode(scheme)
        if scheme and name == f"{PREFIXES['skos']}definition":
            return Literal(document.labels[address], language="fr")
        return None
