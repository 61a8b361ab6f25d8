"""The dashboard. Start it with `make run`, or `streamlit run dashboard.py`.

The server imports this file to find `app`; every visit then runs it as a script.
"""

import streamlit as st

from ui.app import frame, server
from ui.view import states

if __name__ == "__main__":
    frame.run()
else:
    app = st.App(
        __file__,
        secrets=server.secrets(),
        routes=server.routes(),
        middleware=server.middleware(),
        on_script_error=states.broken,
    )
