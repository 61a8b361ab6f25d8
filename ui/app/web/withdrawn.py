"""Files of a release that was withdrawn, which an open page has offered before: nobody gets them any more."""

from collections.abc import Iterable

from streamlit.runtime import exists, get_instance

from analysis.release.archive import withdrawn_ids
from ui.app.serve import release_folder
from ui.app.sign_in.settings import settings
from ui.app.web.addresses import below_the_base
from ui.app.web.asgi import App, Receive, Scope, Send, answer

MEDIA = "/media/"
GONE = b"The release that this file is from was withdrawn. Do not use its figures any more.\n"


class NothingWithdrawn:
    """ASGI middleware: refuses downloads of withdrawn releases; the name of a file holds its release's id."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        path = below_the_base(scope["path"]) if scope["type"] == "http" else ""
        if path.startswith(MEDIA) and is_of(file_name(path), withdrawn()):
            await answer(send, 410, GONE)
        else:
            await self.app(scope, receive, send)


def file_name(path: str) -> str:
    """Return the name under which a file of the server is handed over; empty for one that has none."""
    file = get_instance().media_file_mgr.read_file(path.removeprefix(MEDIA)) if exists() else None
    return (file.filename or "") if file is not None else ""


def withdrawn() -> set[str]:
    """Return the ids of the releases that were withdrawn, of every role that this server serves."""
    known = settings()
    folders = [release_folder(), *([known.release] if known else [])]
    return {release_id for folder in folders for release_id in withdrawn_ids(folder)}


def is_of(name: str, ids: Iterable[str]) -> bool:
    """Tell whether a file's name holds one of these ids."""
    return any(release_id in name for release_id in ids)
