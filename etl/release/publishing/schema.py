"""Tables and columns of a release: what is not named here does not get out (docs/interfaces.md)."""

from analysis.catalog.model import Catalog, Subject
from analysis.catalog.registers import Register
from analysis.release.index.cells import PARTS

Columns = dict[str, str]


def _columns(kind: str, names: str) -> Columns:
    return dict.fromkeys(names.split(), kind)


#: The estimate of people on no list of a closed year: two figures, bands, and agreement in words.
HIDDEN: dict[str, Columns] = {
    "hidden_population": _columns("VARCHAR", "collection period status reason")
    | _columns("BIGINT", "estimate lower upper listed lists")
    | {"method": "VARCHAR", "interval_method": "VARCHAR", "resamples": "BIGINT", "is_shifted": "BOOLEAN"},
    "hidden_overlap": _columns("VARCHAR", "collection period one other")
    | _columns("BIGINT", "at_least below"),
    "hidden_agreement": _columns("VARCHAR", "collection period kind code agreement"),
}
#: How complete the newest months were when they closed: coarse shares, made once from cells of closed years.
DELAY: dict[str, Columns] = {
    "completeness": _columns("VARCHAR", "collection subject month years")
    | _columns("INTEGER", "months_since complete base")
    | {"spread": "DOUBLE"},
}
PASSED: dict[str, Columns] = {
    "info": _columns("VARCHAR", "key value"),
    "collection": _columns("VARCHAR", "collection label subject geography unit")
    | _columns("BOOLEAN", "is_own is_synthetic")
    | _columns("VARCHAR", "period_resolution first_period last_closed_month citation"),
    "area": _columns("VARCHAR", "geography code name")
    | {"level": "INTEGER", "level_name": "VARCHAR", "parent": "VARCHAR", "is_rural": "BOOLEAN"}
    | _columns("DOUBLE", "lon lat"),
    "area_shape": {"geography": "VARCHAR", "code": "VARCHAR", "wkb": "BLOB"},
    "area_population": {"geography": "VARCHAR", "code": "VARCHAR", "year": "INTEGER", "age_group": "VARCHAR"}
    | {"sex": "VARCHAR", "population": "BIGINT", "source": "VARCHAR"},
    "area_context": {"geography": "VARCHAR", "code": "VARCHAR", "year": "INTEGER", "indicator": "VARCHAR"}
    | {"value": "DOUBLE", "unit": "VARCHAR", "source": "VARCHAR"},
    "law_provision": _columns("VARCHAR", "law_code short_name level jurisdiction instrument")
    | _columns("DATE", "adopted effective")
    | _columns("VARCHAR", "pillar summary citation url status"),
    "source": _columns("VARCHAR", "source_id label publisher unit licence citation rule")
    | {"is_synthetic": "BOOLEAN", "period_from": "VARCHAR", "period_to": "VARCHAR", "loaded_on": "DATE"},
    "load_summary": _columns("VARCHAR", "source_id rows_in_text rows_accepted_text rows_partly_text")
    | _columns("VARCHAR", "rows_rejected_text rows_left_out_text"),
    "left_out_summary": _columns("VARCHAR", "source_id reason_text rows_text"),
    "rejected_summary": _columns("VARCHAR", "source_id table_name rule column_name rows_text"),
    "table_summary": _columns("VARCHAR", "source_id table_name label rows_text rejected_text")
    | _columns("VARCHAR", "period_from period_to orphans_text"),
    "orphan_summary": _columns(
        "VARCHAR", "source_id table_name label column_label refers_label orphans_text"
    ),
    "coverage": _columns("VARCHAR", "collection source period status"),
    "revision": _columns("VARCHAR", "collection subject")
    | {"year": "INTEGER", "revision": "INTEGER", "as_of": "VARCHAR"},
    **HIDDEN,
    **DELAY,
    "held": _columns("VARCHAR", "collection subject records_text"),
    "anonymity": _columns("VARCHAR", "metric value_text"),
}
#: In a release only where there is such a series: published counts by mapping that no measure of the catalog
#: reads, in the words of their mapping.
SERIES: dict[str, Columns] = {"series": _columns("VARCHAR", "source code label unit definition over_time")}
#: In a release only where files of others were loaded into a warehouse of real records.
SOURCE_FILES: dict[str, Columns] = {"source_file": _columns("VARCHAR", "source sha256")}


