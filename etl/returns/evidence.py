"""What the records say about a return beside its cells: what had to be assumed, and whom it may leave out."""

from dataclasses import dataclass

import duckdb

from etl.returns.facts import Facts
from etl.returns.periods import Period
from etl.store.warehouse import first_row


@dataclass(frozen=True)
class Evidence:
    """Numbers that checks need; all of the period.

    Attributes
    ----------
    served_without_being_clients : int
        People with a spell in the period who are not among the clients served.
    helped_without_spell : int
        People whose need was met, in full or in part, without any spell that ran.
    spells_of_nobody : int
        Spells without a person's reference, each a client of its own.
    ended_by_days, ended_without_days : int
        Spells whose end had to be assumed: nobody said how they ended, or how long they lasted.
    open_by_silence : int
        Clients open at the end only because whoever sent their spells has not reported to the end.
    undated_dispositions : int
        Decided charges without days, of any period: their month is not known.
    with_status, people : int
        People with a record in the period of whom somebody wrote a status down, and all of them.
    schemes : int
        Schemes of references that spells of service come under.
    rejected : dict
        Rows that were turned away when files of the period were loaded, by table.
    tallied : dict
        Months of the period for which numbers were sent in place of records, by table.
    """

    served_without_being_clients: int
    helped_without_spell: int
    spells_of_nobody: int
    ended_by_days: int
    ended_without_days: int
    open_by_silence: int
    undated_dispositions: int
    with_status: int
    people: int
    schemes: int
    rejected: dict[str, int]
    tallied: dict[str, int]


def evidence_of(connection: duckdb.DuckDBPyConnection, period: Period, facts: Facts) -> Evidence:
    """Count what the checks need; the relations of the period are there (`etl.returns.counting.prepare`)."""
    month = period.months[-1]
    silent = [who for who, months in facts.reported.get("service_episode", {}).items() if month not in months]
    ran = "coalesce(last_month >= getvariable('first_month'), true)"

    def number(query: str, *values: object) -> int:
        row = first_row(connection, query, values)
        return int(row[0]) if row and row[0] else 0

    return Evidence(
        served_without_being_clients=number(
            "SELECT count(DISTINCT person) FROM service "
            "ANTI JOIN (FROM client WHERE is_served) USING (person)"
        ),
        helped_without_spell=number(
            "SELECT count(DISTINCT person_key) FROM need "
            "ANTI JOIN (SELECT person AS person_key FROM client WHERE is_served) USING (person_key) "
            "WHERE need_status IN ('met', 'partly')"
        ),
        spells_of_nobody=number(f"SELECT count(*) FROM spell WHERE known_person IS NULL AND {ran}"),
        ended_by_days=number(
            "SELECT count(*) FROM spell WHERE exit_type = 'not_recorded' AND in_period(last_month)"
        ),
        ended_without_days=number(
            "SELECT count(*) FROM spell WHERE days_in_service IS NULL AND in_period(last_month)"
        ),
        open_by_silence=number(
            "SELECT count(*) FROM (SELECT person FROM spell "
            "WHERE coalesce(last_month > getvariable('last_month'), true) "
            "GROUP BY person HAVING bool_and(list_contains(?::VARCHAR[], source)))",
            silent,
        ),
        undated_dispositions=number(
            "SELECT count(*) FROM own_charge WHERE is_decided AND decided_month IS NULL "
            "AND period_start <= getvariable('last_month')"
        ),
        with_status=number("SELECT count(*) FROM identified WHERE status <> 'not_recorded'"),
        people=number("SELECT count(*) FROM identified"),
        schemes=number(
            "SELECT count(DISTINCT coalesce(nullif(person_scheme, ''), source_id)) FROM stage.source "
            "JOIN mart.load USING (source_id) JOIN stage.load_table USING (load_id) "
            "WHERE is_own AND is_current AND table_name = 'service_episode'"
        ),
        rejected=dict(
            connection.execute(
                "SELECT table_name, count(DISTINCT (load_id, line)) FROM mart.rejected_row "
                "JOIN mart.load USING (load_id) JOIN stage.source USING (source_id) "
                "WHERE is_own AND is_current AND period_from <= $2 AND period_to >= $1 "
                "GROUP BY table_name ORDER BY table_name",
                [period.months[0], month],
            ).fetchall()
        ),
        tallied=dict(
            connection.execute(
                "SELECT table_name, count(DISTINCT month) FROM core.month_owner "
                "JOIN stage.load_table USING (load_id, table_name) "
                "WHERE is_tally AND strftime(month, '%Y-%m') BETWEEN ? AND ? "
                "GROUP BY table_name ORDER BY table_name",
                [period.months[0], month],
            ).fetchall()
        ),
    )
