"""Opens a briefing file: the browser reads it and sends its text over the page's own connection.

An upload would be a request of its own, and a server in between may write such requests down. Titles and
notes are not for anybody's log.
"""

import streamlit as st

from analysis.briefing.file import LARGEST_BYTES

_HTML = """
<label class="ltt-open"><span>Open a briefing file</span>
<input type="file" accept=".json,application/json"></label>
"""
_CSS = """
.ltt-open { display: inline-flex; gap: 12px; align-items: center; font-size: 1rem; flex-wrap: wrap; }
.ltt-open input { font: inherit; max-width: 100%; }
"""
_SCRIPT = """
export default function (component) {
  const { parentElement, setTriggerValue, data } = component;
  const input = parentElement.querySelector('input');
  input.onchange = async () => {
    const [file] = input.files;
    if (!file) return;
    const text = file.size > data.largest ? '' : await file.text();
    setTriggerValue('file', { name: file.name, size: file.size, text });
    input.value = '';
  };
}
"""
_open = st.components.v2.component("ltt_open_briefing", html=_HTML, css=_CSS, js=_SCRIPT)


def opened() -> tuple[str, bytes] | None:
    """Draw the choice of a file; return the name and content of the one that was just chosen."""
    result = _open(key="open_briefing", data={"largest": LARGEST_BYTES}, on_file_change=lambda: None)
    file = getattr(result, "file", None)
    if not isinstance(file, dict) or not isinstance(file.get("text"), str):
        return None
    name = str(file.get("name") or "The file")[:80]
    if not file["text"] and int(file.get("size") or 0) > LARGEST_BYTES:
        return name, b" " * (LARGEST_BYTES + 1)
    return name, file["text"].encode("utf-8", "replace")
