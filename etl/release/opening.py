"""Opens closed months again that nobody has read (`python -m etl unfreeze`)."""

import shutil

from analysis import load_catalog
from analysis.periods import Span
from etl.config import Home, secret
from etl.errors import EtlError
from etl.release.cells.layout import WAREHOUSE, layouts
from etl.release.closing import contributions, freeze, reports
from etl.release.closing.closed_periods import month_code
from etl.release.closing.unfreeze import (
    closed_spans,
    draw_new_keys,
    months_to_open,
    open_again,
    resolutions,
)
from etl.release.delay.completeness import forget_completeness
from etl.release.hidden.estimates import forget_estimates
from etl.release.publishing.swap import put_frozen
from etl.release.workspace import aside_folder, connected, is_synthetic_home
from etl.store import released, warehouse


def unfreeze(home: Home, month: int) -> list[str]:
    """Open closed months again, from one on, that no release was ever written for. The caller has the lock.

    Parameters
    ----------
    home
        The deployment.
    month
        The first month to open, counted from year 0.

    Returns
    -------
    list of str
        What was opened, in words.

    Raises
    ------
    EtlError
        When the month is not closed, or a release that holds it was written; nothing has changed then.
    """
    catalog, is_synthetic = load_catalog(), is_synthetic_home(home)
    frozen = home.frozen(is_synthetic)
    released.refuse_lost(home, is_synthetic)
    if not frozen.exists():
        raise EtlError("No month is closed here.", f"python -m etl release --home {home.root}")
    lines = []
    with aside_folder(home) as folder:
        aside = folder / frozen.name
        shutil.copyfile(frozen, aside)
        with connected(folder, warehouse.current(home), aside) as connection:
            [(as_of,)] = connection.execute(
                f"SELECT value::DATE FROM {WAREHOUSE}.meta.info WHERE key = 'as_of'"
            ).fetchall()
            freeze.open_series(connection, secret(home, is_synthetic), catalog.protection, is_synthetic)
            closed = closed_spans(connection)
            opened = months_to_open(closed, month, resolutions(connection), str(home.root))
            figures = contributions.spans_of_figures(connection)
            known = released.read(home, is_synthetic, closed | figures)
            released.refuse_released(known, opened.items(), home.root)
            subjects = {layout.code: layout for layout in layouts(connection, catalog)}
            for (collection, subject), months in opened.items():
                count = open_again(connection, subjects[subject], collection, months, as_of)
                if subjects[subject].subject.lists:
                    forget_estimates(connection, collection, months)
                if subjects[subject].subject.entered:
                    forget_completeness(connection, collection, subject, months)
                ends = f"{month_code(months.first)} to {month_code(months.last)}"
                lines.append(f"{collection}/{subject}: {ends} open again ({count:,} records)")
            for collection in sorted({name for name, _ in opened}):
                of_collection = next(span for (name, _), span in opened.items() if name == collection)
                years = draw_new_keys(connection, collection, of_collection)
                if years:
                    lines.append(f"{collection}: new random changes for {', '.join(map(str, years))}")
            reports.forget_open(connection, closed_spans(connection))
            # Figures of organisations close by the calendar: those that a release held stay as they are.
            for key, span in sorted(figures.items()):
                months = Span(max(span.first, month), span.last)
                if span.last >= month and not known.holds(key, months):
                    count = contributions.forget(connection, key[1], month)
                    lines.append(f"{'/'.join(key)}: {count:,} from {month_code(month)} on are decided again")
        known.frozen = [warehouse.sha256(path) for path in (frozen, aside)]
        released.write(home, is_synthetic, known)
        put_frozen(aside, frozen)
    return lines
