"""Check what a load would make of the sheet: what is taken, what is not and why, what gives way."""

import csv
import io
from typing import Any

import streamlit as st

from analysis.words import counted
from etl.cli import Refusal
from etl.commands import check as checking
from etl.commands.terminal import options, wording
from etl.config import PRIVATE_FILE
from etl.contracts.rules import rule_words
from etl.contracts.tables import contract
from etl.desk import drafts, engine, plainly
from etl.desk.state import Checked, Desk
from etl.drafting import editing, toml_text
from etl.lines import line_and_part
from etl.load.check import Loaded, first_lines
from etl.load.compared.replacing import ACCEPTED
from etl.mapping import load_mapping
from etl.mapping.blocks import without_blocks

NAME = "Check"


def state(desk: Desk) -> str:
    """Return what was found."""
    checked = desk.checked
    if checked is None:
        return "" if desk.upload is None else "not checked yet"
    if checked.refusal is not None:
        return "refused: look at why"
    taken, rejected = (
        sum(one.rows.taken for one in checked.found),
        sum(one.rows.rejected for one in checked.found),
    )
    return f"{taken:,} accepted, {rejected:,} rejected"


def show(desk: Desk) -> None:
    """Draw the step."""
    if desk.upload is None or not desk.draft:
        st.info("Nothing to check yet. Choose a sheet in step 1; steps 2 and 3 make it readable.")
        return
    st.write("The whole sheet is read as a load would read it. Nothing is stored.")
    st.button("Check again", on_click=_forget, args=(desk,))
    if desk.checked is None:
        desk.checked = checked(desk)
        st.rerun()  # the list of steps says so, too
    if desk.checked.refusal is not None:
        engine.refused(desk.checked.refusal)
        _meant(desk, desk.checked.refusal)
    for one in desk.checked.found:
        _file(desk, one)
    _mapping(desk)


def checked(desk: Desk) -> Checked:
    """Check the open file with its mapping, as ``check`` does."""

    def work(progress: engine.Progress) -> list[Loaded]:
        assert desk.upload is not None
        accepted = [word for what in sorted(desk.accepted) for word in ("--accept", what)]
        words = ["check", str(desk.upload.same()), "--source", "own", "--mapping", str(desk.mapping)]
        return checking.examined(engine.given(desk, *words, *accepted), progress)

    found = engine.tried(work)
    return Checked(refusal=found) if isinstance(found, Refusal) else Checked(tuple(found))


def _forget(desk: Desk) -> None:
    desk.checked = None


def _meant(desk: Desk, refusal: Refusal) -> None:
    """Offer to take what looks like a loss, where the refusal says how."""
    for what, words in ACCEPTED.items():
        if f"--accept {what}" in f"{refusal.message} {refusal.next_step}":
            st.button(f"This is meant: {words}", on_click=_accept, args=(desk, what))


def _accept(desk: Desk, what: str) -> None:
    desk.accepted.add(what)
    desk.checked = None


def _file(desk: Desk, found: Loaded) -> None:
    rows = found.rows
    left = sum(rows.left_out.values())
    places = st.columns(4 if left else 3)
    places[0].metric("Accepted", f"{rows.taken:,}", help="Rows of which everything or a part is taken")
    places[1].metric("Rejected", f"{rows.rejected:,}")
    if left:
        places[2].metric("Left out", f"{left:,}", help="Totals, notes and the like")
    places[-1].metric("In the sheet", f"{rows.rows:,}")
    _rejected(desk, found)
    _merged(found)
    _replaced(found)
    for note in (
        *found.notes,
        *(one.sentence for one in found.twice),
        *(one.sentence for one in found.doubts),
    ):
        st.info(engine.plain(f"{note[:1].upper()}{note[1:]}"))
    engine.told([*wording.lines_of(found), "Nothing was loaded."])


def _rejected(desk: Desk, found: Loaded) -> None:
    if not found.rules:
        return
    st.subheader("Rejected")
    st.table(
        [
            {
                "Why": engine.plain(rule_words(rule["table_name"], rule["rule"])),
                "Field": engine.plain(_field(rule, several=len(found.tables) > 1)),
                "How many": f"{rule['rows']:,}",
                "Where": engine.plain(_where(desk, rule)),
                "What to do": plainly.mend(rule["rule"]),
            }
            for rule in found.rules
        ]
    )
    st.download_button(
        "Download all lines",
        listed(found),
        file_name="rejected-lines.csv",
        mime="text/csv",
        help="Table, rule, field and line of each rejected row; no cell of it.",
        on_click="ignore",
    )


