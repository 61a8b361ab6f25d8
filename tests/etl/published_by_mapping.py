"""A made-up helpline whose published counts are loaded by mapping: files for tests of loads and pages."""

from pathlib import Path

MAPPING = """\
period = "2022-01..2023-12"

[source]
id = "state_helpline"
label = "State helpline"
publisher = "Office of the state helpline"
geography = "riverland"
period_resolution = "year"

[[series]]
code = "helpline_calls"
label = "Calls to the state helpline"
unit = "calls"

[[table]]
name = "observation"

[table.columns]
area_code = "Area"
period = "Year"
measure = "What"
value = "Number"
marker = "Mark"

[table.values.measure]
"Calls" = "helpline_calls"
"""
HEADER = "Area,Year,What,Number,Mark\n"
ROWS = (
    "Alder Vale,2022,Calls,12,\nAlder Vale,2023,Calls,15,\nBirch End,2022,Calls,,suppressed\n"
    "Birch End,2023,Calls,7,provisional\nR21,2022,Calls,1,\nR21,2023,Calls,3,\n"
)


def deliver(
    folder: Path, rows: str = ROWS, *changes: tuple[str, str], name: str = "helpline", header: str = HEADER
) -> tuple[Path, Path]:
    """Write the file and its mapping, in which each change replaces a text that must be there."""
    mapping = MAPPING
    for old, new in changes:
        assert old in mapping, old
        mapping = mapping.replace(old, new, 1)
    data, toml = folder / f"{name}.csv", folder / f"{name}.toml"
    data.write_text(header + rows, "utf-8")
    toml.write_text(mapping, "utf-8")
    return data, toml
