"""The stages as a calendar that programs subscribe to."""

from flask import Blueprint, Response, make_response

from rallynov_graph.app.certainty import certainty
from rallynov_graph.app.errors import Missing
from rallynov_graph.app.reading import lens, site
from rallynov_graph.exports import ics, stages
from rallynov_graph.rdf.formats import CALENDAR

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/stages.ics")
def calendar() -> Response:
    """Give the events that have a whole date as iCalendar."""
    if site().foreign:
        raise Missing(rallynov_only=True)
    found = stages.calendar(lens().queries, lens().language, certainty())
    if found is None:
        raise Missing
    response = make_response(ics.written(found))
    response.content_type = CALENDAR.content_type
    response.headers["Content-Disposition"] = 'inline; filename="stages.ics"'
    return response
