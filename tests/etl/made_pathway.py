"""Made-up sheets of reports, referrals, spells, organisations and agreements, with their mappings."""

from pathlib import Path

from etl.tables import contract
from tests.etl.made_home import CommandLine, Deliverer

TABLE = """\
{period}
[source]
id = "{source}"
label = "{source}"
collection = "{collection}"
geography = "riverland"
[[table]]
name = "{table}"
[table.columns]
{columns}
"""
REFERRALS = (
    "referral_ref,period,area,from_org_type,to_organisation,decision,days_to_decision,days_to_contact,is_open"
)
EPISODES = (
    "service_episode_ref,referral_ref,period,provider,days_to_start,is_started,days_in_service,exit_type"
)
TIPS = "tip_ref,period,area,channel,reporter_type,form,disposition,finding,response_hours,referral_ref"
ORGANISATIONS = "organisation,name,organisation_type"
AGREEMENTS = "partnership,name,kind,from_organisation,to_organisation,from_org_type,start_date,end_date"
HEADERS = {
    "referral": REFERRALS,
    "service_episode": EPISODES,
    "tip": TIPS,
    "organisation": ORGANISATIONS,
    "partnership": AGREEMENTS,
}


def sheet(
    give: Deliverer, table: str, rows: list[str], *, months: str = "", source: str = "shelter", name: str = ""
) -> tuple[Path, Path]:
    """Write one sheet whose headings are the canonical names; lists are divided by semicolons."""
    known = {column.strip() for column in HEADERS[table].split(",")}
    if table == "partnership":
        known &= set(contract(table).names)  # what an agreement needs besides is another topic's
    header = [one for one in HEADERS[table].split(",") if one in known]
    stem = name or f"{table}_{source}"
    data, mapping = give.folder / f"{stem}.csv", give.folder / f"{stem}.toml"
    kept = [_kept(row, HEADERS[table].split(","), header) for row in rows]
    data.write_text("\n".join([",".join(header), *kept]) + "\n", "utf-8")
    lists = {"form": '{ column = "form", split = ";" }'}
    columns = "\n".join(f"{one} = {lists.get(one, f'{chr(34)}{one}{chr(34)}')}" for one in header)
    personal = table in ("referral", "service_episode", "tip")
    mapping.write_text(
        TABLE.format(
            period=f'period = "{months}"' if months else "",
            source=source if personal else f"{source}_{table}",
            collection="register" if personal else f"{source}_{table}",
            table=table,
            columns=columns,
        ),
        "utf-8",
    )
    return data, mapping


def _kept(row: str, names: list[str], header: list[str]) -> str:
    cells = dict(zip(names, row.split(","), strict=True))
    return ",".join(cells[name] for name in header)


def load(run: CommandLine, files: tuple[Path, Path]) -> None:
    """Load a sheet, and fail with what the command said if it was refused."""
    ran = run.load(files)
    assert ran.code == 0, ran.err
