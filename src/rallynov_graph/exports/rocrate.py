"""A research package: a release, its questions and their answers as an RO-Crate 1.2 in a zip.

The engine cannot interrupt a query. So with many quads, each question is answered in a child
process, which the kernel kills when its processor time is used up; slow answers are left out.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import IO, Final

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import TOO_LONG, ProcessEndedError
from rallynov_graph.base.errors import QueryError, RallynovError
from rallynov_graph.base.namespaces import AGENT
from rallynov_graph.exports.citations import CREATORS, LICENCE
from rallynov_graph.exports.packing import write_zip
from rallynov_graph.exports.statement_rows import with_progress
from rallynov_graph.questions.catalogue import Question, load
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.questions.parameters import questions_of_data
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import CONTEXT, DATA, MANIFEST, ONTOLOGY, SHAPES, Release
from rallynov_graph.sparql.embedded import EmbeddedStore

METADATA: Final = "ro-crate-metadata.json"
PROFILE: Final = "https://w3id.org/ro/crate/1.2"
_SOFTWARE: Final = "#rallynov-graph"
_CURATORS: Final = "#curators"
_BUILD: Final = "#build"
_RELEASE: Final = "#release"
_LICENCE_FILE: Final = "LICENCE.txt"
_LICENCE_TEXT: Final = """\
{title}, version {version}, {issued}, release {id}.

The data and the ontology are under {licence} ({name}).
The newsletter that the data describe belongs to its authors. Its text is not part of the data.
"""
_ABOUT: Final = {
    DATA: "Les données : chaque fait, dans le graphe qui l’affirme | The data: each fact, in the "
    "graph that states it",
    ONTOLOGY: "L’ontologie | The ontology",
    SHAPES: "Les formes SHACL | The SHACL shapes",
    CONTEXT: "Le contexte JSON-LD | The JSON-LD context",
    MANIFEST: "La provenance : sources, empreintes, logiciel | The provenance: sources, hashes, "
    "software",
    "report.json": "Le rapport de validation | The validation report",
    "report.ttl": "Le rapport de validation, dans les mots du W3C | The validation report in the "
    "words of the W3C",
    _LICENCE_FILE: "La licence | The licence",
}
"""The descriptions of the files, in French and English."""
_QUERY: Final = "La question, en SPARQL | The question, in SPARQL"
_ANSWER: Final = (
    "La réponse : tout ce que les données en disent | The answer: all that the data say"
)
SECONDS: Final = "RALLYNOV_ANSWER_SECONDS"
"""The setting: how many seconds of processor one question may take, over many quads."""
FEW: Final = 50_000
"""Over so few quads no question takes long: a server, which has no children, may answer them."""
_SECONDS: Final = 20

Files = dict[str, Path | bytes]


def write(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write the package, its description first; answers are kept on disk until then."""
    seconds = _seconds(release)
    store = EmbeddedStore.of_release(release)
    catalogue = questions_of_data(load(), PageQueries(store.pages()))
    with tempfile.TemporaryDirectory(prefix="rallynov-") as folder:
        files = _files(release)
        parts = [part_of_crate(name, it, name, _ABOUT[name]) for name, it in files.items()]
        for question in with_progress(catalogue.values(), len(catalogue), progress):
            is_table = question.form in ("SELECT", "ASK")
            form = formats.RESULTS_CSV if is_table else formats.TURTLE
            path = Path(folder, f"{question.name}{form.suffix}")
            missing_reason = _answer(store, question, path, form.media_type, seconds)
            words = " | ".join(question.summary.values())
            name, text = f"questions/{question.name}.rq", question.text.encode()
            files[name] = text
            parts.append(part_of_crate(name, text, words, missing_reason or _QUERY))
            if not missing_reason:
                name = f"answers/{path.name}"
                files[name] = path
                parts.append(part_of_crate(name, path, words, _ANSWER))
        crate = json.dumps(crate_metadata(release, parts), ensure_ascii=False, indent=2) + "\n"
        write_zip([(METADATA, crate.encode()), *files.items()], file)


