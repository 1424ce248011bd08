"""What follows from a mistake is left out; a second mistake is not."""

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, SHAPES
from rallynov_graph.validation.cascades import folded
from rallynov_graph.validation.report import VIOLATION, WARNING, Finding, Source

SUBJECT, LABEL = "http://purl.org/dc/terms/subject", "http://www.w3.org/2000/01/rdf-schema#label"


def finding(rule, thing="innovation/a", path=None, value=None, **more):
    focus = NamedNode(ID + thing)
    more = {"severity": VIOLATION, **more}
    return Finding(shape=SHAPES + rule, focus=focus, path=path, value=value, **more)


def test_a_conclusion_is_told_by_the_statement_that_it_comes_from():
    value = NamedNode(f"{ID}theme/nowhere")
    stated = finding("check-link_leads_somewhere", path=SUBJECT, value=value)
    of_list = finding("check-value_is_from_its_list", path=SUBJECT, value=value)
    concluded = finding("S", "organisation/a", "x:linked", value, concluded=True)
    assert folded([concluded, of_list, stated]) == [stated]
    assert folded([concluded]) == [concluded]


def test_two_values_of_one_property_are_two_mistakes():
    both = [finding("S-p", path=SUBJECT, value=Literal(text)) for text in ("un", "deux")]
    assert folded(both) == both


def test_a_lack_is_told_once_by_the_shape_of_the_things_own_kind():
    of_event, of_stage = (finding(rule, "stage/a", LABEL) for rule in ("EventShape", "StageShape"))
    assert folded([of_event, of_stage]) == [of_stage]
    other = finding("StageShape", "stage/b", LABEL)
    assert folded([of_stage, other]) == [of_stage, other]


def test_a_warning_is_left_where_it_is():
    lack = finding("InnovationShape-label", path=LABEL)
    warning = finding("InnovationShape-given", path=LABEL, severity=WARNING)
    assert folded([lack, warning]) == [lack, warning]


def test_three_strangers_in_a_set_are_three_mistakes_and_two_are_one():
    rule, of_set = "check-facts_of_a_set_belong_together", NamedNode(f"{ID}assertion-set/s")
    told = [finding(rule, f"person/{name}", value=of_set) for name in "abc"]
    assert folded(told) == told
    assert len(folded(told[:2])) == 1


def test_a_set_without_certainty_is_not_told_to_give_a_reason():
    component = "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    least = {"source": Source(NamedNode("x:shape"), component)}
    certainty = "https://w3id.org/rallynov/ontology#certainty"
    lack = finding("AssertionSetShape-certainty", "assertion-set/a", certainty, **least)
    reason = finding("ReasonShape", "assertion-set/a", value=NamedNode(f"{ID}assertion-set/a"))
    other = finding("ReasonShape", "assertion-set/b", value=NamedNode(f"{ID}assertion-set/b"))
    assert folded([lack, reason, other]) == [lack, other]
