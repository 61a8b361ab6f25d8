"""The address of the page that shows a table: the same for every file of it, wherever it was made."""

from urllib.parse import urlencode

from analysis.catalog.model import Catalog
from analysis.questions.divisions import with_needed
from analysis.questions.filters import SHARED_DIMENSIONS, filters_of
from analysis.questions.question import Question

PAGE = "explore"


def permalink(question: Question, catalog: Catalog, base: str = "", release: str = "") -> str:
    """Return the address of the Explore page that shows the table of a question.

    Parameters
    ----------
    question
        Answered, so that all its names are known.
    catalog
        Says which measures the page offers.
    base
        Where readers find the dashboard; the address then holds from anywhere, else on every machine that
        serves this release.
    release
        Id of the release, where it was chosen; empty for the newest of the day on which it is opened.

    Returns
    -------
    str
        Empty where the page has no such table: one number, or a filter that is not in its sidebar.
    """
    measure = catalog.measures[question.measure]
    filters = filters_of(question)
    rows = with_needed(measure, question.by)
    is_shown = PAGE in measure.pages and bool(rows) and "field" not in rows
    if not is_shown or any(name not in SHARED_DIMENSIONS for name, _ in filters.where):
        return ""
    chosen = {"measure": measure.code, "by": ",".join(rows)}
    if "period" in rows and question.period_level != "year":
        chosen["level"] = question.period_level
    if "area" in rows and question.area_level is not None:
        chosen["arealevel"] = str(question.area_level)
    chosen |= filters.to_query() | ({"release": release} if release else {})
    return f"{base}/{PAGE}?{urlencode(chosen, safe=',.')}"
