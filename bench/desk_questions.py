"""Ask a list's open questions and retractions at the desk with the keyboard only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk_entering import DeskEntering, NotStated, Wanted, said_of, wanted
from newsletter import Question, Span, Statement
from pyoxigraph import NamedNode

from rallynov_graph.desk.session.questions import ABOUT

_FOCUSED = """() => {
  const {name = "", value = ""} = document.activeElement;
  return [name, value];
}"""
_MOST_STOPS = 200
"""So many tabs lead around the page at most."""


@dataclass
class DeskQuestions:
    """A reader who writes open questions: their readings are stated facts, or words alone."""

    entering: DeskEntering

    def ask(self) -> int:
        """Write the questions of the list; return how many."""
        number = 0
        for label, readings in self._questions():
            every = [it for _, own in readings for it in own]
            words = tuple(dict.fromkeys(span for it in every for span in it.spans))
            try:
                self._ask(words, label, [(name, self._facts(own)) for name, own in readings])
                number += 1
            except NotStated as reason:
                self.entering.missed.append((wanted(every[0])[0], str(reason)))
        for question in self.entering.document.questions:
            if not question.not_taken:
                number += self._asked_of_words(question)
        return number

    def _asked_of_words(self, question: Question) -> bool:
        """Return whether a question is written whose readings state no facts."""
        there = [self.entering.addresses.get(it, it) for it in question.about]
        readings = [(name, []) for name in question.readings]
        try:
            self._ask(question.spans, question.label, readings, there)
        except NotStated as reason:
            about = Wanted(question.address, ABOUT, NamedNode(question.about[0]))
            self.entering.missed.append((about, str(reason)))
            return False
        return True

    def _questions(self) -> Iterator[tuple[str, list[tuple[str, list[Statement]]]]]:
        """Yield the questions, and the readings with the statements of their own.

        A retraction of the document is a rejected reading.
        """
        document = self.entering.document
        for question in document.questions:
            own = dict(question.not_taken)
            for statement in own.values():
                self.entering.state_all([statement])
            if own:
                yield (
                    question.label,
                    [
                        (name, [own[number]] if number in own else [])
                        for number, name in enumerate(question.readings)
                    ],
                )
        for earlier, later in document.gave_way:
            yield "Quelle valeur vaut ?", [("La nouvelle.", [later]), ("L’ancienne.", [earlier])]

    def _facts(self, statements: Sequence[Statement]) -> list[str]:
        """Return the facts that the desk has of statements."""
        state = self.entering.hand.state()
        return [
            it["id"]
            for statement in statements
            for it in state["facts"]
            if sorted(map(tuple, it["words"])) == sorted(statement.spans)
            and said_of(it) in map(self.entering.at_desk, wanted(statement))
        ]

    def _ask(
        self,
        words: Sequence[Span],
        label: str,
        readings: Sequence[tuple[str, Sequence[str]]],
        about: Sequence[str] = (),
    ) -> None:
        """Fill in the form; the first reading is the adopted one."""
        hand = self.entering.hand
        hand.select(*words)
        hand.press("q")
        hand.write(label)
        for number, (name, facts) in enumerate(readings, 1):
            self._reach(f"reading-{number}-fr")
            hand.write(name)
            for fact in sorted(facts, key=self._order(number).index):
                self._reach(f"facts-{number}", fact)
                hand.press("Space")
        form = hand.page.locator("[data-desk=questionForm]")
        offered = form.locator("[name=about]").evaluate_all("all => all.map(it => it.value)")
        for thing in sorted({*about} & {*offered}, key=offered.index):
            self._reach("about", thing)
            hand.press("Space")
        hand.press("Control+Enter")
        hand.settled()
        if not form.is_hidden():
            said = form.locator("[data-question=formError]").inner_text()
            hand.press("Escape")
            raise NotStated(said or "the form stays open")
        self.entering.note()

    def _order(self, number: int) -> list[str]:
        boxes = self.entering.hand.page.locator(f"input[name=facts-{number}]")
        return list(boxes.evaluate_all("all => all.map(it => it.value)"))

    def _reach(self, name: str, value: str = "") -> None:
        """Press Tab until a field has the focus."""
        hand = self.entering.hand
        for _ in range(_MOST_STOPS):
            found = hand.page.evaluate(_FOCUSED)
            if found[0] == name and value in ("", found[1]):
                return
            hand.press("Tab")
        raise NotStated(f"no tab leads to {name}")
