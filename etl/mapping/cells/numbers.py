"""Numbers as sheets write them: $2,288.50, (500), 45%, 12,34,567, and codes that a program kept as numbers.

What a mapping does not say is not read: without ``as``, a sign of money or a bracket breaks the rule of
numbers.
"""

from decimal import Decimal

import polars as pl

KINDS = ("money", "percent", "lakhs", "code")
SIGNS = (
    r"(?:US|CA|AU|NZ|HK|A|S|R)?\$|€|£|¥|₹|Rs\.?"
    r"|USD|CAD|AUD|NZD|EUR|GBP|CHF|INR|MXN|BRL|PHP|KES|ZAR|SEK|NOK|DKK|PLN|RON|CZK|HUF|UAH|JPY|THB"
)
_SIGN = f"(?:{SIGNS})"
_DIGITS = r"\d[\d.,\u00a0\u202f ]*|\.\d+"
_MONEY = rf"^([-+−]?) ?{_SIGN}? ?([-+−]?) ?({_DIGITS}) ?{_SIGN}?$"
_BRACKETS = rf"^{_SIGN}? ?\( ?{_SIGN}? ?({_DIGITS}) ?{_SIGN}? ?\)$"
_GROUPED = r"^[-+]?\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?$"
_IN_WORDS = r"(?i)^([-+]?\d+(?:\.\d+)?) ?(lakhs?|lacs?|crores?|cr)\.?$"
_TIMES = {"l": 100_000, "c": 10_000_000}


def money(cell: pl.Expr) -> pl.Expr:
    """Return an amount without its sign of money; one in brackets is below zero. What is no amount stays."""
    signed = cell.str.extract_groups(_MONEY)
    minus = pl.concat_str(signed.struct.field("1"), signed.struct.field("2")).str.contains("[-−]")
    plain = signed.struct.field("3").str.strip_chars()
    below = "-" + cell.str.extract(_BRACKETS).str.strip_chars()
    return pl.coalesce(below, pl.when(minus).then("-" + plain).otherwise(plain), cell)


def signs(cells: pl.Series) -> list[str]:
    """Return the different signs of money that cells are written with."""
    amounts = cells.filter(cells.str.contains(_MONEY) | cells.str.contains(_BRACKETS))
    found = amounts.str.extract_all(SIGNS).list.eval(pl.element().str.strip_chars(". ")).list.explode()
    return sorted(found.drop_nulls().unique().to_list())


def percent(cell: pl.Expr, unit: str) -> pl.Expr:
    """Return per cent without its sign; where the column holds a share, with it, so that it is divided."""
    bare = cell.str.replace(r"\s*(?:%|per ?cent|pct)$", "")
    is_number = bare.str.contains(r"^[-+]?[\d.,]+$")
    return pl.when(is_number).then(bare + "%" if unit == "share" else bare).otherwise(cell)


def lakhs(cell: pl.Expr) -> pl.Expr:
    """Return 12,34,567 and 2.5 lakh in digits; what is written in another way stays."""
    grouped = pl.when(cell.str.contains(_GROUPED)).then(cell.str.replace_all(",", "", literal=True))
    return pl.coalesce(
        grouped, cell.map_batches(_from_words, return_dtype=pl.String, is_elementwise=True), cell
    )


def _from_words(cells: pl.Series) -> pl.Series:
    parts = cells.str.extract_groups(_IN_WORDS).struct.unnest()
    written = [
        None
        if number is None or word is None
        else format((Decimal(number) * _TIMES[word[0].casefold()]).normalize(), "f")
        for number, word in parts.rows()
    ]
    return pl.Series(cells.name, written, dtype=pl.String)


def code(cell: pl.Expr) -> pl.Expr:
    """Return a code that a program kept as a number: 6037.0 is 6037."""
    return cell.str.replace(r"^(\d+)\.0+$", "$1")


def small_code(cell: pl.Expr) -> pl.Expr:
    """Return a number or name of a register's own as a code of small letters, digits and underscores.

    >>> cells = pl.DataFrame({"grant": ["2024-VT-GX-0012", "15PBJA 24/7"]})
    >>> cells.select(small_code(pl.col("grant"))).to_series().to_list()
    ['2024_vt_gx_0012', '15pbja_24_7']
    """
    return code(cell).str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "_").str.strip_chars("_")
