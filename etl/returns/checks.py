"""The checks that a reviewer makes, made before the return leaves: on its own numbers and on the records."""

from collections.abc import Iterator, Mapping, Sequence

from analysis.words import counted
from etl.returns.draft import Draft
from etl.returns.evidence import Evidence
from etl.returns.facts import Facts, month_words
from etl.returns.model import TOTAL, Block, Cell, Check, Return
from etl.returns.periods import Period
from etl.returns.questions import COUNTS, table_label


def checks_of(draft: Draft) -> list[Check]:
    """Return all checks of a return, in the order of a reviewer."""
    asked, period, facts = draft.asked, draft.period, draft.facts
    counts = {
        code: COUNTS[code]
        for sheet in asked.sheets_for(period.kind)
        for block in sheet.blocks
        for code in block.counts
    }
    tables = sorted({table for one in counts.values() if not one.is_register for table in one.tables})
    found: list[Check] = []
    if any(code.startswith("clients_") for code in counts):
        found += _flow_checks(draft)
    found += _addition_checks(asked, period, draft.cells)
    found += _coverage_checks(period, tables, facts)
    tallied = {table: months for table, months in draft.evidence.tallied.items() if table in tables}
    if tallied:
        found.append(_tally_check(tallied))
    rejected = {table: rows for table, rows in draft.evidence.rejected.items() if table in tables}
    if rejected:
        found.append(_rejected_check(rejected))
    found += _date_checks(tables, facts, draft.evidence, "dispositions" in counts)
    if any(code.startswith("people_") and "status" in one.by for code, one in counts.items()):
        found.append(_status_check(draft.evidence, facts))
    registers = sorted({table_label(one.tables[0]) for one in counts.values() if one.is_register})
    if registers:
        found.append(
            Check(
                "Registers are complete",
                None,
                f"{', '.join(registers)}: these sheets speak for no months, so nobody can tell here whether "
                "everything up to the end of the period is in them.",
            )
        )
    return found


def _flow_checks(draft: Draft) -> Iterator[Check]:
    flow, evidence, earlier = draft.flow, draft.evidence, draft.earlier
    start, new, again = (flow[f"clients_{name}"] for name in ("open_at_start", "new", "reopened"))
    closed, end, served = (flow[f"clients_{name}"] for name in ("closed", "open_at_end", "served"))
    worked_out = start + new + again - closed
    yield Check(
        "Open at start + new + reopened − closed = open at end",
        worked_out == end,
        f"{start:,} + {new:,} + {again:,} − {closed:,} = {worked_out:,}; open at end: {end:,}.",
    )
    yield Check(
        "Open at start + new + reopened = served",
        start + new + again == served,
        f"{start:,} + {new:,} + {again:,} = {start + new + again:,}; served: {served:,}.",
    )
    before = earlier.flow.get("clients_open_at_end") if earlier else None
    if earlier and before is not None:
        yield Check(
            f"Open at start = open at end of {earlier.period}",
            before == start,
            f"{earlier.period} said {before:,} open at its end; now {start:,} are open at the start."
            f"{'' if before == start else ' Records were loaded or corrected since: make it again.'}",
        )
    strangers = evidence.served_without_being_clients
    yield Check(
        "Services only for clients served in the period",
        strangers == 0,
        f"{counted(strangers, 'person')} with a spell of service in the period, not among those served.",
    )
    if evidence.helped_without_spell:
        yield Check(
            "Help without a spell of service",
            None,
            f"{counted(evidence.helped_without_spell, 'person')} had a need met in the period and no spell "
            "of service in it. They are among the needs, not among the clients.",
        )
    yield _identity_check(evidence)
    since = draft.facts.first_month("service_episode")
    yield Check(
        "New clients are new",
        None,
        f"Spells of service are on record since {since}: whoever was a client before that counts as new when "
        "the first spell on record begins.",
    )
    if evidence.open_by_silence:
        yield Check(
            "Open clients are still reported on",
            False,
            f"{counted(evidence.open_by_silence, 'client')} open at the end only because whoever sent the "
            "spell has not reported up to the end of the period.",
        )


def _tally_check(tallied: Mapping[str, int]) -> Check:
    sent = ", ".join(f"{table_label(table)} {counted(months, 'month')}" for table, months in tallied.items())
    return Check(
        "Numbers in place of records",
        None,
        f"Sent for months of the period: {sent}. Whoever stands in such a number is not recognised in "
        "another month, or with another contributor, and counts again.",
    )


def _identity_check(evidence: Evidence) -> Check:
    words = ["One reference of one scheme is one client, whoever sent it."]
    if evidence.schemes > 1:
        words.append(
            f"Spells come under {evidence.schemes} schemes of references: who has a reference in two of them "
            "is two clients."
        )
    if evidence.spells_of_nobody:
        words.append(
            f"{counted(evidence.spells_of_nobody, 'spell')} of the period without a person's reference: each "
            "is a client of its own, and may be one of the others."
        )
    return Check("Nobody is counted twice", True if len(words) == 1 else None, " ".join(words))


