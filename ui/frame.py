"""The frame of every page: navigation, sidebar, notices, ribbon, footer; and `View`, what a page is given.

A page is short::

    from ui import cards, frame
    from ui.charts.line import line_chart

    def body(view: frame.View) -> None:
        [answer] = view.answer([view.question("detected_persons", by=["period"])])
        cards.figure_card(view, "by_year", answer, line_chart(answer, view.catalog, palette=view.palette))

    frame.show("trends", body)

`dashboard.py` calls `run()`, which draws what all pages share and then runs the page's script, which calls
`show()`.

The trap `show()` guards against: on Streamlit 1.67 a `pages/` folder beside the main script is taken for the
older kind of multi-page app until the first `st.navigation` of the process. A deep link that is the first
request after a start would run the page's script without `dashboard.py`. `ui.server` registers the pages when
the server imports `dashboard.py`; should a page still run alone, `show()` registers them and starts the run
again.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from analysis import Answer, Catalog, Choices, Filters, LttError, Measure, Question
from analysis import answer as answer_questions
from analysis.release import Release
from ui import controls, registry, session, states, theme
from ui.exports import Column, ExportContext
from ui.exports.words import REPORTED as REPORTED_SENTENCE
from ui.exports.words import RESTRICTED as STEWARD_SENTENCE
from ui.exports.words import protection

REPORTED = "Reported, not prevalence"
SYNTHETIC_SENTENCE = "Synthetic data, fictional place"
_FRAME = "_frame"


@dataclass(frozen=True)
class View:
    """Everything a page may use.

    Attributes
    ----------
    page
        The page's line in the registry.
    catalog, release
        The catalog and the open release. `release` is None only on pages shown with ``needs_release=False``.
    filters, choices
        The shared filters of the sidebar, and what they could be (codes to words).
    palette
        Colours of the theme the reader sees; hand it to charts.
    """

    page: registry.PageEntry
    catalog: Catalog
    release: Release | None
    filters: Filters
    choices: Choices
    palette: theme.Palette

    @property
    def profile(self) -> str:
        """The profile of the release: public, partner or steward."""
        return self.release.profile if self.release else "public"

    @property
    def place(self) -> str:
        """The place the release describes."""
        return self.release.place if self.release else ""

    def measure(self, code: str) -> Measure:
        """Return a measure of the catalog."""
        return self.catalog.measures[code]

    def measures(self, page: str) -> tuple[Measure, ...]:
        """Return the measures the catalog lists for a page that this release has figures for."""
        if self.release is None:
            return ()
        subjects = {one.subject for one in self.release.collections}
        held = set(self.release.table("observation")["source"].unique()) if self._has_observations else set()
        return tuple(
            one
            for one in self.catalog.measures_of(page)
            if (one.subject and one.subject in subjects) or (one.source and one.source in held)
        )

    @property
    def _has_observations(self) -> bool:
        return self.release is not None and "observation" in self.release.columns

    def splits(self, measure: str) -> dict[str, str]:
        """Return what a measure can be split by, codes to words; the first is the default."""
        entry = self.catalog.measures[measure]
        if entry.share_of:
            return {entry.share_of: self.header(entry.share_of)}
        names = self.catalog.subjects[entry.subject].dimensions if entry.subject else entry.dimensions
        return {"": "Nothing"} | {
            name: self.header(name) for name in names if name in self.catalog.dimensions
        }

    def question(self, measure: str, by: Sequence[str] = (), **parts: Any) -> Question:
        """Return a question that keeps the shared filters the measure can be divided by.

        Parameters
        ----------
        measure, by, **parts
            As in `Question`. Parts given here win over the filters; ``where`` is added to them.
        """
        allowed = self.applied_filters(measure)
        return allowed.question(measure, by, **parts)

    def applied_filters(self, measure: str) -> Filters:
        """Return the shared filters without those that the measure cannot be divided by."""
        entry = self.catalog.measures[measure]
        if entry.subject:
            names: Iterable[str] = self.catalog.subjects[entry.subject].dimensions
        else:
            names = entry.dimensions
        kept = tuple(pair for pair in self.filters.where if pair[0] in names)
        return Filters(self.filters.areas, self.filters.periods, kept, self.filters.collection)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer all questions of a page in one look-up; answers are kept per release.

        Raises
        ------
        analysis.errors.QuestionError
            If a question is not on the closed list. `show()` turns it into words on the page.
        """
        if self.release is None:
            return []
        return list(_answers(self.release.release_id, tuple(questions), _Held(self.release)))

    def words(self, dimension: str, code: str) -> str:
        """Return the words for a code of a dimension, an area or a contributor."""
        if dimension == "area":
            return self.choices.areas.get(code, code)
        if dimension == "source":
            return self.choices.sources.get(code, code)
        return self.catalog.label_of(dimension, code)

    def header(self, dimension: str) -> str:
        """Return the label of a dimension of the catalog."""
        return self.catalog.dimensions[dimension].label

    def export_context(self) -> ExportContext:
        """Return what every file says about its figures, with the words for all codes and no boundaries."""
        columns = {
            code: Column(found.label, found.description, {one.code: one.label for one in found.categories})
            for code, found in self.catalog.dimensions.items()
        }
        columns["period"] = Column("Period", "Year, quarter or month.")
        columns["area"] = Column("Area", "Where the person was identified.", self.choices.areas)
        columns["source"] = Column("Contributor", "Who contributed the record.", self.choices.sources)
        release = self.release
        return ExportContext(
            place=self.place,
            as_of=str(release.as_of) if release else "",
            release_id=release.release_id if release else "",
            profile=self.profile,
            contact=release.info.get("contact", "") if release else "",
            version=version(),
            synthetic=bool(release and release.synthetic),
            threshold=self.catalog.protection.threshold.get(self.profile, 10),
            permalink=self.link(),
            columns=columns,
        )

    def sentence(self, subject: str = "") -> str:
        """Return the shared filters in words: "People identified · Larkfield · 2016–2025 · forced labour"."""
        return self.filters.describe(self.catalog, self.choices, subject)

    def link(self) -> str:
        """Return the address of this page with everything chosen on it; codes, never words of records."""
        chosen = {name: value for name, value in st.query_params.to_dict().items() if value}
        chosen |= self.filters.to_query()
        base = (st.context.url or "").split("?")[0]
        return f"{base}?{urlencode(chosen, safe=',.')}" if chosen else base


