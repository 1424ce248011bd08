"""What is wrong with the call of a tool, and what would be right, in both languages."""

from collections.abc import Mapping
from typing import Final

TOOL_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "text": "L’argument « {name} » doit être un texte non vide.",
        "long": "L’argument « {name} » a plus de {most} caractères : abrégez-le.",
        "number": "L’argument « {name} » doit être un nombre entier de {least} à {most}.",
        "one_of": "L’argument « {name} » doit être l’un de : {allowed}.",
        "extra": "Cet outil n’a pas d’argument « {name} » : il a {allowed}.",
        "missing": "L’argument « {name} » manque.",
        "no_tool": "Aucun outil ne s’appelle « {name} » : il y a {allowed}.",
        "no_prompt": "Aucune invite ne s’appelle « {name} » : il y a {allowed}.",
        "several": "« {name} » désigne {count} choses ; donnez l’adresse de l’une : {choices}.",
        "unknown": "Le graphe ne connaît pas le nom « {name} ».{near} "
        "find_thing cherche par d’autres mots.",
        "near": " Voulez-vous dire : {names} ?",
        "contact": "Cette personne n’est nommée que comme contact : rien n’en est donné ici.",
        "claim": "Aucune affirmation n’a l’identifiant « {name} » : donnez subject, relation et "
        "object.",
        "question": "Aucune question ne s’appelle « {name} ».{near} list_questions les donne.",
        "contacts_question": "Cette question ne donne que des contacts : elle n’est pas posée ici.",
        "graph_answer": "Une requête CONSTRUCT ou DESCRIBE n’est pas servie ici : "
        "demandez un tableau par SELECT, ou ASK.",
        "query": "La requête n’est pas valable : {reason}",
        "400": "La requête n’est pas valable : {reason}",
        "403": "Une requête n’appelle pas d’autre serveur d’ici, et n’écrit rien.",
        "413": "La requête est trop longue.",
        "422": "La réponse ou la mémoire qu’elle demande est trop grande : demandez-en moins, "
        "par LIMIT.",
        "429": "Trop d’appels à la fois : attendez les réponses, puis recommencez.",
        "503": "Tous les processus sont occupés : recommencez dans un moment.",
        "504": "La requête a duré plus que permis : demandez-en moins, par LIMIT ou un nom précis.",
        "other": "L’appel n’a pas abouti : {reason}",
        "resource": "Aucune ressource n’a l’adresse « {name} » : il y a {allowed}.",
    },
    "en": {
        "text": "The argument “{name}” must be a text that is not empty.",
        "long": "The argument “{name}” has more than {most} characters: shorten it.",
        "number": "The argument “{name}” must be a whole number from {least} to {most}.",
        "one_of": "The argument “{name}” must be one of {allowed}.",
        "extra": "This tool has no argument “{name}”: it has {allowed}.",
        "missing": "The argument “{name}” is missing.",
        "no_tool": "No tool is called “{name}”: there are {allowed}.",
        "no_prompt": "No prompt is called “{name}”: there is {allowed}.",
        "several": "“{name}” names {count} things; give the address of one: {choices}.",
        "unknown": "The graph does not know the name “{name}”.{near} "
        "find_thing searches by other words.",
        "near": " Did you mean: {names}?",
        "contact": "This person is named as a contact alone: nothing is told of them here.",
        "claim": "No claim has the id “{name}”: give subject, relation and object.",
        "question": "No question is called “{name}”.{near} list_questions has them.",
        "contacts_question": "This question tells contacts alone: it is not asked here.",
        "graph_answer": "A CONSTRUCT or DESCRIBE is not served here: ask for a table by SELECT, "
        "or ASK.",
        "query": "The query is not valid: {reason}",
        "400": "The query is not valid: {reason}",
        "403": "A query calls no other server from here, and writes nothing.",
        "413": "The query is too long.",
        "422": "The answer, or the memory that it needs, is too large: ask for less, by LIMIT.",
        "429": "Too many calls at once: wait for their answers, then ask again.",
        "503": "All processes are busy: ask again in a moment.",
        "504": "The query took longer than it may: ask for less, by LIMIT or an exact name.",
        "other": "The call came to nothing: {reason}",
        "resource": "No resource has the address “{name}”: there are {allowed}.",
    },
}
"""By language; statuses are those of the endpoint."""
