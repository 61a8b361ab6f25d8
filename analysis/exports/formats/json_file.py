"""A table as JSON: what it is, then its rows."""

import json

from analysis.exports.about import facts
from analysis.exports.formats.format import Contents, DataFile, Format, Reading, described
from analysis.exports.tables import ExportTable


def _write(contents: Contents) -> list[DataFile]:
    files = []
    for item, table in zip(contents.items, contents.tables, strict=True):
        document = {**facts(item, contents.context), "rows": table.frame.to_dicts()}
        content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        # As a file: a validator of tables would have to know where in the document the rows are.
        entry = {**described(table), "type": "file"}
        files.append(DataFile(f"{table.name}.json", content.encode(), table.title, entry))
    return files


def _reading(table: ExportTable) -> Reading:
    name = f"{table.name}.json"
    return Reading(
        python=[
            "import json",
            "import pandas as pd",
            f'path = "{name}"',
            'data = pd.DataFrame(json.load(open(path, encoding="utf-8"))["rows"])',
        ],
        r=[f'path <- "{name}"', "data <- jsonlite::fromJSON(path)$rows"],
    )


JSON = Format("json", "JSON", "application/json", is_binary=False, write=_write, reading=_reading)