def _field(rule: dict[str, Any], *, several: bool) -> str:
    """Return the field that a rule is about as the page calls it, with its table where there are several."""
    of, name = contract(rule["table_name"]), str(rule["column_name"])
    field = of.column(name).label if name in of.names else name
    return f"{of.label}: {field}" if several else field


def _where(desk: Desk, rule: dict[str, Any]) -> str:
    """Return the first lines of a rule, with the tab of each where rows of several are read."""
    lines = first_lines(rule).strip(" ,:")
    names = [one.get("name") for one in editing.tables(drafts.said(desk))]
    if names.count(rule["table_name"]) != 1:  # two of one table are parts of it as well
        return lines
    return drafts.by_tab(lines, drafts.parts(desk, names.index(rule["table_name"])))


def listed(found: Loaded) -> str:
    """Return each rejected line with its rule as CSV; no value of a record is in it."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["line", "part", "table", "field", "rule"])
    for row in found.rejected.sort("line", nulls_last=True).to_dicts():
        line, part = ("", "") if row["line"] is None else line_and_part(row["line"])
        out.writerow([line, part, row["table_name"], row["column_name"], row["rule"]])
    return text.getvalue()


def _merged(found: Loaded) -> None:
    for table, count in found.distinct.items():
        if count < found.tables[table]:
            st.info(
                f"{counted(found.tables[table], 'row')} of {engine.plain(table)} became {count:,}: "
                "one each reference."
            )


def _replaced(found: Loaded) -> None:
    if not found.replacements:
        return
    st.subheader("What gives way")
    for one in found.replacements:
        st.write(engine.plain(f"{one.sentence()}."))
        if one.changed:
            st.table(
                [
                    {"Month": month, "Rows now": f"{now:,}", "Rows after": f"{after:,}"}
                    for month, now, after in one.changed
                ]
            )


def _mapping(desk: Desk) -> None:
    st.subheader("The mapping")
    st.write(
        "What you have said is a file. The command line reads it as well, and next time you begin with it."
    )
    name = desk.mapping.name
    left, right = st.columns(2)
    left.download_button(
        "Download the mapping",
        desk.draft,
        file_name=name,
        mime="application/toml",
        on_click="ignore",
        width="stretch",
    )
    if right.button("Keep the mapping", width="stretch", help="In the folder mappings of this home."):
        with engine.refusals():
            kept = desk.save()
            st.success(f"Kept: {engine.plain(kept.relative_to(desk.home).as_posix())}")
    _text(desk)


def _text(desk: Desk) -> None:
    """Let what has no box be written into the mapping; it is taken only if a load could read it."""
    key = "check-text"
    if not st.toggle("Show the mapping as text, to change it", key=f"{key}-shown"):
        return
    st.write(
        "For what has no box of its own: signs of footnotes (`marks`), the line above the headings "
        "(`@title`), amounts in lakhs and the like. Each key is explained in docs/adding.md. Words that you "
        "have typed stand in the text: look who sees your screen."
    )
    with st.form(key, border=False):
        text = st.text_area("The mapping", desk.draft, height=420)
        if st.form_submit_button("Use this text"):
            with engine.refusals():
                _use(desk, text)
                st.rerun()


def _use(desk: Desk, text: str) -> None:
    """Put a text in the place of the mapping, if a load could read it.

    Raises
    ------
    EtlError
        Names the key that is wrong; the mapping stays as it was.
    """
    mapping = desk.mapping
    tried = mapping.with_name("text.toml")
    tried.write_text(text, "utf-8")
    tried.chmod(PRIVATE_FILE)
    try:
        _, deployment = options.deployment_of(engine.given(desk, "map", str(mapping)))
        load_mapping(tried, options.read_options(deployment, None))
        drafts.change(desk, lambda _: without_blocks(toml_text.parsed(text)))
    finally:
        tried.unlink()
