"""A made-up directory of shelters in HSDS 3.1, in the columns of the standard's own example."""

from pathlib import Path

from tests.etl.reading_sources import write

UNIT = "187a37a2-7b40-11ef-9790-dbf7623d4407"  # no unit of that id is listed, as in the standard's example
UPDATED = "2024-09-25T14:23:06.5+01:00"
HOUSES = 6
SERVICES = (
    "id,organization_id,program_id,name,alternate_name,description,url,email,status,eligibility_description,"
    "last_modified\n"
)
CAPACITY = "id,service_id,unit_id,available,maximum,description,updated\n"
#: Two houses list beds, two a unit that is nowhere listed; one counts kilograms, one says the impossible.
PLACES = (
    ("u1", 10, 50, "For adults"),
    ("u1", 20, 60, ""),
    (UNIT, 12, 52, "Beds available for people experiencing homelessness."),
    (UNIT, 8, 48, "Family units"),
    ("u2", 5, 30, "Food parcels"),
    (UNIT, 12, 10, "Beds available for people experiencing homelessness."),
)


def made_directory(path: Path, updated: str = UPDATED) -> Path:
    """Write the directory into a folder: `HOUSES` shelters, each of an organisation of its own."""
    path.mkdir(parents=True, exist_ok=True)
    numbers = range(1, HOUSES + 1)
    write(path, "organizations.csv", "id,name,alternate_name,description,email\n" + "".join(
        f"o{n},House {n},,Made up,\n" for n in numbers
    ))  # fmt: skip
    write(path, "services.csv", SERVICES + "".join(
        f"s{n},o{n},,Night shelter {n},,Made up,,,active,,\n" for n in numbers
    ))  # fmt: skip
    write(path, "units.csv", "id,name,scheme,identifier,uri\nu1,Bed,,,\nu2,Kilogram,SI,kgm,\n")
    write(path, "service_capacity.csv", CAPACITY + "".join(
        f"c{n},s{n},{unit},{free},{places},{words},{updated}\n"
        for n, (unit, free, places, words) in zip(numbers, PLACES, strict=True)
    ))  # fmt: skip
    return path
