"""Three made-up workbooks as small offices keep them, for drafts of mappings."""

import random
from pathlib import Path

from tests.etl.making_files import write_sheets

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COUNTIES = ("Miami-Dade", "Broward County, FL", "Palm Beach")


def clients(path: Path, rows: int = 120, seed: int = 7) -> Path:
    """Clients: a title, several choices in a cell, dates of two kinds, ages in words, names and notes."""
    draw = random.Random(seed)
    body: list[list[object]] = [
        ["Harbour House – client log (made up)"],
        [],
        [
            "Case #", "First name", "DOB", "Intake date", "County", "Age", "Sex", "Type(s) of trafficking",
            "Referred by", "Remarks",
        ],
    ]  # fmt: skip
    for number in range(rows):
        day, month = 1 + number % 28, 1 + number % 12
        when = f"{month:02d}/{day:02d}/2025" if number % 3 else f"{day}-{MONTHS[month - 1]}-25"
        body.append(
            [
                f"HH-{1000 + number}",
                draw.choice(("Maria", "John", "Ana", "Linh", "Olena", "James")),
                f"{month:02d}/{day:02d}/1999",
                when,
                draw.choice(COUNTIES),
                draw.choice(("17", "23 yrs", "mid 20s", "under 18", "25-30", "41")),
                draw.choice(("F", "F", "M", "Unk", "TG")),
                draw.choice(("Sex", "Labor", "Sex\nLabor", "Labor, Domestic servitude", "Sex trafficking")),
                draw.choice(("Police", "Hospital", "Self-referral", "CPS", "Shelter")),
                f"Long story number {number} that nobody but the case worker should ever read here",
            ]
        )
    body.append(["Total", rows])
    return write_sheets(path, {"Clients": body, "Lists": [["Sex"], ["F"], ["M"]]})


def by_month(path: Path) -> Path:
    """A tally of a year: a row for each site, a column for each month, a total."""
    months = [
        f"{name} 2025"
        for name in ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    ]
    rows: list[list[object]] = [["Safe Place contacts 2025"], [], ["Site", *months, "Total"]]
    for number, site in enumerate(("library_1", "fire_2", "mall_3", "bus_4")):
        cells = [(number * 5 + month) % 9 or None for month in range(12)]
        rows.append([site, *cells, sum(cell or 0 for cell in cells)])
    rows.append(["Total", *[9] * 12, 108])
    return write_sheets(path, {"2025": rows})


def by_county(path: Path) -> Path:
    """Reports, a tab for each county and a summary."""
    draw = random.Random(3)
    head = ["Report no.", "Date received", "How received", "Caller type", "Outcome"]
    sheets: dict[str, list[list[object]]] = {
        "Summary": [["County", "Reports"], *([name, 40] for name in COUNTIES)]
    }
    for place, name in enumerate(COUNTIES):
        rows: list[list[object]] = [head]
        for number in range(40):
            rows.append(
                [
                    f"T{place}-{number:04d}",
                    f"{1 + number % 12}/{1 + (number * 7) % 28}/2025",
                    draw.choice(("Phone", "Web form", "Text", "Walk-in")),
                    draw.choice(("Community member", "Survivor", "Teacher")),
                    draw.choice(("Referred to police", "Information only", "Closed")),
                ]
            )
        sheets[name] = rows
    return write_sheets(path, sheets)


def new_reports(path: Path) -> Path:
    """Numbers of new reports of a year: a row for each way they come, a column for each month, a total."""
    months = [f"{name} 2025" for name in MONTHS]
    rows: list[list[object]] = [["Tip line 2025"], [], ["How received", *months, "Total"]]
    for number, way in enumerate(("Phone", "Web form", "Text", "Walk-in")):
        cells = [(number * 5 + month) % 9 or None for month in range(12)]
        rows.append([way, *cells, sum(cell or 0 for cell in cells)])
    rows.append(["Total", *[9] * 12, 108])
    return write_sheets(path, {"Reports": rows})


def new_clients(path: Path) -> Path:
    """Numbers of new clients: a row for each month, county and sex."""
    rows: list[list[object]] = [["Month", "County", "Sex", "New clients"]]
    for month in range(1, 13):
        for place, county in enumerate(COUNTIES):
            rows += [[f"2025-{month:02d}", county, sex, (month * place + 3) % 7] for sex in ("F", "M")]
    return write_sheets(path, {"Sheet1": rows})
