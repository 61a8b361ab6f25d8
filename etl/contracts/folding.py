"""When two references are one: capitals, doubled blanks and the encoding of accents do not matter."""

import polars as pl


def folded(reference: pl.Expr) -> pl.Expr:
    """Return references as they are compared, and hashed."""
    plain = reference.cast(pl.String).str.normalize("NFKC").str.to_lowercase()
    return plain.str.replace_all(r"\s+", " ").str.strip_chars()
