"""Where the reader found the dashboard."""

from urllib.parse import urlsplit

import streamlit as st


def site_address() -> str:
    """Return the address of the dashboard without page and choices; empty where nobody knows."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
