"""Makes one return: reads what it asks, counts it in the current warehouse, checks it, writes and logs it."""

from dataclasses import dataclass, replace
from pathlib import Path

from etl.config import Home, named_now
from etl.errors import EtlError
from etl.progress import Progress
from etl.returns import counting, filing
from etl.returns.checks import checks_of
from etl.returns.compared import differences, figures_text, read_figures
from etl.returns.draft import Draft
from etl.returns.evidence import evidence_of
from etl.returns.facts import facts_of, refuse_period
from etl.returns.model import Return
from etl.returns.periods import Period, period_of
from etl.returns.reading import read_return
from etl.returns.workbook import workbook_bytes
from etl.store import warehouse


@dataclass(frozen=True)
class Report:
    """What was made; nothing here may not be printed, so no number of the return."""

    path: Path
    period: Period
    cells: int
    filled: int
    broken: list[str]
    compared_with: str
    changed_since_made: int
    kept: Path | None
    is_synthetic: bool


def make(
    home: Home, name: str, period_text: str, out: Path | None, progress: Progress, *, handed_over: bool
) -> Report:
    """Make a return and write its workbook. The caller has the lock.

    Parameters
    ----------
    home
        Where the records are.
    name, period_text
        Which return, of which period.
    out, handed_over
        Where to, if not below the restricted folder (`etl.returns.filing.workbook_path`).

    Raises
    ------
    EtlError
        With what is wrong and what is allowed; nothing was written then.
    """
    asked = read_return(name)
    period = period_of(period_text, asked.periods, asked.fiscal_month)
    path = filing.workbook_path(home, asked, period, out, handed_over)
    progress.start("Count")
    draft = _draft(home, asked, period)
    progress.start("Write")
    checks = checks_of(draft)
    content = workbook_bytes(draft, checks)
    made_before = read_figures(filing.figures_path(home, asked, period))
    changed = len(differences(draft.cells, made_before)) if made_before else 0
    kept = _write(home, draft, path, content, handed_over=handed_over, is_changed=changed > 0)
    return Report(
        path=path,
        period=period,
        cells=len(draft.cells),
        filled=sum(cell.value is not None for cell in draft.cells),
        broken=[check.label for check in checks if check.holds is False],
        compared_with=draft.earlier.period if draft.earlier else "",
        changed_since_made=changed,
        kept=kept,
        is_synthetic=draft.facts.is_synthetic,
    )


def _draft(home: Home, asked: Return, period: Period) -> Draft:
    with warehouse.connect(warehouse.current(home)) as connection:
        facts = facts_of(connection, period)
        facts = replace(facts, info={**facts.info, **named_now(home, facts.info)})
        refuse_period(facts, counting.tables_of(asked, period.kind), period, str(home.root))
        counting.prepare(connection, asked, period)
        return Draft(
            asked=asked,
            period=period,
            cells=counting.cells_of(connection, asked, period, facts),
            flow=counting.flow_of(connection),
            facts=facts,
            evidence=evidence_of(connection, period, facts),
            earlier=read_figures(filing.figures_path(home, asked, period.before())),
        )


def _write(
    home: Home, draft: Draft, path: Path, content: bytes, *, handed_over: bool, is_changed: bool
) -> Path | None:
    """Write workbook and figures; return where an earlier workbook with other numbers was put."""
    asked, period = draft.asked, draft.period
    filing.make_folder(home)
    manifest = warehouse.read_manifest(home)
    assert manifest is not None  # the warehouse was just read
    version = manifest.current
    figures = figures_text(asked, period, draft.cells, draft.flow).encode("utf-8")
    files = {path: content, filing.figures_path(home, asked, period): figures}
    kept = filing.place_for_earlier(path) if is_changed and path.exists() else None
    if kept:  # what was handed in stays there
        files = {kept: path.read_bytes(), **files}
    filing.write_files(
        files,
        # A return that is there and in no log would be worse than a line without its file.
        lambda: filing.log(home, asked, period, path=path, version=version, handed_over=handed_over),
    )
    return kept


def refuse_empty(home: Home) -> None:
    """Refuse a home in which nothing is loaded, before a folder is made in it.

    Raises
    ------
    EtlError
        With the way to load something.
    """
    if warehouse.read_manifest(home) is None:
        raise EtlError(
            f"Nothing is loaded in {home.root}, so there is nothing to count.",
            f"python -m etl load --help (or, to try it: python -m etl build --demo --home {home.root})",
        )
