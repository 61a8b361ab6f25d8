"""The release on Spark: the same statements over the same records, for more than one machine counts.

Imported only for ``python -m etl release --engine spark``: PySpark and sqlglot are no part of a usual
install.
"""
