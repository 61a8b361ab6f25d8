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


def office(path: Path, rows: int = 60, seed: int = 5) -> Path:
    """A tab for clients, one for reports, one for referrals; a list of words, a summary of clients."""
    draw = random.Random(seed)

    def day(number: int) -> str:
        return f"{1 + number % 12}/{1 + (number * 7) % 28}/2025"

    clients: list[list[object]] = [["Client #", "Intake date", "County", "Sex", "Type of trafficking"]]
    tips: list[list[object]] = [["Report no.", "Date received", "How received", "Caller type"]]
    referrals: list[list[object]] = [["Referral ID", "Client #", "Date sent", "Service requested", "Outcome"]]
    for number in range(rows):
        sex, form = draw.choice("FM"), draw.choice(("Sex", "Labor"))
        clients.append([f"C-{number:03d}", day(number), draw.choice(COUNTIES), sex, form])
        how, who = draw.choice(("Phone", "Web form", "Text")), draw.choice(("Survivor", "Teacher"))
        tips.append([f"T-{number:04d}", day(number), how, who])
        service, outcome = draw.choice(("Housing", "Legal")), draw.choice(("Accepted", "Declined"))
        referrals.append([f"R-{number:04d}", f"C-{number:03d}", day(number), service, outcome])
    summary: list[list[object]] = [["Month", "New clients"], *[[f"2025-{m:02d}", 5] for m in range(1, 13)]]
    sheets = {"Clients": clients, "Tips": tips, "Referrals": referrals, "Summary": summary}
    return write_sheets(path, sheets | {"Lists": [["Sex"], ["F"], ["M"]]})


def new_by_sex(path: Path) -> Path:
    """Numbers of new clients: a row for each month, a column for each sex, a total."""
    rows: list[list[object]] = [
        ["New clients by sex 2025"],
        [],
        ["Month", "Female", "Male", "Unknown", "Total"],
    ]
    rows += [[f"2025-{m:02d}", m, m % 4 + 1, m % 3, 2 * m] for m in range(1, 13)]
    return write_sheets(path, {"New clients": rows})


def new_by_way(path: Path) -> Path:
    """Numbers of new reports: a row for each month, a column for each way below a merged heading."""
    rows: list[list[object]] = [
        ["Reports"],
        ["Month", "How received", None, None],
        [None, "Phone", "Web form", "Text"],
    ]
    rows += [[f"{m}/2025", m, m % 4 + 1, m % 3 + 2] for m in range(1, 13)]
    return write_sheets(path, {"Tips": rows})


def in_spanish(path: Path, rows: int = 80, seed: int = 5) -> Path:
    """Clients in Spanish, below a title."""
    draw = random.Random(seed)
    head = [
        "No. de caso",
        "Nombre",
        "Fecha de ingreso",
        "Condado",
        "Edad",
        "Sexo",
        "Tipo de trata",
        "Referido por",
    ]
    body: list[list[object]] = [["Casa Puerto – registro (inventado)"], [], head]  # type: ignore[list-item]
    for number in range(rows):
        when = f"{1 + (number * 7) % 28:02d}/{1 + number % 12:02d}/2025"
        place, age = draw.choice(COUNTIES), 17 + number % 30
        sex, form = draw.choice(("Mujer", "Hombre")), draw.choice(("Sexual", "Laboral"))
        by, name = draw.choice(("Policía", "Hospital")), draw.choice(("María", "Juan"))
        body.append([f"CP-{number:03d}", name, when, place, age, sex, form, by])
    return write_sheets(path, {"Casos": body})


def in_german(path: Path, rows: int = 80, seed: int = 5) -> Path:
    """Clients in German."""
    draw = random.Random(seed)
    body: list[list[object]] = [["Fallnummer", "Datum", "Geschlecht", "Alter", "Art der Ausbeutung"]]
    for number in range(rows):
        when = f"{1 + (number * 7) % 28:02d}.{1 + number % 12:02d}.2025"
        sex, form = (
            draw.choice(("weiblich", "männlich")),
            draw.choice(("sexuelle Ausbeutung", "Zwangsarbeit")),
        )
        body.append([f"F{number:03d}", when, sex, 17 + number % 30, form])
    return write_sheets(path, {"Liste": body})


def below_merged_headings(path: Path, rows: int = 60) -> Path:
    """Clients below a title and a merged header of two rows, forms as columns of yes and no."""
    body: list[list[object]] = [
        ["Intake log"],
        ["Case", None, "Person", None, None, None],
        ["ID", "Opened", "Gender", "Age", "Forced labour", "Sex trafficking"],
    ]
    for number in range(rows):
        marks = ("Y", "N") if number % 2 else ("N", "Y")
        when = f"{1 + number % 12}/{1 + (number * 7) % 28}/2025"
        body.append([f"X-{number:03d}", when, "Woman" if number % 3 else "Man", 20 + number % 20, *marks])
    return write_sheets(path, {"Log": body})


def programs(path: Path, rows: int = 30, seed: int = 5) -> Path:
    """Services, of which some serve several counties."""
    draw = random.Random(seed)
    head = ["Program code", "Program name", "Organization", "Service type", "Counties served", "Eligibility"]
    body: list[list[object]] = [[*head]]
    for number in range(rows):
        kind, served = draw.choice(("Housing", "Legal")), draw.choice(("Miami-Dade; Broward", "Palm Beach"))
        body.append([f"p{number}", f"Program {number}", f"Org {number % 4}", kind, served, "Women"])
    return write_sheets(path, {"Programs": body})


def seen_by_words(path: Path, rows: int = 80, seed: int = 5) -> Path:
    """Clients in words of their own: dates with names of months, ages in ranges, a word for two forms."""
    draw = random.Random(seed)
    head = [
        "Survivor ID", "Date first seen", "Parish / county", "Gender identity", "Age range",
        "Trafficking type", "How did they come to us",
    ]  # fmt: skip
    body: list[list[object]] = [[*head]]
    for number in range(rows):
        when = f"{MONTHS[number % 12]} {1 + (number * 7) % 28}, 2025"
        sex, age = draw.choice(("Female", "Male", "Non-binary")), draw.choice(("18-24", "25-30", "under 18"))
        form = draw.choice(("Labor trafficking", "Sex trafficking", "Both"))
        by = draw.choice(("Law enforcement", "Self"))
        body.append([f"S-{number:03d}", when, draw.choice(COUNTIES), sex, age, form, by])
    return write_sheets(path, {"2025": body})
