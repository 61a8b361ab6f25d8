"""The formats that answers can be written in. A new one is a module of this folder and one name here."""

from analysis.exports.formats.csv_file import CSV
from analysis.exports.formats.geojson_file import GEOJSON
from analysis.exports.formats.json_file import JSON
from analysis.exports.formats.parquet_file import PARQUET
from analysis.exports.formats.xlsx_file import XLSX

#: By code, in the order they are offered.
FORMATS = {one.code: one for one in (CSV, XLSX, JSON, PARQUET, GEOJSON)}
