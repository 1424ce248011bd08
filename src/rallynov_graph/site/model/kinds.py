"""The kinds of things that have pages: the first part of an address in our namespace."""

from typing import Final

from rallynov_graph.base.namespaces import PREFIXES, RN

CLASSES: Final = {
    "stage": RN + "Stage",
    "organisation": PREFIXES["org"] + "Organization",
    "person": PREFIXES["foaf"] + "Person",
    "group": PREFIXES["foaf"] + "Group",
    "innovation": RN + "Innovation",
    "testimony": RN + "Testimony",
    "participation": RN + "Participation",
    "place": PREFIXES["schema"] + "Place",
    "post": PREFIXES["org"] + "Post",
    "figure": RN + "ReportedFigure",
    "document": PREFIXES["schema"] + "PublicationIssue",
    "series": PREFIXES["schema"] + "Periodical",
    "part": RN + "DocumentPart",
    "passage": RN + "Passage",
    "occurrence": RN + "ThemeOccurrence",
    "list": RN + "TermList",
    "funding": RN + "Funding",
    "question": RN + "OpenQuestion",
    "reading": RN + "Reading",
    "scheme": PREFIXES["skos"] + "ConceptScheme",
    "assertion-set": RN + "AssertionSet",
    "inference": RN + "Inference",
    "rule": RN + "Rule",
    "hours": PREFIXES["schema"] + "OpeningHoursSpecification",
    "rally": RN + "Rally",
}
"""The class of a kind, where all its things are of one; the others are found by their address."""

FIRST: Final = (
    "stage",
    "organisation",
    "person",
    "innovation",
    "testimony",
    "theme",
    "place",
    "event",
    "post",
    "figure",
    "document",
)
"""The kinds that a reader asks for first, in that order."""

TREE: Final = "theme"
"""The kind that is listed as a tree."""
