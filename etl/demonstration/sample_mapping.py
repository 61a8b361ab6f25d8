"""The columns of the sample's sheet and the mapping file that explains them."""

import json

from analysis import load_catalog
from etl.demonstration.facts import Facts
from etl.demonstration.region import load_region

SEPARATOR = "; "

# Column of the sheet, canonical column. Values are the catalog's labels where a code list exists.
HEADERS = {
    "Client ref": "person_ref",
    "Date first seen": "period",
    "District": "area",
    "Age": "age",
    "Gender": "gender",
    "Citizenship": "citizenship",
    "Status": "status",
    "First found by": "identified_by",
    "Agency": "source",
    "Exploitation": "form",
    "Work": "sector",
    "Control": "control_method",
    "Recruitment": "recruitment_method",
    "Circumstances": "vulnerability",
}
LISTS = ("form", "sector", "control_method", "recruitment_method", "vulnerability")
CODED = ("gender", "status", "identified_by", *LISTS)


def mapping_text(facts: Facts) -> str:
    """Return the mapping of the sample: which column is which, and what its words mean."""
    lines = [
        "# Mapping of a made-up sample. Written by: python -m etl sample",
        f'period = "{facts["first_month"]}..{facts["last_month"]}"',
        "",
        "[source]",
        'id = "tm_sample"',
        'label = "Large sample (synthetic, fictional)"',
        f"geography = {json.dumps(load_region().geography)}",
        "synthetic = true",
        "",
        "[[table]]",
        'name = "person"',
        'date_format = "dd/mm/yyyy"',
        "",
        "[table.columns]",
    ]
    for header, name in HEADERS.items():
        split = f", split = [{json.dumps(SEPARATOR.strip())}]" if name in LISTS else ""
        lines.append(f"{name} = {{ column = {json.dumps(header)}{split} }}")
    for name in CODED:
        categories = load_catalog().dimensions[name].categories
        lines += ["", f"[table.values.{name}]"]
        lines += [f"{json.dumps(c.label, ensure_ascii=False)} = {json.dumps(c.code)}" for c in categories]
    return "\n".join(lines) + "\n"
