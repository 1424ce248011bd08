"""Themes and ambiguities of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trial_documents import (
    Entry,
    Question,
    Span,
    certainty,
    folded_slug,
    quoted,
    spans,
)
from trial_reading import ListReading


class Themes(ListReading):
    """Reads words of themes, and what the list leaves open."""

    def _themes(self) -> None:
        themes = dict(self._list["themes"])
        named = themes.pop("named_in_the_text")
        for key, cloud in themes.items():
            label = (key.replace("_", " "), key.replace("_", " "))
            words = self._new("list", f"{self._doc.slug} {key}", *label)
            for number, term in enumerate(cloud["terms"]):
                self._occurrence(f"themes/{key}/{number}", term, words)
            self._doc.left_out[f"themes/{key}"] = "stands with its terms"
        for number, term in enumerate(named):
            name = f"themes/named/{number}"
            theme = self._occurrence(name, term, None)
            subject = self._doc.addresses.get(term["where"], "")
            if re.match(r"<(stage|innovation|rally)/", subject):
                how = max(
                    certainty(term), "inferred", key=("explicit", "inferred", "tentative").index
                )
                where = (*spans(term), *self._span_of(term["where"]))
                self._state(f"{name}/subject", [(subject, "dcterms:subject", theme)], where, how)

    def _span_of(self, identifier: str) -> tuple[Span, ...]:
        for section in ("stages", "innovations"):
            for entry in self._list[section]:
                if entry["id"] == identifier:
                    return spans(entry.get("place", {})) if section == "stages" else spans(entry)
        return ()

    def _occurrence(self, name: str, term: Entry, words: str | None) -> str:
        where = spans(term)
        whole = (where[0][0], where[-1][1])
        # Of a word that others cut, its parts carry the printed form.
        said_by = tuple(dict.fromkeys((whole, *where)))
        address = self._new(
            "occurrence", f"{self._doc.slug} {whole[0]}", term["label"], term["label"]
        )
        theme = self._theme(term["label"])
        emphasis = ("gras", "gras") if term.get("bold") else ("aucune", "aucune")
        printed = self._doc.words(whole) if len(where) == 1 else term["label"]
        facts = [
            (address, "a", "rn:ThemeOccurrence"),
            (address, "rn:asPrinted", quoted(printed)),
            (address, "rn:passage", self.passage(whole)),
            (address, "rn:emphasis", self._term("emphasis", "mises-en-valeur", *emphasis)),
        ]
        facts += [(address, "rn:inList", words), (words, "a", "rn:TermList")] if words else []
        self._state(name, facts, said_by, certainty(term))
        self._state(f"{name}/theme", [(address, "rn:indicates", theme)], said_by, "inferred")
        return theme

    def _theme(self, label: str) -> str:
        slug = folded_slug(label)
        return self._term("theme", "themes", slug, label)

    def _ambiguity(self, entry: Entry, name: str) -> None:
        where = spans(entry)
        readings = tuple(one["reading"] for one in entry.get("readings", ()))
        about = tuple(self._about(where)) or (self._document,)
        if len(readings) < 2:
            readings = (entry.get("model", "La première lecture."), "Une autre lecture.")
        self._doc.questions.append(Question(name, about, entry["what"], readings, where))

    def _about(self, where: tuple[Span, ...]) -> Iterator[str]:
        """Yield the things that the words of a question name."""
        for section in ("organisations", "persons", "innovations", "figures", "stages"):
            for entry in self._list[section]:
                places = (
                    *spans(entry),
                    *spans(entry.get("place", {}) if section == "stages" else {}),
                )
                if any(a < d and c < b for a, b in places for c, d in where):
                    yield self._at(entry["id"])
