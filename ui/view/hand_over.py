"""A button that hands a file over: made when it is pressed, carried to the browser by the page's own socket.

A file that waited at an address would lie in one process, and would be missing in the others that serve the
same site; and whoever had the address would have the file.
"""

import base64
import secrets
from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from analysis import LttError
from analysis.release.release import Release
from ui.view import controls

_WAITING = "_files_to_hand_over"
#: What saves a file in the browser, once for each token; cards that hold their own file do the same.
SCRIPT = """(place, file) => {
  if (!file || place.lttFile === file.token) return;
  place.lttFile = file.token;
  const bytes = Uint8Array.from(atob(file.content), letter => letter.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.mime }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}"""
_carrier = st.components.v2.component(
    "ltt_file",
    html='<div style="height:0" aria-hidden="true"></div>',
    js=f"const hand = {SCRIPT};\nexport default ({{ data, parentElement }}) => hand(parentElement, data);",
)


def packed(name: str, mime: str, content: bytes) -> dict[str, Any]:
    """Return a file as the browser takes it.

    The token tells it from every other, also from one that another process made: a browser that has lost its
    connection may go on with that one.
    """
    return {
        "token": secrets.token_hex(8),
        "name": name,
        "mime": mime,
        "content": base64.b64encode(content).decode(),
    }


def button(
    label: str,
    make: Callable[[], bytes],
    *,
    release: Release | None,
    file_name: str,
    mime: str,
    key: str,
    type: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = None,
    help: str | None = None,
) -> None:
    """Draw a button; when it is pressed the file is made, and taken to the browser by `draw`.

    Parameters
    ----------
    make
        Makes the file; what it refuses is said on the page.
    release
        The release that the file is of: none is made of one that was withdrawn meanwhile.
    label, file_name, mime, key, type, icon, help
        As `st.download_button`.
    """
    if not st.button(label, key=key, type=type, icon=icon, help=help):
        return
    try:
        with st.spinner(f"Writing {file_name} …"):
            if release is not None:
                release.refuse_withdrawn()
            content = make()
    except LttError as problem:
        controls.notice(str(problem))
        return
    st.session_state.setdefault(_WAITING, []).append(packed(file_name, mime, content))


def draw() -> None:
    """Take the files that wait to the browser; called once, at the end of a page."""
    for place, file in enumerate(st.session_state.pop(_WAITING, [])):
        with st.container(key=f"width_file_{place}"):
            _carrier(key=f"file_{place}", data=file)
