"""The formats that answers can be written in. A new one is a module of this folder and one name here."""

from analysis.exports.formats.csv_file import CSV
from analysis.exports.formats.geojson_file import GEOJSON
from analysis.exports.formats.geoparquet_file import GEOPARQUET
from analysis.exports.formats.json_file import JSON
from analysis.exports.formats.parquet_file import PARQUET
from analysis.exports.formats.xlsx_file import XLSX

#: By code, in the order they are offered.
FORMATS = {one.code: one for one in (CSV, XLSX, JSON, PARQUET, GEOJSON, GEOPARQUET)}
#: Formats of the whole data package; those with boundaries where a table has them.
TOGETHER = (CSV, PARQUET, XLSX, GEOJSON, GEOPARQUET)
