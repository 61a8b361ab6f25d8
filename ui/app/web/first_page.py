"""The page that a browser gets first: Streamlit's own, with what it will need named at once.

Streamlit's page looks for its server under the path of a page (`/trends/_stcore/health`), waits, and then at
the root; here it is told where. It asks for the scripts of texts, pickers and charts one after the other,
each when the first of its kind is to be drawn; here they are asked for with the page. The charts' library,
4.7 MB, is read while the server makes the figures, and not after they have come.
"""

from pathlib import Path

from streamlit.file_util import get_static_dir

from ui.app.web.addresses import below_the_base
from ui.app.web.asgi import App, Receive, Scope, Send, answer, collected
from ui.cards.face.face import chart_library
from ui.view import registry

#: Streamlit's scripts that every page of ours draws with, by the names of their files without what is hashed.
NEEDED = (
    "BidiComponent",
    "Button",
    "Html",
    "Multiselect",
    "PageLink",
    "Radio",
    "Selectbox",
    "TextInput",
    "WidgetLabel",
    "purify.es",
    "recordbatch",
    "serialization",
    "useMenuTrigger",
    "withFullScreenWrapper",
)
#: Pages lie beside each other, so the server is found where the page lies, below a folder too.
_WHERE = "window.__streamlit={BACKEND_BASE_URL:new URL('.',location.href).href}"
_HEAD_ENDS = "</head>"
#: What decides how an answer is sent: the page is no file any more, and is sent whole each time.
_ASKED_FOR_PARTS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
_OF_THE_FILE = (b"content-length", b"etag", b"last-modified", b"accept-ranges")


def head() -> str:
    """Return what is put at the end of the page's head."""
    folder = Path(get_static_dir()) / "static" / "js"
    found = (next(iter(sorted(folder.glob(f"{name}.*.js"))), None) for name in NEEDED)
    scripts = [f"./static/js/{file.name}" for file in found if file is not None]
    links = [f'<link rel="modulepreload" crossorigin href="{script}">' for script in scripts]
    library = f'<script type="module" crossorigin src="./static/js/{chart_library()}"></script>'
    return f"<script>{_WHERE}</script>{''.join(links)}{library}"


def with_head(page: str) -> str:
    """Return Streamlit's page with our part of its head."""
    return page.replace(_HEAD_ENDS, f"{head()}{_HEAD_ENDS}", 1)


class FirstPage:
    """ASGI middleware: puts our part into the head of the page."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._paths = {"/", *(f"/{page.code}" for page in registry.PAGES)}
        self._head = head().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but a browser's request for a page."""
        is_page = scope["type"] == "http" and below_the_base(scope["path"]) in self._paths
        if not is_page or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        kept = [pair for pair in scope["headers"] if pair[0] not in _ASKED_FOR_PARTS]
        start, body = await collected(self.app, {**scope, "headers": kept}, receive)
        headers = [pair for pair in start["headers"] if pair[0] not in _OF_THE_FILE]
        end = _HEAD_ENDS.encode()
        await answer(send, start["status"], body.replace(end, self._head + end, 1), headers)
