"""A second text of the made-up document, in which a passage lies that the first has not."""

import hashlib

from made_up_carnet import TEXT
from rallynov_graph.base.namespaces import ID

ADDED = "Mot retrouvé."
BETTER = f"{TEXT}\n{ADDED}"


def second_text() -> str:
    """Return TriG: the text, a passage of it in the first part, and a set that rests on it."""
    start = BETTER.index(ADDED)
    return f"""
    <{ID}extraction/essai-2> a rn:Extraction ; rdfs:label "second texte de l’essai" ;
        dcterms:isFormatOf <{ID}document/essai> ;
        rn:sha256 "{hashlib.sha256(BETTER.encode()).hexdigest()}" ;
        rn:lengthInCodePoints {len(BETTER)} .
    <{ID}passage/essai-mot> a rn:Passage ; rdfs:label "essai-mot" ;
        oa:hasSource <{ID}extraction/essai-2> ; dcterms:isPartOf <{ID}part/un> ;
        oa:hasSelector <{ID}selector/essai-mot> .
    <{ID}selector/essai-mot> oa:start {start} ; oa:end {start + len(ADDED)} .
    <{ID}assertion-set/mot> a rn:AssertionSet ; rdfs:label "mot" ;
        rn:certainty rn:explicit ; rn:passage <{ID}passage/essai-mot> .
    GRAPH <{ID}assertion-set/mot> {{
        <{ID}person/anne> rdfs:comment "retrouvée" ; rn:atSameStageAs <{ID}person/paul> }}
    """
