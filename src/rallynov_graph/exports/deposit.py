"""An answer as a deposit: an RO-Crate 1.2 in a zip, which a repository accepts unchanged.

It contains the query, the answer, the evidence of each row, the citation with the hashes of release
and answer, a page that runs the query again, and DataCite metadata. It has no DOI: the repository
assigns one.
"""

import io
import json
from collections.abc import Mapping
from typing import Any, Final

from rallynov_graph.exports.citations import LICENCE, LICENCE_ADDRESS, CitedAnswer
from rallynov_graph.exports.packing import write_zip
from rallynov_graph.exports.rocrate import METADATA, crate_metadata, part_of_crate
from rallynov_graph.release.release import Release

CITATION: Final = "citation.bib"
"""The file that ``rallynov cite verify`` reads."""
AGAIN: Final = "ask-again.html"
_ABOUT: Final = {
    "query.rq": "La question, en SPARQL | The question, in SPARQL",
    "answer.csv": "La réponse, une ligne par résultat | The answer, a row for each result",
    "answer.nt": "La réponse : des triplets | The answer: triples",
    "evidence.csv": "Ce sur quoi repose chaque ligne : certitude, passages, documents, citation | "
    "What each row rests on: certainty, passages, documents, citation",
    AGAIN: "Une page qui pose la requête de nouveau, sans serveur : la version y est | "
    "A page that runs the query again, without a server: the release is in it",
    "licences.txt": "Les licences des programmes de cette page | The licences of its programs",
    CITATION: "La citation, avec l’empreinte de la réponse et de la version | The citation, with "
    "the hashes of the answer and of the release",
    "datacite.json": "Les métadonnées de DataCite 4.5 | The metadata of DataCite 4.5",
}


def written(release: Release, citation: CitedAnswer, files: Mapping[str, bytes]) -> bytes:
    """Return the zip of an answer: its files by name, ``answer.csv`` or ``answer.nt`` first."""
    datacite = json.dumps(_datacite(citation), ensure_ascii=False, indent=2) + "\n"
    contents = {
        "query.rq": citation.query.encode(),
        **files,
        CITATION: citation.written("bib").encode(),
        "datacite.json": datacite.encode(),
    }
    parts = [part_of_crate(name, it, name, _ABOUT[name]) for name, it in contents.items()]
    crate = crate_metadata(
        release,
        parts,
        citation.title,
        f"{citation.sentence} {citation.digest}",
        made=("query.rq", next(iter(files))),
    )
    file = io.BytesIO()
    text = json.dumps(crate, ensure_ascii=False, indent=2) + "\n"
    write_zip([(METADATA, text.encode()), *contents.items()], file)
    return file.getvalue()


def _datacite(citation: CitedAnswer) -> dict[str, Any]:
    """Return the metadata in DataCite 4.5 JSON, for its API and for repositories."""
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Answer to a query"},
        "creators": [{"name": citation.creators, "nameType": "Organizational"}],
        "titles": [{"title": citation.title, "lang": citation.language}],
        "publisher": {"name": citation.creators},
        "publicationYear": citation.accessed[:4],
        "dates": [{"date": citation.accessed, "dateType": "Created"}],
        "language": citation.language,
        "version": citation.release,
        "formats": ["application/zip"],
        "rightsList": [{"rights": LICENCE, "rightsUri": LICENCE_ADDRESS}],
        "descriptions": [
            {
                "description": f"{citation.sentence} {citation.digest}",
                "descriptionType": "Abstract",
                "lang": citation.language,
            }
        ],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": citation.address,
                "relatedIdentifierType": "URL",
                "relationType": "IsDerivedFrom",
            }
        ],
    }
