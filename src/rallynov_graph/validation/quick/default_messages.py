"""What is said of a fault where the shape has no message of its own, in both languages."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick.constraints import Constraint
from rallynov_graph.validation.quick.shapes import Shape
from rallynov_graph.validation.quick.sparql_constraints import filled

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "Class": ("La valeur n’est pas de la classe {}.", "The value is not of the class {}."),
    "Datatype": (
        "La valeur n’est pas un littéral bien écrit de type {}.",
        "The value is not a well-written literal of the datatype {}.",
    ),
    "NodeKind": ("La valeur n’est pas de la sorte {}.", "The value is not of the kind {}."),
    "MinCount": ("Il y a moins de valeurs que {}.", "There are fewer values than {}."),
    "MaxCount": ("Il y a plus de valeurs que {}.", "There are more values than {}."),
    "MinInclusive": ("La valeur est en dessous de {}.", "The value is below {}."),
    "MinExclusive": ("La valeur n’est pas au-dessus de {}.", "The value is not above {}."),
    "MaxInclusive": ("La valeur est au-dessus de {}.", "The value is above {}."),
    "MaxExclusive": ("La valeur n’est pas en dessous de {}.", "The value is not below {}."),
    "MinLength": (
        "Le texte a moins de caractères que {}.",
        "The text has fewer characters than {}.",
    ),
    "MaxLength": (
        "Le texte a plus de caractères que {}.",
        "The text has more characters than {}.",
    ),
    "Pattern": ("Le texte ne suit pas le motif {}.", "The text does not match {}."),
    "LanguageIn": (
        "La langue de la valeur n’est pas une de : {}.",
        "The language of the value is none of: {}.",
    ),
    "UniqueLang": (
        "Plusieurs valeurs sont dans la même langue.",
        "Several values are in the same language.",
    ),
    "Equals": (
        "Les valeurs ne sont pas celles de {}.",
        "The values are not those of {}.",
    ),
    "Disjoint": ("La valeur est aussi une de {}.", "The value is one of {} too."),
    "LessThan": (
        "La valeur ne vient pas avant celles de {}.",
        "The value does not come before those of {}.",
    ),
    "LessThanOrEquals": (
        "La valeur vient après une de {}, ou ne s’y compare pas.",
        "The value comes after one of {}, or cannot be compared with it.",
    ),
    "In": ("La valeur n’est pas de la liste : {}.", "The value is not in the list: {}."),
    "HasValue": ("La valeur {} manque.", "The value {} is missing."),
    "Closed": (
        "La forme est close : elle n’a pas cette propriété.",
        "The shape is closed: it does not have this property.",
    ),
    "Node": ("La valeur ne suit pas la forme {}.", "The value does not conform to the shape {}."),
    "Not": ("La valeur suit la forme {}.", "The value conforms to the shape {}."),
    "And": (
        "La valeur ne suit pas toutes ces formes : {}.",
        "The value does not conform to all of these shapes: {}.",
    ),
    "Or": (
        "La valeur ne suit aucune de ces formes : {}.",
        "The value conforms to none of these shapes: {}.",
    ),
    "Xone": (
        "La valeur ne suit pas exactement une de ces formes : {}.",
        "The value does not conform to exactly one of these shapes: {}.",
    ),
    "QualifiedMinCount": (
        "Trop peu de valeurs suivent la forme {}.",
        "Too few values conform to the shape {}.",
    ),
    "QualifiedMaxCount": (
        "Trop de valeurs suivent la forme {}.",
        "Too many values conform to the shape {}.",
    ),
    "Sparql": (
        "La requête y trouve une faute.",
        "The query finds a fault.",
    ),
}
_LONGEST: Final = 10
"""How many members of a list are named."""


def of(
    shape: Shape, constraint: Constraint, row: Mapping[str, Term] | None = None
) -> Mapping[str, str]:
    """Return the messages of a query or of a shape, else those of the constraint, by language."""
    if own := getattr(constraint, "messages", None) or shape.messages:
        return {lang: filled(text, row) for lang, text in own.items()} if row else own
    texts = _TEXTS[type(constraint).__name__]
    parameters = [getattr(constraint, f.name) for f in fields(constraint)][:1]  # type: ignore[arg-type]
    words = _written(parameters[0]) if parameters else ""
    return {language: text.format(words) for language, text in zip(LANGUAGES, texts, strict=True)}


def _written(value: object) -> str:
    match value:
        case tuple():
            more = ", …" if len(value) > _LONGEST else ""
            return ", ".join(map(_written, value[:_LONGEST])) + more
        case Shape():
            return in_prefixes(value.iri) if value.iri else str(value.node)
        case NamedNode():
            return in_prefixes(value.value)
        case Literal() | BlankNode():
            return str(value)
    return str(getattr(value, "pattern", value))
