"""The stages as a calendar that programs subscribe to."""

from flask import Blueprint, Response, make_response

from rallynov_graph.exports import ics, stage_calendar
from rallynov_graph.rdf.formats import CALENDAR
from rallynov_graph.site.web.error_pages import Missing, require_own_graph
from rallynov_graph.site.web.reader import view
from rallynov_graph.site.web.url_parameters import certainty

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/stages.ics")
def calendar() -> Response:
    """Serve the events that have a whole date as iCalendar."""
    require_own_graph()
    found = stage_calendar.calendar(view().queries, view().language, certainty())
    if found is None:
        raise Missing
    response = make_response(ics.written(found))
    response.content_type = CALENDAR.content_type
    response.headers["Content-Disposition"] = 'inline; filename="stages.ics"'
    return response
