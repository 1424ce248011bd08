"""Why a file is not taken in, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError

_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "no file": (
        "ce fichier n’existe pas : le chemin est-il juste ?",
        "there is no such file: is its path right?",
    ),
    "unknown form": (
        "ce n’est ni un tableau (.csv), ni du TriG (.trig), ni des annotations (.json)",
        "it is no table (.csv), no TriG (.trig) and no annotations (.json)",
    ),
    "no TriG": ("il n’y a pas de TriG dans ce dossier", "there is no TriG in this folder"),
    "which document": (
        "dites avec --document de quel document sont ces faits",
        "say with --document of which document its facts are",
    ),
    "no reader": (
        "« {name} » ne nomme pas un lecteur : écrivez agent/ et des minuscules sans accents, des "
        "chiffres et des traits d’union, ou une adresse https",
        "“{name}” names no reader: write agent/ and small letters without accents, digits and "
        "hyphens, or an https address",
    ),
    "no name": (
        "« {name} » n’est pas le nom d’un document (des minuscules sans accents, des chiffres, des "
        "traits d’union), ou le lecteur s’appelle settled, ce qui est pris",
        "“{name}” is no name of a document (small letters without accents, digits, hyphens), or "
        "the reader is called settled, which is taken",
    ),
    "by hand": (
        "il a été écrit à la main, et aucune décision ne le connaît : reprenez-le d’abord par "
        "rallynov import FOLDER {folder}",
        "it was written by hand, and no decisions know it: take it in first with rallynov import "
        "FOLDER {folder}",
    ),
    "no text": (
        "donnez le texte de {name} par --source, et aucun autre",
        "give the text of {name} with --source, and no other",
    ),
    "empty text": ("il n’a pas de texte", "it has no text"),
    "other text": (
        "c’est un autre texte de {name} que celui dont il fut décidé (SHA-256 {digest}…) : "
        "reportez les passages par rallynov reanchor OLD {new}, reprenez les fichiers par "
        "rallynov import, puis celui-ci",
        "it is another text of {name} than the one that was decided about (SHA-256 {digest}…): "
        "carry the passages over with rallynov reanchor OLD {new}, take the files in with "
        "rallynov import, then this one",
    ),
    "text needed": (
        "il faut le texte de {name} pour trouver les citations : donnez-le par --source",
        "the text of {name} is needed to find quotations: give it with --source",
    ),
    "no table": (
        "ce n’est pas un tableau : {error} ; enregistrez-le de nouveau en CSV",
        "it is no table: {error}; save it as CSV again",
    ),
    "too large": ("il dépasse {most} Mio : partagez-le", "it is larger than {most} MiB: part it"),
    "encoding": (
        "il n’est pas codé en UTF-8 ; enregistrez-le en UTF-8",
        "it is not encoded in UTF-8; save it as UTF-8",
    ),
    "empty": ("il est vide", "it is empty"),
    "near column": (
        "aucune colonne ne s’appelle {name!r} : serait-ce {near} ?",
        "no column is called {name!r}: did you mean {near}?",
    ),
    "no column": (
        "aucune colonne ne s’appelle {name!r} : il y a {known}",
        "no column is called {name!r}: there are {known}",
    ),
    "twice": ("deux colonnes s’appellent {name}", "two columns are called {name}"),
    "column": ("la colonne {name} manque", "the column {name} is missing"),
    "no JSON": ("ce n’est pas du JSON : {error}", "it is no JSON: {error}"),
    "too deep": ("les parenthèses y sont trop profondes", "it is nested too deeply"),
    "no annotations": ("il n’y a pas d’annotations dedans", "there are no annotations in it"),
    "no extraction": (
        "il ne décrit aucun texte de document (rn:Extraction) : reprenez avec lui le fichier qui "
        "le fait, ou tout le dossier",
        "it describes no text of a document (rn:Extraction): take in the file that does together "
        "with it, or the whole folder",
    ),
    "no digest": (
        "de {name}, ni empreinte ni longueur ne sont dites",
        "of {name} no digest or no length is said",
    ),
}


def refusal(
    path: str | Path, reason: str, line: int | None = None, **values: object
) -> SourceError:
    """Return why a file is not taken in."""
    french, english = (text.format(**values) for text in _REASONS[reason])
    return SourceError(str(path), english, line, reasons={"fr": french, "en": english})
