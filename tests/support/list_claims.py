"""Claims on what a list says: true, false, past, open, refined, and what is not stated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from inventory import PARTS, STATUS, Entry, Inventory, plain, when
from rallynov_graph.base.namespaces import ID
from rallynov_graph.claims.checked_claim import ClaimWords
from rallynov_graph.desk.short_terms import slug_of

FORWARD: Final = {
    **dict.fromkeys(("host", "carried_by"), "portée par"),
    **{"presented_by": "présentée par", "stage": "présentée à", "partner": "partenaire"},
    **{"place": "lieu", "affiliation": "parle au nom de", "part_of": "dans"},
    **{"from": "relais donné par", "to": "relais reçu par", "funder": "financé par"},
    **dict.fromkeys(("promoted_by", "signed_by", "born_of"), "fait intervenir"),
    **{"directs": "dirige", "member_of": "siège à", "succeeds": "a succédé à"},
}
"""How a predicate is claimed of its subject."""
BACKWARD: Final = {
    **dict.fromkeys(("speaker", "attended_by", "supported_by", "stand_of"), "a pris part à"),
    **{"contact": "est le contact de", "awarded_to": "reçoit le prix"},
    **{"awarded_by": "décerne le prix"},
}
"""How a predicate is claimed of its object."""
HASTY: Final = {
    r"\bspoke at\b": "témoigne à",
    r"\bhosted\b": "porte",
    r"\bfunds?\b": "finance",
    r"\b(belongs to|works for)\b": "parle au nom de",
    r"\bis in\b": "lieu",
    r"\bdirected\b": "dirige",
}
"""How what a list denies is claimed, by the verb of its sentence."""
AT_MOST: Final = 2
"""So many claims of each kind."""


class Claim(NamedTuple):
    kind: str
    words: ClaimWords
    verdicts: tuple[str, ...]
    """Those that it may have."""


def claims(it: Inventory) -> list[Claim]:
    """Return the claims of a list, at most a few of each kind."""
    found, seen = [], Counter[str]()
    for one in _every(it):
        seen[one.kind] += 1
        if seen[one.kind] <= AT_MOST or one.kind.startswith("not stated by the list"):
            found.append(one)
    return found


def _claim(
    kind: str, subject: str, relation: str, object_: str, *told: str, sure: str = "tentative"
) -> Claim:
    return Claim(kind, ClaimWords(subject, relation, object_, sure), told)


def _every(it: Inventory) -> Iterator[Claim]:
    for make in (
        _relations,
        _stages,
        _figures,
        _innovations,
        _persons,
        _past_offices,
        _identity,
        _hasty,
    ):
        yield from make(it)


def name(it: Inventory, id_: str) -> str:
    """Return what somebody calls a thing: its name, or its address where others have the name."""
    every = {one["id"]: one for key in _NAMED for one in it.entries.get(key, ())}
    if id_ == it.programme["id"]:
        return str(it.programme["names"][0])
    one = every.get(id_)
    if one is None or not id_.startswith(("org", "p-", "pl", "inn", "stage")):
        return ID + it.now(id_)
    told = str(one.get("name") or one.get("label") or f"Étape de {one['place']['value']}")
    slug = slug_of(told)
    others = {at for at, names in it.taken.items() if slug in names} - {it.now(id_)}
    return ID + it.now(id_) if others or told in _shared(it) else told


_NAMED: Final = ("organisations", "persons", "places", "innovations", "stages")


def _shared(it: Inventory) -> set[str]:
    every = (one for key in _NAMED for one in it.entries.get(key, ()))
    counted = Counter(str(one.get("name") or one.get("label")) for one in every)
    return {told for told, times in counted.items() if times > 1}


def _relations(it: Inventory) -> Iterator[Claim]:
    every = it.entries["relations"]
    known = {(one["subject"], one["predicate"], one["object"]) for one in every}
    for one in every:
        predicate, modality = one["predicate"], one.get("modality")
        ends = [name(it, one["subject"]), name(it, one["object"])]
        relation = FORWARD.get(predicate) or BACKWARD.get(predicate)
        if relation is None or (predicate == "affiliation" and _has_office(it, one)):
            continue
        if predicate == "partner" and one["subject"].startswith("stage"):
            relation = PARTS[predicate]
        if predicate in BACKWARD or relation == PARTS["partner"]:
            ends.reverse()
        if predicate == "part_of" and one["subject"].startswith("org"):
            continue
        if modality in ("hedged", "planned"):
            yield _claim(
                f"{modality} {predicate}", ends[0], relation, ends[1], "open", "not stated"
            )
            continue
        told = ("holds", "open") if _is_asked(it, one) else ("holds",)
        yield _claim(f"true {predicate}", ends[0], relation, ends[1], *told)
        if one["certainty"] != "explicit" and it.now(one["subject"]) == it.things[one["subject"]]:
            kind = f"less sure {predicate}"
            yield _claim(kind, ends[0], relation, ends[1], "open", sure="explicit")
        others = (r["object"] for r in every if r["predicate"] == predicate)
        other = next((o for o in others if (one["subject"], predicate, o) not in known), None)
        if other is not None and one["subject"] != it.programme["id"]:
            backward = predicate in BACKWARD or relation == PARTS["partner"]
            ends[0 if backward else 1] = name(it, other)
            never = ("contradicted",) if relation == "lieu" else ("not stated", "open")
            yield _claim(f"false {predicate}", ends[0], relation, ends[1], *never)


def _is_asked(it: Inventory, relation: Entry) -> bool:
    """Return whether an ambiguity names what a relation is of: what it is may be open."""
    every = {one["id"]: one for key in _NAMED for one in it.entries.get(key, ())}
    told = {str(every.get(relation[end], {}).get("label")) for end in ("subject", "object")}
    return any(it.printed(amb) in told for amb in it.entries["ambiguities"])


def _has_office(it: Inventory, relation: Entry) -> bool:
    return relation["subject"] not in it.testimonies


def _stages(it: Inventory) -> Iterator[Claim]:
    for one in it.entries["stages"]:
        stage, status = name(it, one["id"]), STATUS[one["status"].split()[0]]
        labels = {"tenue": "tenue", "annoncee": "annoncée", "annulee": "annulée"}
        yield _claim("true status", stage, "statut", labels.get(status, "reportée"), "holds")
        if status in ("annulee", "reportee", "annoncee"):
            yield _claim("false status", stage, "statut", "tenue", "contradicted")
        if it.known and status != "annoncee":
            yield _claim("past status", stage, "statut", "annoncée", "contradicted")
        day = when(one["date"])
        last = day[-1]
        yield _claim("true date", stage, "date", day, "holds")
        wrong = day[:-1] + ("1" if last != "1" else "2")
        yield _claim("false date", stage, "date", wrong, "contradicted")
        yield _claim("refined date", stage, "date", day[:7], "holds")
        if "inferred" in one["date"]:
            yield _claim("less sure date", stage, "date", day, "open", sure="explicit")
        if (title := one["title"]).get("value"):
            yield _claim("true title", stage, "titre", plain(title["value"]), "holds")
        for former in _titles(it, one):
            yield _claim("past title", stage, "titre", former, "contradicted")
        if "earlier_date" in one:
            yield _claim("past date", stage, "date", one["earlier_date"]["value"], "contradicted")
        if "time" in one:
            yield _claim("true time", stage, "début", one["time"]["start"], "holds")
        if (ordinal := one.get("ordinal", {})).get("value"):
            unsure = any(
                {*map(tuple, it.spans(amb))} & {*map(tuple, it.spans(ordinal, "label_span"))}
                for amb in it.entries["ambiguities"]
            )
            told = "open" if unsure else "holds"
            yield _claim(f"{told} number", stage, "numéro", str(ordinal["value"]), told)


def _titles(it: Inventory, stage: Entry) -> Iterator[str]:
    """Yield what the data beside calls a stage, where the list has another title."""
    mine, told = ID + it.now(stage["id"]), stage["title"].get("value")
    titles = {
        q.object.value  # type: ignore[union-attr]
        for q in it.known
        if q.predicate.value.endswith("/title") and q.subject.value == mine  # type: ignore[union-attr]
    }
    yield from sorted(titles - {plain(told)}) if told else ()


def _figures(it: Inventory) -> Iterator[Claim]:
    for one in it.entries["figures"]:
        figure, value = ID + it.things[one["id"]], it.value(one)
        if any(one["id"].removeprefix("fig-") in amb["id"] for amb in it.entries["ambiguities"]):
            continue
        yield _claim("true figure", figure, "valeur", value, "holds")
        if value.isdigit():
            yield _claim("false figure", figure, "valeur", str(int(value) + 1), "contradicted")
    for amb in it.entries["ambiguities"]:
        spans = {*map(tuple, it.spans(amb))}
        for one in it.entries["figures"] if "readings" in amb else ():
            if spans & {*map(tuple, it.spans(one))} and one["certainty"] != "explicit":
                figure = ID + it.things[one["id"]]
                yield _claim("open figure", figure, "valeur", it.value(one), "open")


def _innovations(it: Inventory) -> Iterator[Claim]:
    for one in it.entries["innovations"]:
        for key, relation in (("beneficiaries", "bénéficiaire"), ("social_need", "besoin")):
            if (told := one.get(key, {})).get("value"):
                kind = f"true {key}"
                yield _claim(kind, name(it, one["id"]), relation, told["value"], "holds")


def _persons(it: Inventory) -> Iterator[Claim]:
    for one in it.entries["persons"]:
        person = name(it, one["id"])
        if it.has_office(one):
            yield _claim("true office", person, "occupe le poste de", it.office(one), "holds")
        if it.has_title(one):
            title = plain(one["role_or_title"]["quote"])
            yield _claim("true occupation", person, "métier", title, "holds")
        if one["organisation"].get("certainty") == "absent":
            other = name(it, it.entries["organisations"][-1]["id"])
            yield _claim("absent affiliation", person, "parle au nom de", other, "not stated")
    for statement in it.entries["statements"]:
        person = name(it, statement["speakers"][0])
        yield _claim("true words", person, "a dit", statement["topic_fr"], "holds")


def _past_offices(it: Inventory) -> Iterator[Claim]:
    """Yield the offices that the data beside gives to who has another one by the list."""
    for one in it.entries["persons"]:
        if "former_role" in one:
            holder = ID + it.now(one["id"])
            held = (
                q.subject.value
                for q in it.known
                if q.object == NamedNode(holder) and q.predicate.value.endswith("heldBy")
            )
            for office in held:
                yield _claim("past office", holder, "occupe le poste de", office, "open")


def _identity(it: Inventory) -> Iterator[Claim]:
    sections = it.entries.get("identity", {})
    for conclusion, told in (("same", "holds"), ("different", "contradicted"), ("open", "open")):
        for one in sections.get(conclusion, ()):
            if one["this"].startswith(("fig-", "pl-")):
                continue
            ends = (ID + it.things[one["this"]], ID + it.beside(one["carnet2"]))
            yield _claim(f"identity {conclusion}", ends[0], "même chose que", ends[1], told)


def _hasty(it: Inventory) -> Iterator[Claim]:
    """Yield what a hasty reader would conclude, where a sentence names two things and a verb."""
    never = ("not stated", "open", "contradicted")
    for one in it.entries["not_stated"]:
        relation = next((it for verb, it in HASTY.items() if re.search(verb, one["claim"])), None)
        named = sorted(_named(it, one["claim"]))
        for (_, first), (_, second) in pairwise(named[:2]) if relation else ():
            kind = f"not stated by the list: {relation}"
            yield _claim(kind, name(it, first), str(relation), name(it, second), *never)


def _named(it: Inventory, sentence: str) -> Iterator[tuple[int, str]]:
    """Yield where a sentence names a thing, and its id; a stage by its place."""
    ids = {it.programme["id"]: ["the rally", "the programme"]}
    for key in ("organisations", "persons", "innovations"):
        for one in it.entries[key]:
            ids[one["id"]] = one.get("names", [one.get("name") or one["label"]])
    for one in it.entries["stages"]:
        ids[one["id"]] = [one["place"]["value"]]
    found = ((sentence.find(told), id_) for id_, names in ids.items() for told in names)
    first = {id_: at for at, id_ in sorted(found, reverse=True) if at >= 0}
    yield from ((at, id_) for id_, at in first.items())
