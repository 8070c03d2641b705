"""Charts as files of their own: pages only name them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.queries.contract import contract
from backend.queries.errors import NotFoundError
from backend.web.charts.canvas import Canvas
from backend.web.charts.paid import HEIGHTS, draw_paid
from backend.web.charts.timeline import draw_timeline, height_of
from backend.web.contexts.charts import paid_chart, paid_months, timeline_chart
from backend.web.parameters import PaidPicture, Picture
from backend.web.visit import Visiting

pictures = APIRouter()
# Plain functions: FastAPI runs them in a thread, so that drawing keeps nobody waiting.


@pictures.get("/charts/payments.svg")
def payments_by_month(visit: Visiting, choice: Annotated[PaidPicture, Query()]) -> Response:
    """What was paid month by month in one currency."""
    formats = visit.desk.formats
    for months in paid_months(visit.session, choice.year, formats):
        if months.currency == choice.currency:
            canvas = Canvas(choice.theme, choice.size, HEIGHTS[choice.size])
            return visit.picture(draw_paid(paid_chart(months, formats), canvas))
    raise NotFoundError(f"Nothing was paid in {choice.currency} in these months.")


@pictures.get("/contracts/{name}/timeline.svg")
def timeline(visit: Visiting, name: str, choice: Annotated[Picture, Query()]) -> Response:
    """The stages of a contract, planned and actual."""
    formats = visit.desk.formats
    milestones = contract(visit.session, name, visit.now).milestones
    chart = timeline_chart(milestones, choice.size, formats)
    if chart is None:
        raise NotFoundError(f"No stage of contract {name!r:.80} has a date.")
    canvas = Canvas(choice.theme, choice.size, height_of(len(chart.bars)))
    return visit.picture(draw_timeline(chart, canvas))
