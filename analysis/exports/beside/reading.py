"""About ten lines of Python and of R that read the first table of a package."""

import json

from analysis.exports.context import ExportContext
from analysis.exports.formats.format import Format
from analysis.exports.tables import ExportTable
from analysis.exports.words import hidden_words


def reading_lines(form: Format, table: ExportTable, context: ExportContext) -> list[tuple[str, list[str]]]:
    """Return languages and lines that read a table and look at it.

    Parameters
    ----------
    form
        What the package is written in.
    table
        Its first table.
    context
        Says what a number that is not shown may be.
    """
    opened = form.reading(table)
    hidden = f"({hidden_words(context.threshold)}; not zero)"
    return [("Python", [*opened.python, *_python(hidden, table)]), ("R", [*opened.r, *_r(hidden)])]


def _python(hidden: str, table: ExportTable) -> list[str]:
    named = json.dumps([*table.by[:2], "value", "width"])
    return [
        'data["marker"] = data["marker"].fillna("")',
        'shown = data[data["value"].notna()]',
        'hidden = data[data["marker"].str.contains("c")]',
        'print("Rows with a number:", len(shown), "of", len(data))',
        f'print("Rows not shown:", len(hidden), "{hidden}")',
        "# lower and upper are the ends of the 95 % interval of value",
        f'print(shown.assign(width=shown["upper"] - shown["lower"])[{named}].head())',
    ]


def _r(hidden: str) -> list[str]:
    return [
        'data$marker[is.na(data$marker)] <- ""',
        "shown <- data[!is.na(data$value), ]",
        'hidden <- data[grepl("c", data$marker), ]',
        'cat("Rows with a number:", nrow(shown), "of", nrow(data), "\\n")',
        f'cat("Rows not shown:", nrow(hidden), "{hidden}\\n")',
        "# lower and upper are the ends of the 95 % interval of value",
        "shown$width <- shown$upper - shown$lower",
        "print(head(shown))",
    ]