def _addition_checks(asked: Return, period: Period, cells: Sequence[Cell]) -> Iterator[Check]:
    """Compare each breakdown with its total; one check for all that hold, one for each that does not."""
    by_block: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        by_block.setdefault((cell.sheet, cell.block, cell.column_code), []).append(cell)
    held = several = 0
    for sheet in asked.sheets_for(period.kind):
        for block in sheet.blocks:
            for (of, code, column), column_cells in by_block.items():
                if not block.by or (of, code) != (sheet.code, block.code):
                    continue
                adds_up = COUNTS[column.partition("/")[0]].adds_up(block.by)
                wrong = _difference(block, column_cells, adds_up=adds_up)
                if wrong:
                    yield Check("A breakdown adds up to its total", False, f"{sheet.label}: {wrong}")
                else:
                    held += adds_up
                    several += not adds_up
    yield Check(
        "Each breakdown adds up to its total",
        True if held else None,
        f"{counted(held, 'column')} of breakdowns add up exactly."
        + (
            f" In {counted(several, 'more column')} one person can be in several lines: each line is at most "
            "the total, and together they are at least it."
            if several
            else ""
        ),
    )


def _difference(block: Block, cells: Sequence[Cell], *, adds_up: bool) -> str:
    """Say how far the lines of a column are from their total; nothing where they agree."""
    total = next((cell.value for cell in cells if cell.row_code == TOTAL), None)
    parts = [cell.value for cell in cells if cell.row_code != TOTAL and cell.value is not None]
    if total is None:
        return ""
    together = round(sum(parts), 2)
    is_right = together == total if adds_up else together >= total >= max(parts, default=0)
    where = f"{block.label}, {cells[0].column}"
    return "" if is_right else f"{where}: the lines make {together:,}, the total is {total:,}."


def _coverage_checks(period: Period, tables: Sequence[str], facts: Facts) -> Iterator[Check]:
    uncovered = {
        table: months
        for table in tables
        if table in facts.loaded and (months := facts.missing_months(table, period))
    }
    yield Check(
        "The period is whole",
        not uncovered,
        "; ".join(
            f"{table_label(table)}: nobody for {month_words(months)}" for table, months in uncovered.items()
        )
        or f"Every sheet that is loaded covers {period.label}.",
    )
    silent = facts.silent(tables, period)
    words = "; ".join(
        f"{facts.labels.get(who, who)} ({table_label(table)}): not for {month_words(months)}, last for "
        f"{max(facts.reported[table][who])}"
        for (table, who), months in silent.items()
    )
    yield Check(
        "Every contributor has reported",
        not silent,
        words or "Everyone who has sent these sheets before has sent them for the whole period.",
    )


def _rejected_check(rejected: Mapping[str, int]) -> Check:
    listed = ", ".join(f"{table_label(table)} {rows:,}" for table, rows in rejected.items())
    return Check(
        "Rows that were turned away",
        None,
        "Of files that reach into the period, rows were rejected when they were loaded and are in no "
        f"number: {listed}. Which and why: python -m etl status --rejected",
    )


def _date_checks(
    tables: Sequence[str], facts: Facts, evidence: Evidence, has_dispositions: bool
) -> Iterator[Check]:
    straddling = {table: facts.straddling[table] for table in tables if table in facts.straddling}
    yield Check(
        "Dates by month",
        not straddling,
        "; ".join(
            f"{table_label(table)}: {counted(rows, 'row')} dated by a quarter or year that is only partly in "
            "the period (counted by the first month, amounts not at all)"
            for table, rows in straddling.items()
        )
        or "Every row is dated by a month, or by a quarter or year inside the period.",
    )
    yield Check(
        "Begin and end of a service",
        None,
        "Only months are kept. A spell begins in the month that holds the middle of the month it was asked "
        "for in plus the days to its start, and ends after its days in service: near the edges of the period "
        "this can be a month off. "
        f"{counted(evidence.ended_by_days, 'spell')} ended after the days given, with no word on how; "
        f"{counted(evidence.ended_without_days, 'spell')} ended in the month of the start, with no word on "
        "how long it lasted.",
    )
    if has_dispositions and evidence.undated_dispositions:
        yield Check(
            "Dispositions are dated",
            False,
            f"{counted(evidence.undated_dispositions, 'decided charge')} without days to the disposition: "
            "the month is not known, so they are in no period.",
        )


def _status_check(evidence: Evidence, facts: Facts) -> Check:
    known, people = evidence.with_status, evidence.people
    mixed = (
        f" The register only ever says '{next(iter(facts.statuses))}': if that stands for both, the column "
        "is not what its head says."
        if len(facts.statuses) == 1
        else ""
    )
    return Check(
        "Potential and confirmed people are kept apart",
        not people or (known > 0 and not mixed),
        f"A status is on record for {known:,} of {counted(people, 'person')} with a record in the period. "
        f"The columns are never added up.{mixed}",
    )