#: In a release that is made of releases: its task forces, and the months each has by subject.
HUB_TABLES: dict[str, Columns] = {
    "hub_part": _columns("VARCHAR", "part label release_id as_of"),
    "hub_span": _columns("VARCHAR", "part subject first_period last_closed_month"),
}


#: Why each table may leave the building (docs/disclosure.md). A table without a rule here fails the tests.
RULES: dict[str, str] = {
    "info": "parameters, code lists and what the deployment says of itself",
    "collection": "what a collection is, and its closed months",
    "area": "code list",
    "area_shape": "code list",
    "area_population": "published figure of others",
    "area_context": "published figure of others",
    "law_provision": "published text of others",
    "source": "what a source is, as its mapping says, and the days and months that its keeper declared",
    "load_summary": "rows of figures that others published; of own records steward only",
    "left_out_summary": "rows of figures that others published; of own records steward only",
    "rejected_summary": "rows of figures that others published; of own records steward only",
    "table_summary": "rows of figures that others published; of own ones that it is loaded, and its months",
    "orphan_summary": "rows of figures that others published; of own records steward only",
    "coverage": "frozen with the month that closes",
    "revision": "what was published before",
    **dict.fromkeys(
        HIDDEN, "worked out once for a closed year from frozen records; two figures, bands, words"
    ),
    **dict.fromkeys(
        DELAY, "worked out once for a closed month from noised counts of closed years; nearest 5%, bands"
    ),
    "held": "steward only",
    "anonymity": "steward only",
    "series": "what a series of others' figures is, as its mapping says",
    "source_file": "hash of a file that others published; of no other kind of file",
    "observation": "published figure of others; own figures by the rule for organisations",
    "hub_part": "releases that are published",
    "hub_span": "what these releases say of themselves",
}
#: Columns of a cell that say something of its number; all others say which cell it is.
OF_THE_NUMBER = ("value", "marker", PARTS)
CELLS, REGISTERS = "cell_", "register_"  # protected cells; lists in which nobody is a person


def cell_columns(subject: Subject) -> Columns:
    """Return the columns of ``cell_<subject>``. No true number, key, noise or person is among them."""
    return (
        _columns("VARCHAR", "collection period_level period")
        | {"area_level": "INTEGER", "area": "VARCHAR"}
        | _columns("VARCHAR", " ".join(subject.dimensions))
        | {"value": "INTEGER", "marker": "VARCHAR"}
    )


def observation_columns(catalog: Catalog) -> Columns:
    """Return the columns of ``observation``: figures of others and own ones, one column for each division."""
    fixed = _columns("VARCHAR", "source measure unit period_level period geography area_code")
    divided = _columns("VARCHAR", " ".join(catalog.figure_dimensions))
    return fixed | divided | {"value": "DOUBLE", "marker": "VARCHAR"}


def register_columns(register: Register) -> Columns:
    """Return the columns of ``register_<code>``."""
    return {column.code: column.kind for column in register.columns}


def passed_tables(catalog: Catalog) -> dict[str, Columns]:
    """Return the tables that pass without noise."""
    registers = {f"register_{one.code}": register_columns(one) for one in catalog.registers.values()}
    return {**PASSED, "observation": observation_columns(catalog), **registers}


def release_tables(catalog: Catalog) -> dict[str, Columns]:
    """Return all tables of a release, in the order in which they are written."""
    subjects = catalog.subjects.values()
    cells = {f"cell_{one.code}": cell_columns(one) for one in subjects if one.door == "person"}
    return cells | passed_tables(catalog)
