"""Reads the returns of ``data/catalog/returns``; an unknown key, count or division is refused."""

from pathlib import Path

from analysis.catalog.load import CATALOG_FOLDER, RETURNS
from analysis.catalog.table import Table, nearest, read_toml
from analysis.errors import echo
from etl.errors import EtlError, UsageError
from etl.returns.model import Block, Gap, Return, Sheet
from etl.returns.page import CHANGES, CHECKS, FRONT, GAPS, HOW
from etl.returns.periods import KINDS
from etl.returns.questions import COUNTS, MULTI, codes_of

FOLDER = CATALOG_FOLDER / RETURNS
_TAKEN = (FRONT, HOW, GAPS, CHECKS, CHANGES)
LONGEST_TAB = 18  # letters: the name of a sheet has 31, and says first that it is restricted


def names(folder: Path = FOLDER) -> list[str]:
    """Return the names of the returns there are, in order."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def read_return(name: str, folder: Path = FOLDER) -> Return:
    """Return one return.

    Raises
    ------
    UsageError
        There is none of that name.
    EtlError
        Its file holds something that is not allowed; with file, key, what came and what is allowed.
    """
    known = names(folder)
    if name not in known:
        listed = ", ".join(known) or "none: data/catalog/returns is empty"
        raise UsageError(
            f"There is no return {echo(name)}; allowed: {listed}.{nearest(name, known)}",
            "python -m etl return --list",
        )
    toml = read_toml(folder / f"{name}.toml", f"data/catalog/returns/{name}.toml", _refuse)
    made = _return(toml)
    toml.finish()
    if made.code != name:
        raise toml.fail("code", echo(made.code), f"'{name}', as the file is called")
    return made


def _refuse(message: str) -> EtlError:
    return EtlError(message, "Correct the file; what it may hold stands in docs/returns.md.")


def _return(toml: Table) -> Return:
    forms = tuple(codes_of("form"))
    types = toml.table("trafficking_type")
    sex, labour = types.codes("sex", allowed=forms), types.codes("labour", allowed=forms)
    both = [code for code in sex if code in labour]
    if both:
        raise types.fail("labour", echo(both[0]), "forms that are not under 'sex' too")
    types.finish()
    periods = toml.codes("periods", allowed=KINDS)
    if not periods:
        raise toml.fail("periods", "empty", f"one or more of {', '.join(KINDS)}")
    fiscal_month = toml.whole("fiscal_year_begins", least=1, most=12)
    sheets = tuple(_sheet(table, periods) for table in toml.tables("sheet"))
    if not sheets:
        raise toml.fail("sheet", "missing", "at least one [[sheet]]")
    _refuse_twice(toml, "sheet", [sheet.code for sheet in sheets])
    _refuse_twice(toml, "sheet", [sheet.tab.casefold() for sheet in sheets])
    return Return(
        code=toml.code("code"),
        label=toml.text("label"),
        funder=toml.text("funder"),
        forms=toml.codes("forms"),
        wording=toml.text("wording"),
        periods=periods,
        fiscal_month=fiscal_month,
        sex=sex,
        labour=labour,
        sheets=sheets,
    )


def _sheet(toml: Table, periods: tuple[str, ...]) -> Sheet:
    tab = toml.text("tab")
    if len(tab) > LONGEST_TAB or not tab.isprintable() or set(tab) & set("[]:*?/\\'"):
        raise toml.fail("tab", echo(tab), f"at most {LONGEST_TAB} letters, without [ ] : * ? / \\ '")
    if tab.strip().casefold() in _TAKEN:
        raise toml.fail("tab", echo(tab), f"a name that is none of {', '.join(_TAKEN)}")
    blocks = tuple(_block(table) for table in toml.tables("block"))
    gaps = []
    for table in toml.tables("cannot"):
        gaps.append(Gap(table.text("label"), table.text("why")))
        table.finish()
    if not blocks and not gaps:
        raise toml.fail("block", "missing", "at least one [[sheet.block]] or [[sheet.cannot]]")
    _refuse_twice(toml, "block", [block.code for block in blocks])
    sheet = Sheet(
        code=toml.code("code"),
        tab=tab,
        label=toml.text("label"),
        periods=toml.codes("periods", list(periods), allowed=periods),
        blocks=blocks,
        gaps=tuple(gaps),
    )
    toml.finish()
    return sheet


def _block(toml: Table) -> Block:
    counts = toml.codes("count", allowed=COUNTS)
    if not counts:
        raise toml.fail("count", "empty", f"one or more of {', '.join(COUNTS)}")
    # Every column of a block must know the division of its rows.
    divisions = [one for one in COUNTS[counts[0]].by if all(one in COUNTS[code].by for code in counts)]
    by = toml.text("by", "")
    if by and by not in divisions:
        raise toml.not_allowed("by", by, divisions)
    apart = toml.text("apart", "")
    single = [one for one in divisions if one not in MULTI and one != by]
    if apart and apart not in single:
        raise toml.not_allowed("apart", apart, single)
    block = Block(
        code=toml.code("code"),
        label=toml.text("label"),
        counts=counts,
        by=by,
        apart=apart,
        only=_only(toml, divisions),
    )
    toml.finish()
    return block


def _only(toml: Table, divisions: list[str]) -> dict[str, tuple[str, ...]]:
    chosen = toml.table("only", {})
    unknown = [key for key in chosen.values if key not in divisions]
    if unknown:
        raise chosen.not_allowed(unknown[0], unknown[0], divisions)
    return {key: chosen.codes(key, allowed=tuple(codes_of(key))) for key in chosen.values}


def _refuse_twice(toml: Table, key: str, codes: list[str]) -> None:
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise toml.fail(key, f"there twice ({echo(twice)})", "codes and tabs that differ")
