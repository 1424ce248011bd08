"""A second made-up letter that changes plans: what it says of the stages of the first."""

from __future__ import annotations

from typing import Final

from two_letters import FIRST, SAID, Letter, Line

CHANGED: Final = Letter(
    2,
    "mai 2013",
    "2013-05",
    (
        Line("gue", "Le Gué s’est tenu.", SAID.format("gue", "rn:status <status/tenue>")),
        Line(
            "moulin",
            "L’étape du Moulin est reportée au 18/09/2013.",
            SAID.format(
                "moulin",
                'rn:status <status/reportee> ; rn:dateAsPrinted "18/09/2013" ; '
                'schema:startDate "2013-09-18"^^xsd:date',
            ),
        ),
        Line(
            "pont",
            "Celle du Pont n’aura pas lieu : la rivière déborde.",
            SAID.format(
                "pont",
                "rn:status <status/annulee> ; "
                'rn:statusReason "la rivière déborde"@fr, "the river is in flood"@en',
            ),
        ),
        Line(
            "bac",
            "Le Bac est reporté ; la date est à fixer.",
            SAID.format("bac", "rn:status <status/reportee> ; rn:toBeFixed schema:startDate"),
        ),
        Line(
            "date-vesoul",
            "À Vesoul le 11 juin.",
            '<stage/vesoul> rn:dateAsPrinted "11 juin" ; '
            'schema:startDate "2013-06-11"^^xsd:date ; rn:inferredPart <date-part/annee> .',
            "inferred",
        ),
        Line(
            "date-belfort",
            "À Belfort le 26 septembre 2013.",
            '<stage/belfort> rn:dateAsPrinted "26 septembre 2013" ; '
            'schema:startDate "2013-09-26"^^xsd:date .',
        ),
        Line(
            "chiffre",
            "Déjà 1 étape tenue.",
            "<figure/sentier-2-etapes> a rn:ReportedFigure ; rdf:value 1 ; "
            "rn:measure <measure/etapes-tenues> ; rn:figureOf <rally/sentier> .",
        ),
        Line(
            "chiffre-dire",
            "Deux en tout d’ici l’été.",
            "<figure/sentier-2-etapes-prevues> a rn:ReportedFigure ; rdf:value 2 ; "
            "rn:measure <measure/etapes-tenues> ; rn:figureOf <rally/sentier> .",
        ),
    ),
    """
    <figure/sentier-2-etapes> rdfs:label "étapes du printemps"@fr, "stages of the spring"@en .
    <figure/sentier-2-etapes-prevues> rdfs:label "étapes jusqu’à l’été"@fr,
        "stages up to the summer"@en .
    """,
)
"""One stage is postponed to a day, one to a day that is to be fixed, and one is cancelled."""
LETTERS: Final = (FIRST, CHANGED)
