"""People and organisations that nobody is, and the forms in which documents print their names."""

import random
import unicodedata
from dataclasses import dataclass
from typing import Final

GIVEN: Final = (
    *("Agnès", "Alain", "Amélie", "André", "Anne-Lise", "Benoît", "Brigitte", "Cécile", "Chloé"),
    *("Christian", "Claire", "Damien", "Daniel", "Delphine", "Didier", "Éléonore", "Élise"),
    *("Émile", "Estelle", "Étienne", "Fabrice", "Florence", "François", "Gaëlle", "Gérard"),
    *("Hélène", "Hervé", "Inès", "Isabelle", "Jacques", "Jean-Marc", "Jean-Noël", "Joëlle"),
    *("Karim", "Laurence", "Léa", "Luc", "Lucile", "Marc", "Marie-Odile", "Mathieu", "Maud"),
    *("Nadège", "Nicolas", "Noémie", "Olivier", "Pascale", "Paul", "Raphaël", "Rémi", "Sabrina"),
    *("Solène", "Stéphane", "Sylvain", "Thérèse", "Valérie", "Véronique", "Yann", "Zoé"),
)
FIRST: Final = (
    *("Bel", "Bour", "Cham", "Char", "Cour", "Dau", "Des", "Fau", "Fer", "Gar", "Gau", "Gran"),
    *("Jac", "Lam", "Lan", "Mar", "Mau", "Mon", "Per", "Pon", "Rey", "Roche", "Thé", "Val", "Ver"),
)
LAST: Final = (
    *("bert", "bois", "chard", "court", "din", "dot", "fort", "geon", "gnard", "lange", "lier"),
    *(
        "lon",
        "mont",
        "net",
        "nier",
        "quet",
        "rand",
        "roy",
        "seau",
        "sier",
        "taud",
        "thier",
        "vigne",
    ),
)
KINDS: Final = (
    *("Association", "Atelier", "Comité", "Coopérative", "Fédération", "Maison", "Mutuelle"),
    *("Régie", "Réseau", "Union"),
)
OBJECTS: Final = (
    *("de l’habitat partagé", "de l’insertion", "de la mobilité douce", "des aidants"),
    *("des circuits courts", "des énergies citoyennes", "des jardins solidaires", "des métiers"),
    *("des ressourceries", "des semences paysannes", "des services aux familles", "du réemploi"),
    *("du logement des jeunes", "du temps libre", "du vélo", "pour la culture", "pour la santé"),
    *("pour l’économie circulaire", "pour l’emploi", "pour le numérique libre"),
)
PLACES: Final = (
    *(
        "d’Arvois",
        "de Belrive",
        "de Chaumergy-le-Bas",
        "de Corvane",
        "de Fontaubert",
        "de Grandval",
    ),
    *("de la Haute-Combe", "de Lormeuil", "de Malbrans", "de Montperrier", "de Noirefosse"),
    *("de Port-Salière", "de Rochebrune", "de Saint-Aubry", "de Valserine", "du Val d’Orme"),
)
WORKS: Final = (
    *("Atelier", "Bus", "Café", "Carte", "Chantier", "Colocation", "Conciergerie", "Épicerie"),
    *("Espace", "Fabrique", "Jardin", "Journal", "Marché", "Monnaie", "Outil", "Passeport"),
)
EARLIER: Final = 0.65
"""How often a naming is of somebody whom an earlier one named."""
HOMONYMS: Final = 0.02
"""How often a new person bears the whole name of another one."""
_SMALL: Final = frozenset(["de", "des", "du", "la", "le", "l", "d", "pour", "aux"])


@dataclass(frozen=True)
class Naming:
    """Somebody or something as a document names it, and who it is in truth."""

    truth: str
    printed: str


class World:
    """The persons and things that documents name; all randomness comes from one source."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._people: list[tuple[str, str]] = []
        self._organisations: list[str] = []
        self._known: set[str] = set()

    def person(self) -> Naming:
        """Return somebody new, or somebody known, under one of the forms of the name."""
        if not self._people or self._chance.random() > EARLIER:
            homonym = self._people and self._chance.random() < HOMONYMS
            self._people.append(self._chance.choice(self._people) if homonym else self._new_name())
        number = self._rank(len(self._people))
        given, family = self._people[number]
        forms = (
            *([f"{given} {family}"] * 14),
            *(f"{initials(given)} {family}", f"{given} {family.upper()}", f"{family} {given}"),
            *(plain(f"{given} {family}"), slip(f"{given} {family}", self._chance)),
            f"{given.replace('-', ' ')} {family}",
        )
        return Naming(f"person {number}", self._chance.choice(forms))

    def organisation(self) -> Naming:
        """Return a new or a known organisation, under one of the forms of its name."""
        if not self._organisations or self._chance.random() > EARLIER:
            self._organisations.append(self._new_organisation())
        number = self._rank(len(self._organisations))
        name = self._organisations[number]
        forms = (
            *([name] * 12),
            *(acronym(name), acronym(name), plain(name), slip(name, self._chance)),
            *(name.lower().capitalize(), name.replace("’", "'")),
        )
        return Naming(f"organisation {number}", self._chance.choice(forms))

    def title(self) -> str:
        """Return the name of a new innovation; all names differ."""
        while True:
            work, first, last = (self._chance.choice(it) for it in (WORKS, FIRST, LAST))
            title = f"{work} « {first}{last} »"
            if title not in self._known:
                self._known.add(title)
                return title

    def _rank(self, count: int) -> int:
        """Return a random index below a number; a few are frequent."""
        return int(count * self._chance.random() ** 2)

    def _new_name(self) -> tuple[str, str]:
        while True:
            given = self._chance.choice(GIVEN)
            family = self._chance.choice(FIRST) + self._chance.choice(LAST)
            if f"{given} {family}" not in self._known:
                self._known.add(f"{given} {family}")
                return given, family

    def _new_organisation(self) -> str:
        while True:
            parts = [self._chance.choice(it) for it in (KINDS, OBJECTS, PLACES)]
            name = " ".join(parts)
            if name not in self._known:
                self._known.add(name)
                return name


def initials(given: str) -> str:
    """Return forenames as their initials."""
    return "-".join(f"{part[0]}." for part in given.split("-"))


def acronym(name: str) -> str:
    """Return the initials of the significant words."""
    words = plain(name).replace("'", " ").replace("-", " ").split()
    return "".join(word[0] for word in words if word.lower() not in _SMALL).upper()


def plain(name: str) -> str:
    """Return a name without accents."""
    decomposed = unicodedata.normalize("NFD", name.replace("’", "'"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def slip(name: str, chance: random.Random) -> str:
    """Return a name in which a letter of its longest word is left out or doubled."""
    word = max(name.split(), key=len)
    at = chance.randrange(1, len(word) - 1)
    wrong = word[:at] + (word[at] * 2 if chance.random() < 0.5 else "") + word[at + 1 :]
    return name.replace(word, wrong, 1)
