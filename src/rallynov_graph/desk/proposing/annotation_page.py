"""Proposals as a W3C annotation page: JSON-LD that annotation tools read."""

import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.desk.extraction.document_text import ExtractedText
from rallynov_graph.desk.proposing.proposal import Candidate, Party, Proposal

_CONTEXT: Final = (
    "http://www.w3.org/ns/anno.jsonld",
    {
        **{prefix: PREFIXES[prefix] for prefix in ("rn", "org", "schema", "dcterms", "xsd")},
        "kind": "dcterms:type",
        "candidates": "dcterms:relation",
        "proposer": "dcterms:creator",
        "why": "dcterms:description",
        "label": "rdfs:label",
        "subject": "rdf:subject",
        "property": {"@id": "rdf:predicate", "@type": "@vocab"},
        "object": "rdf:object",
        "datatype": {"@id": "dcterms:format", "@type": "@vocab"},
        "inferred": "dcterms:provenance",
    },
)
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://w3id.org/rallynov/proposals")


def annotation_page(
    extracted: ExtractedText,
    proposals: Sequence[Proposal],
    language: str,
    known_texts: Mapping[str, str],
) -> dict[str, Any]:
    """Return proposals as an annotation page, whose positions are code points of the text.

    The text is named by the address that data give it, else by its digest (RFC 6920).
    """
    source = known_texts.get(extracted.sha256) or digest_name(extracted.sha256)
    return {
        "@context": [*_CONTEXT],
        "id": f"urn:uuid:{uuid.uuid5(_NAMESPACE, extracted.sha256)}",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": [_annotation(source, it, language, extracted.sha256) for it in proposals],
    }


def digest_name(sha256: str) -> str:
    """Return the name of a text that data do not know: its digest."""
    encoded = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{encoded}"


def _annotation(source: str, proposal: Proposal, language: str, sha256: str) -> dict[str, Any]:
    what = (proposal.kind, proposal.start, proposal.end, proposal.proposer, proposal.label)
    body: dict[str, Any] = {
        "kind": proposal.kind,
        "candidates": [_candidate(it) for it in proposal.candidates],
        "proposer": proposal.proposer,
        "why": proposal.why.text(language),
    }
    relation: tuple[str, ...] = ()
    if proposal.subject is not None and proposal.object is not None:
        relation = (proposal.property, proposal.subject.label, proposal.object.label)
        body["subject"] = _party(proposal.subject)
        body["property"] = proposal.property
        body["object"] = _party(proposal.object)
    return {
        "id": f"urn:uuid:{uuid.uuid5(_NAMESPACE, repr((sha256, *what, *relation)))}",
        "type": "Annotation",
        "motivation": "identifying",
        "target": {"source": source, "selector": _selector(proposal)},
        "body": body,
    }


def _selector(words: Proposal | Party) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": words.start, "end": words.end}


def _candidate(candidate: Candidate) -> dict[str, str]:
    fields = {
        "id": candidate.iri,
        "label": candidate.label,
        "value": candidate.value,
        "datatype": in_prefixes(candidate.datatype),
        "inferred": candidate.inferred,
    }
    return {name: value for name, value in fields.items() if value}


def _party(party: Party) -> dict[str, Any]:
    candidates = [_candidate(it) for it in party.candidates]
    return {"label": party.label, "candidates": candidates, "selector": _selector(party)}
