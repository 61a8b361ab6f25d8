"""Rows of registers that another source's row with the same code stands for.

A code such as that of an award says which award it is, whoever writes it down: the funder's list and the
recipient's may name the same one, and the row loaded last holds. But two lists that both count 1, 2, 3 mean
different things, and half of them would be lost without a word. No code is told: only how many, and where.
"""

import duckdb

from analysis.words import counted
from etl.contracts.tables import contract, table_names
from etl.store.warehouse import first_row


def shadowed(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for each register in which sources share codes.

    Parameters
    ----------
    connection
        Of a warehouse whose stage is complete.
    """
    said = []
    for table in map(contract, table_names()):
        if table.replaces != "source" or not table.unique:
            continue
        keys = ", ".join(f'"{name}"' for name in table.unique)
        row = first_row(
            connection,
            f"SELECT sum(sources - 1)::BIGINT FROM (SELECT count(DISTINCT source_id) AS sources "
            f"FROM stage.{table.name} JOIN stage.load USING (load_id) GROUP BY {keys} HAVING sources > 1)",
        )
        if row and row[0]:
            said.append(
                f"{table.name}: {counted(row[0], 'row has')} the {' and '.join(table.unique)} of a row of "
                "another source, and the one loaded last holds. If they mean different things, give the "
                "codes of each file a beginning of their own, load the files again, and all will count."
            )
    return said
