"""The pages of the dashboard, in sidebar order: one line adds a page."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGES_FOLDER = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page.

    `code` is at once the file's name and the path in the address: Streamlit derives a page's identity from
    it, and a deep link that arrives before the first page was ever shown must lead to the same page (see
    `ui.app.frame`). `related` are codes of the pages that a reader of this one wants next. `choices` are the
    names in the address that belong to this page, such as its measure; `ui.view.controls` binds no others.
    They stand here and not in the script, because every page must know which names of a link another page
    goes by. Those in `visible` are inputs that the page itself shows; the frame draws the others, hidden.
    """

    code: str
    title: str
    icon: str
    group: str
    summary: str
    related: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    visible: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        """The script of the page."""
        return PAGES_FOLDER / f"{self.code}.py"


GROUPS = ("See", "Respond", "Evaluate", "Use", "Trust")
PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "Overview", ":material/home:", "See", "What changed, where, and how sure we are.",
              ("trends", "geography", "data_quality")),
    PageEntry("trends", "Trends", ":material/show_chart:", "See", "Any measure over time.",
              ("geography", "people_and_forms", "methods"),
              choices=("measure", "split", "level", "laws", "compare")),
    PageEntry("geography", "Geography", ":material/map:", "See", "Areas in bands, on a map and in a list.",
              ("trends", "people_and_forms", "methods"),
              choices=("measure", "show", "level", "within", "place")),
    PageEntry("area", "One area", ":material/pin_drop:", "See",
              "A county or district on one page, beside the region.", ("geography", "trends", "methods")),
    PageEntry("people_and_forms", "People and forms", ":material/group:", "See",
              "Who was identified, and how people were exploited.", ("trends", "explore", "methods"),
              choices=("rows", "columns")),
    PageEntry("reporting", "Reporting", ":material/call:", "Respond",
              "Reports by channel, who made them, and what became of them.",
              ("pathway", "trends", "methods"),
              choices=("compare", "hotline_place")),
    PageEntry("pathway", "Referral pathway", ":material/route:", "Respond",
              "From a report to a stable outcome: where people drop off, and how long they wait.",
              ("gaps", "reporting", "methods"),
              choices=("compare", "step")),
    PageEntry("gaps", "Service gaps", ":material/bed:", "Respond",
              "Need, places, reach and reasons not served, and what would close a gap.",
              ("pathway", "funding", "methods"),
              choices=("show", "type", "reach", "if_type", "if_area", "if_places", "if_site")),
    PageEntry("enforcement", "Enforcement", ":material/gavel:", "Respond",
              "Investigations, arrests, charges and convictions; people met in operations.",
              ("reporting", "partnerships", "methods"),
              choices=("compare", "fbi_place", "fbi_county")),
    PageEntry("partnerships", "Partnerships and law", ":material/handshake:", "Respond",
              "Agreements, the referral network, actions, laws and duties.",
              ("pathway", "funding", "methods"),
              choices=("network", "laws")),
    PageEntry("funding", "Funding", ":material/payments:", "Respond",
              "Where money comes from, what it pays for, and when it ends.",
              ("gaps", "partnerships", "methods")),
    PageEntry("prevention", "Prevention and training", ":material/school:", "Evaluate",
              "Who was reached by campaigns and training, and what changed.",
              ("outcomes", "reporting", "methods"),
              choices=("campaign", "role")),
    PageEntry("initiatives", "Initiatives", ":material/flag:", "Evaluate",
              "What was counted while a campaign, an agreement or a law ran, beside where it did not.",
              ("prevention", "partnerships", "methods"),
              choices=("initiative",)),
    PageEntry("outcomes", "Outcomes and barriers", ":material/psychology_alt:", "Evaluate",
              "How survivors fare, what stands in the way, and what is not reported.",
              ("gaps", "prevention", "methods")),
    PageEntry("hidden_population", "Hidden population", ":material/visibility_off:", "Evaluate",
              "About how many people could have been listed, and how sure that is.",
              ("outcomes", "partnerships", "methods")),
    PageEntry("explore", "Explore and export", ":material/table_view:", "Use",
              "Build any permitted table and take it with you.", ("methods", "data_quality"),
              choices=("measure", "by", "level", "arealevel")),
    PageEntry("briefing", "Briefing", ":material/co_present:", "Use",
              "Put cards in order, present them, and take them along as slides.", ("overview", "explore"),
              choices=("cards",)),
    PageEntry("data_quality", "Data quality", ":material/fact_check:", "Trust",
              "What was loaded, what is missing, and what is not shown.", ("methods", "overview"),
              choices=("complete_of", "shown_by")),
    PageEntry("releases", "What was published when", ":material/history:", "Trust",
              "Every release that can still be read, and two of them side by side.",
              ("data_quality", "methods"),
              choices=("measure", "against")),
    PageEntry("methods", "Methods", ":material/menu_book:", "Trust",
              "How every figure is measured and protected.", ("data_quality", "explore"),
              choices=("find",), visible=("find",)),
)  # fmt: skip
HOME = PAGES[0]


def entry(code: str) -> PageEntry:
    """Return the page with that code."""
    return next(page for page in PAGES if page.code == code)


@cache
def all_choices() -> frozenset[str]:
    """Return the names in the address that any page goes by."""
    return frozenset(name for page in PAGES for name in page.choices)


@cache
def available() -> tuple[PageEntry, ...]:
    """Return the pages whose script exists, in order."""
    return tuple(page for page in PAGES if page.file.exists())
