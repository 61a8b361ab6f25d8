"""An answer as bytes: CSV, JSON or Parquet."""

import io
import json

from analysis.answers.answer import Answer
from analysis.exports.safe_cells import harmless_frame

FORMATS = ("csv", "json", "parquet")


def write_answer(answer: Answer, form: str, release_id: str) -> bytes:
    """Return an answer in one of `FORMATS`.

    Parameters
    ----------
    answer
        Its table is written as it is; no other column exists.
    form
        csv, json or parquet.
    release_id
        Named in JSON, and in the metadata of Parquet.
    """
    if form == "csv":
        return harmless_frame(answer.frame).write_csv().encode()
    said = {
        "measure": answer.measure.code,
        "label": answer.measure.label,
        "unit": answer.unit,
        "sentence": answer.sentence,
        "source": answer.source,
        "as_of": answer.as_of.isoformat(),
        "release_id": release_id,
        "profile": answer.profile,
        "synthetic": answer.is_synthetic,
        "cells_shown": answer.cells_shown,
        "cells_total": answer.cells_total,
        "notes": answer.notes,
        "caveats": answer.caveats,
    }
    if form == "json":
        return (
            json.dumps({**said, "rows": answer.frame.to_dicts()}, ensure_ascii=False, indent=1) + "\n"
        ).encode()
    buffer = io.BytesIO()
    words = {key: value if isinstance(value, str) else json.dumps(value) for key, value in said.items()}
    answer.frame.write_parquet(buffer, metadata=words)
    return buffer.getvalue()
