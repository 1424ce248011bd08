"""What a text says against the data: positions in any script, forms cut up, quotations."""

from collections.abc import Mapping

import pytest
from pyoxigraph import RdfFormat, parse

from made_up_carnet import TEXT, document
from rallynov_graph.base.namespaces import ID, RN, SHAPES
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.release import building, text_faults
from rallynov_graph.release.documents import SourceFile

LONG = f"{TEXT} Le savoir-\n\nengagement\n\nfaire, que l’on partage à dix, l'hiver, dans la grange."
AT = LONG.index
PLACES = {
    "savoir": (AT("savoir-"), AT("savoir-") + 7),
    "faire": (AT("faire,"), AT("faire,") + 5),
}


def found(said: str, places: Mapping[str, tuple[int, int]] = PLACES) -> list[tuple[str, str]]:
    """Return the check and the French sentence of what is found in what a set says."""
    passages = "".join(
        f"<{ID}passage/{name}> a rn:Passage ; oa:hasSource <{ID}extraction/essai> ;"
        f" oa:hasSelector <{ID}selector/{name}> .\n"
        f"<{ID}selector/{name}> oa:start {start} ; oa:end {end} .\n"
        f":cut rn:passage <{ID}passage/{name}> .\n"
        for name, (start, end) in places.items()
    )
    trig = f"{document(LONG)}{passages} GRAPH :cut {{ <{ID}person/anne> {said} }}"
    quads = [*parse(trig.encode(), format=RdfFormat.TRIG)]
    file = SourceFile("essai.txt", document_hash(trig), LONG.encode())
    ontology = building.ontology_of(ontology_dir())
    return [
        (str(it.shape).removeprefix(f"{SHAPES}check-"), it.message("fr"))
        for it in text_faults.faults(quads, ontology, [file])
    ]


def document_hash(trig: str) -> str:
    return trig.partition('rn:sha256 "')[2].partition('"')[0]


@pytest.mark.parametrize("form", ["savoir-faire", "savoir-", "faire"])
def test_passages_carry_a_form_together_though_other_words_stand_between(form):
    assert found(f'rn:asPrinted "{form}"') == []


def test_a_form_that_only_looks_the_same_is_told_with_the_right_one():
    place = {"hiver": (AT("l'hiver"), AT("l'hiver") + 7)}
    assert found(f'<{RN}nameAsPrinted> "l’hiver"', place) == [
        (
            "printed_form_is_exact",
            "Le texte écrit « l'hiver » : même forme à l’œil, autre apostrophe, tiret ou espace. "
            "Recopiez-la telle quelle.",
        )
    ]


def test_a_form_elsewhere_is_told_with_its_place():
    place = AT("grange")
    assert found('rn:asPrinted "grange"') == [
        (
            "printed_form_is_printed",
            "« grange » n’est pas dans les passages de ce jeu ; c’est aux signes "
            f"{place} à {place + 6} du texte.",
        )
    ]


def test_a_shifted_passage_is_told_and_not_what_it_lacks_then():
    shifted = {name: (start - 1, end - 1) for name, (start, end) in PLACES.items()}
    told = found('rn:asPrinted "savoir-faire"', shifted)
    assert [check for check, _ in told] == ["passage_holds_whole_words"] * 2


def test_words_that_are_quoted_are_no_copy():
    words = "faire, que l’on partage à dix, l'hiver, dans la grange"
    assert [check for check, _ in found(f'rdfs:comment "Elle dit : {words}."')] == [
        "words_are_ours"
    ]
    assert found(f'rdfs:comment "Elle dit : « {words} »."') == []