def crate_metadata(
    release: Release,
    parts: list[dict[str, object]],
    name: str = "",
    about: str = "",
    made: tuple[str, ...] = (MANIFEST, DATA, ONTOLOGY),
) -> dict[str, object]:
    """Return the metadata of a package with these parts, as flattened JSON-LD.

    Without a name it has that of the release. ``made`` maps a file to the files that were made from
    it.
    """
    manifest = release.manifest
    title = " | ".join(manifest.title[lang] for lang in sorted(manifest.title, reverse=True))
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": name or title,
        "description": about
        or f"{title} : données, ontologie, formes, questions et réponses, rapport, "
        "provenance | data, ontology, shapes, questions and answers, report, provenance.",
        "datePublished": manifest.issued,
        "version": manifest.version,
        "identifier": {"@id": _RELEASE},
        "license": {"@id": manifest.licence},
        "creator": {"@id": _CURATORS},
        "publisher": {"@id": _CURATORS},
        "mentions": {"@id": _BUILD},
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }
    return {
        "@context": f"{PROFILE}/context",
        "@graph": [descriptor, root, *parts, *_context(release, *made)],
    }


def _files(release: Release) -> Files:
    manifest = release.manifest
    text = _LICENCE_TEXT.format(
        title=next(iter(manifest.title.values()), ""),
        version=manifest.version,
        issued=manifest.issued,
        id=release.id,
        licence=manifest.licence,
        name=LICENCE,
    )
    derived = (release.shapes, release.context, release.report_json, release.report_turtle)
    paths = [release.data, release.ontology, release.path / MANIFEST, *derived]
    files: Files = {path.name: path for path in paths if path.is_file()}
    return {**files, _LICENCE_FILE: text.encode()}


def part_of_crate(name: str, content: Path | bytes, title: str, about: str) -> dict[str, object]:
    """Return the description of a file of a package, whose content is here or at a path."""
    if isinstance(content, bytes):
        size, digest = len(content), hashlib.sha256(content).hexdigest()
    else:
        size = content.stat().st_size
        with content.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "@id": name,
        "@type": "File",
        "name": title,
        "description": about,
        "encodingFormat": _media_type(name),
        "contentSize": str(size),
        "sha256": digest,
    }


def _media_type(name: str) -> str:
    known = {".rq": "application/sparql-query", ".csv": "text/csv", ".txt": "text/plain"}
    known |= {".bib": "application/x-bibtex", ".html": "text/html"}
    form = formats.by_path(name)
    suffix = Path(name).suffix
    return known.get(suffix) or (form.media_type if form else "application/json")


def _context(release: Release, source: str, *results: str) -> list[dict[str, object]]:
    manifest = release.manifest
    return [
        {"@id": manifest.licence, "@type": "CreativeWork", "name": LICENCE, "description": LICENCE},
        {"@id": _CURATORS, "@type": "Organization", "name": CREATORS},
        {
            "@id": _RELEASE,
            "@type": "PropertyValue",
            "propertyID": "release",
            "name": "release",
            "value": release.id,
        },
        {
            "@id": _SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "rallynov-graph",
            "url": AGENT.value,
            "version": manifest.software,
        },
        {
            "@id": _BUILD,
            "@type": "CreateAction",
            "name": "rallynov build" if source == MANIFEST else "rallynov query",
            "instrument": {"@id": _SOFTWARE},
            "agent": {"@id": _CURATORS},
            "object": {"@id": source},
            "result": [{"@id": it} for it in results] if results[1:] else {"@id": results[0]},
        },
    ]


def _answer(
    store: EmbeddedStore, question: Question, path: Path, media_type: str, seconds: int | None
) -> str:
    """Write an answer; return why it is missing, in French and English, or the empty string."""
    if seconds is None:
        path.write_bytes(store.serialize(question.text, media_type))
        return ""
    try:
        bounded_process.run(
            lambda: path.write_bytes(store.serialize(question.text, media_type)), seconds=seconds
        )
        return ""
    except ProcessEndedError as ended:
        took_too_long = ended.ended_by in TOO_LONG
    except QueryError:
        took_too_long = False
    path.unlink(missing_ok=True)
    if took_too_long:
        return (
            f"Sans réponse ici : il aurait fallu plus de {seconds} s de processeur | "
            f"Without an answer here: more than {seconds} s of processor would be needed"
        )
    return (
        "Sans réponse ici : le moteur n’a pas pu répondre | "
        "Without an answer here: the engine could not answer"
    )


def _seconds(release: Release) -> int | None:
    """Return the limit of processor seconds for a question; None for no limit."""
    text = os.environ.get(SECONDS) or str(_SECONDS)
    if not (text.isascii() and text.isdigit() and int(text)):
        raise RallynovError(f"{SECONDS} is a number of seconds from 1 on, not {text!r}.")
    return None if release.manifest.counts["quads"] <= FEW else int(text)
