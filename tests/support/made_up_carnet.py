"""A made-up document of two parts, with its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from werkzeug.serving import make_server

from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.document_texts import SourceFile, loaded
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

PHONE = " ".join(("01", "99", "00", "12", "34"))


MAIL = "@".join(("anne", "example.org"))


TEXT = f"Élan 𝄞 <b>Anne</b> parle.\n\nTél. : {PHONE} ou {MAIL}\nFin."


AT = TEXT.index

STYLED = f"{TEXT}\n\nElle **dit « oui *au* rallye » la 3^{{ème}} fois** ; rien d’autre."
"""The same with words in styles and a quotation."""


SELECTORS = {
    "part/un": (0, AT("\n\n")),
    "part/deux": (AT("Tél"), len(TEXT)),
    "passage/essai-elan": (0, 4),
    "passage/essai-anne": (AT("<b>"), AT(" parle")),
    "passage/essai-parle": (AT("Anne"), AT(".\n")),
    "passage/essai-numero": (AT(PHONE) + 3, AT(PHONE) + 8),
}


def document(text: str = TEXT) -> str:
    """Return a made-up document of two parts, its passages and what they carry, as TriG.

    The text is TEXT, or goes on from there.
    """
    selectors = {**SELECTORS, "part/deux": (AT("Tél"), len(text))}
    places = "".join(
        f"<{ID}{name}> oa:hasSelector <{ID}selector/{name.replace('/', '-')}> .\n"
        f"<{ID}selector/{name.replace('/', '-')}> oa:start {start} ; oa:end {end} .\n"
        for name, (start, end) in selectors.items()
    )
    passages = "".join(
        f'<{ID}{name}> a rn:Passage ; rdfs:label "{name}" ; oa:hasSource <{ID}extraction/essai> ;'
        f" dcterms:isPartOf <{ID}part/{'deux' if name.endswith('numero') else 'un'}> .\n"
        for name in SELECTORS
        if name.startswith("passage")
    )
    return f"""
    @prefix rn: <https://w3id.org/rallynov/ontology#> .
    @prefix oa: <http://www.w3.org/ns/oa#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix schema: <https://schema.org/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix : <{ID}assertion-set/> .
    <https://w3id.org/rallynov/ontology> a owl:Ontology .
    rn:tentative rn:admits rn:explicit, rn:inferred, rn:tentative .
    rn:explicit rn:admits rn:explicit .
    <{ID}document/essai> a schema:PublicationIssue ; rdfs:label "Essai" .
    <{ID}extraction/essai> a rn:Extraction ; rdfs:label "texte de l’essai" ;
        dcterms:isFormatOf <{ID}document/essai> ;
        rn:sha256 "{hashlib.sha256(text.encode()).hexdigest()}" ;
        rn:lengthInCodePoints {len(text)} .
    <{ID}part/un> a rn:DocumentPart ; rdfs:label "un" ; oa:hasSource <{ID}extraction/essai> .
    <{ID}part/deux> a rn:DocumentPart ; rdfs:label "deux" ; oa:hasSource <{ID}extraction/essai> ;
        rn:noFactReason "Rien que des coordonnées."@fr .
    {places}{passages}
    :dit a rn:AssertionSet ; rdfs:label "dit" ; rn:certainty rn:explicit ;
        rn:passage <{ID}passage/essai-anne> .
    :deduit a rn:AssertionSet ; rdfs:label "deduit" ; rn:certainty rn:inferred ;
        rn:reason "Elle parle, donc elle est là."@fr ;
        rn:passage <{ID}passage/essai-anne>, <{ID}passage/essai-parle> .
    GRAPH :dit {{ <{ID}person/anne> rdfs:label "Anne Essai" }}
    GRAPH :deduit {{ <{ID}person/anne> rdfs:comment "présente" }}
    """


def store_of(trig: str, tmp_path: Path) -> EmbeddedStore:
    file = tmp_path / "essai.trig"
    file.write_text(trig, "utf-8")
    return EmbeddedStore.of_files([file]).pages()


@contextmanager
def serving_document(text: str, folder: Path, more: str = "") -> Iterator[str]:
    """Have the site of the document at an address, its text beside its facts, and more facts."""
    file = folder / "essai.txt"
    file.write_bytes(text.encode())
    store = store_of(document(text) + more, folder)
    site = create_app(store, of_server=True, texts=loaded(store, [SourceFile.read(file)]))
    server = make_server("127.0.0.1", 0, site, threaded=True)
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        running.join()
        server.server_close()