class _Held:
    """Carries the release through the cache without taking part in its key."""

    def __init__(self, release: Release) -> None:
        self.release = release

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@functools.lru_cache(maxsize=512)
def _answers(release_id: str, questions: tuple[Question, ...], held: _Held) -> tuple[Answer, ...]:
    return tuple(answer_questions(list(questions), release=held.release))


def version() -> str:
    """Return the version of this program."""
    try:
        return metadata.version("local-trafficking-trends")
    except metadata.PackageNotFoundError:
        return "0.1.0"


def register() -> Any:
    """Tell Streamlit the pages; return the page the address asks for."""
    groups: dict[str, list[Any]] = {}
    for page in registry.available():
        groups.setdefault(page.group, []).append(
            st.Page(
                page.file, title=page.title, icon=page.icon, url_path=page.code, default=page is registry.HOME
            )
        )
    return st.navigation(groups)


def run() -> None:
    """Draw what all pages share, then the page; the whole of `dashboard.py`."""
    st.set_page_config(
        page_title="Local Trafficking Trends",
        page_icon=":material/show_chart:",
        layout="wide",
        menu_items={"About": f"Local Trafficking Trends {version()}. {REPORTED_SENTENCE}"},
    )
    page = register()
    palette = theme.active()
    st.html(f"<style>{theme.page_css(palette)}</style>")
    opened = session.open_for_session()
    choices, filters = Choices({}, {}, {}), Filters()
    if opened.catalog and opened.release:
        with st.sidebar:
            filters, choices = controls.shared_filters(opened.catalog, opened.release)
    st.session_state[_FRAME] = (opened, choices, filters, palette)
    page.run()


def show(code: str, body: Callable[[View], None], *, needs_release: bool = True) -> None:
    """Draw one page: ribbon, title, the filters in words, notices, the body, related pages, footer.

    Parameters
    ----------
    code
        The page's code in the registry.
    body
        Draws the content from a `View`. It runs as one fragment: its own widgets rerun it and nothing else,
        so it may use `st.session_state` and `view` but must not draw into the sidebar.
    needs_release
        False for a page that has something to say without figures; `view.release` can then be None.
    """
    frame = st.session_state.pop(_FRAME, None)
    if frame is None:  # this script ran without dashboard.py (see the module's docstring)
        register()
        st.rerun()
    opened, choices, filters, palette = frame
    page = registry.entry(code)
    _ribbon(opened.release)
    if opened.catalog is None:
        states.problem(opened.problem)
        return
    view = View(page, opened.catalog, opened.release, filters, choices, palette)
    _header(view)
    if opened.newer:
        states.newer_release(session.take_newest)
    notices = st.container()
    if opened.release is None and needs_release:
        states.no_release(opened.problem, session.release_folder(), page.title)
    else:
        _body(view, body)
    for text in controls.take_notices():
        notices.warning(text, icon=":material/info:")
    _related(page)
    _footer(view)


@st.fragment
def _body(view: View, body: Callable[[View], None]) -> None:
    try:
        body(view)
    except LttError as problem:
        states.problem(problem)


def _ribbon(release: Release | None) -> None:
    if release is None:
        return
    if release.profile == "steward":
        st.html(f'<div class="ltt-ribbon ltt-restricted" role="note">{STEWARD_SENTENCE}</div>')
    if release.synthetic:
        st.html(f'<div class="ltt-ribbon" role="note">{SYNTHETIC_SENTENCE}</div>')


def _header(view: View) -> None:
    st.title(view.page.title, anchor=False)
    if view.release:
        place = f"{view.place} · " if view.place else ""
        st.html(f'<p class="ltt-filters">{states.escape(place + view.sentence())}</p>')


def _related(page: registry.PageEntry) -> None:
    shown = {entry.code for entry in registry.available()}
    entries = [registry.entry(code) for code in page.related if code in shown]
    if not entries:
        return
    with st.container(key="related"):
        st.subheader("Related pages", anchor=False)
        for entry in entries:
            st.page_link(entry.file, label=f"{entry.title}: {entry.summary}", icon=entry.icon)


def _footer(view: View) -> None:
    parts = [REPORTED_SENTENCE]
    if view.release:
        parts.append(protection(view.profile, view.catalog.protection.threshold.get(view.profile, 10)))
        parts.append(f"Release {view.release.release_id} · {view.profile} · version {version()}")
    else:
        parts.append(f"Version {version()}")
    lines = "".join(f"<p>{states.escape(part)}</p>" for part in parts)
    st.html(f'<footer class="ltt-footer">{lines}</footer>')
