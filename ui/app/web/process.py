"""Runs the server: `python -m ui.app.web.process HOST PORT`; `ui.app.serve` starts it and waits for it.

Streamlit's own command starts the same server with its defaults: websocket messages of 200 MB, no time in
which a request must be there, a header that tells its name. Here the limits are those of a dashboard.
"""

import os
import sys
from typing import Any

import uvicorn
from streamlit import config

from ui.app.serve import is_exact, profile_of, release_folder
from ui.app.sign_in import ended, sockets
from ui.app.sign_in.settings import SignIn, read_by_others, settings
from ui.app.sign_in.visitor import PARTNER
from ui.app.web import handed
from ui.app.web.connections import TimedRequests
from ui.app.web.settings import ServeError, allowed_hosts, api_rate, frame_ancestors, own_address

#: The largest message a browser may send, in bytes: it sends choices, and an address of a few kilobytes.
LARGEST_MESSAGE = 1_000_000
#: Open files and sockets that a busy morning needs; the system's default of 1,024 (256 on a Mac) is reached.
OPEN_FILES = 8_192
ENOUGH_FILES = 1_024


def raise_file_limit() -> str:
    """Let the process open as many files as it may; return a sentence when these are few.

    A reader holds one connection or two. When no more can be opened, everyone else waits.
    """
    try:
        import resource  # noqa: PLC0415 - not on Windows, where there is no such limit
    except ImportError:
        return ""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = OPEN_FILES if hard == unlimited else min(OPEN_FILES, hard)
    if soft != unlimited and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (ValueError, OSError):  # a container may forbid what the limit allows
            pass
    if soft == unlimited or soft >= ENOUGH_FILES:
        return ""
    return (
        f"Only {soft} files may be open at once, so about {soft // 3} readers can be served. "
        f"Next: raise the limit (ulimit -n {OPEN_FILES}; LimitNOFILE in systemd)."
    )


def check() -> None:
    """Look at what the environment says before anything is served.

    Raises
    ------
    ServeError
        If a setting cannot be used, or figures would be shown to others than those they are for.
    """
    frame_ancestors()
    api_rate()
    known = settings()
    is_for_others = known is not None or own_address() is not None
    exact = [folder for folder in (release_folder(), *([known.release] if known else ())) if is_exact(folder)]
    if is_for_others and profile_of(release_folder()) == PARTNER:
        raise ServeError(
            "LTT_RELEASE names a partner release, which everybody would see. Next: set it to the folder of "
            "the public release; the partner one stands in the sign-in as release"
        )
    if exact and is_for_others:
        raise ServeError(
            "A steward release holds exact small numbers and is served on this machine only, without "
            "LTT_ADDRESS and without a sign-in. Next: use the public release, and the partner one behind the "
            "sign-in"
        )
    if known is not None:
        _check_for_partners(known)


def _check_for_partners(known: SignIn) -> None:
    """Refuse a sign-in that would lead to no partner figures, or whose looks could not be written down."""
    profile = profile_of(known.release)
    if profile != PARTNER:
        held = f"holds a {profile} release" if profile else "holds no release that can be read"
        raise ServeError(
            f"The sign-in's key release names {known.release.name or known.release}, which {held}. "
            "Allowed: the folder of a partner release. Next: python -m etl release --profile partner"
        )
    folder = known.log.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise ServeError(
            f"The sign-in's key log names a file in {folder.name or folder}, where this account cannot "
            "write. Next: make the folder, or name another one"
        )


def options(host: str, port: int) -> dict[str, Any]:
    """Return what Streamlit is told for this start, beside `.streamlit/config.toml`."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": allowed_hosts(host),
        # Whoever reaches the server writes the headers of their request: none of them says who somebody is.
        "server.trustedUserHeaders": {},
        "browser.gatherUsageStats": False,
    }


def server(host: str, port: int, app: Any = "dashboard:app") -> uvicorn.Server:
    """Return the server of an application, not yet started."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=TimedRequests,
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE,
            ws_ping_interval=30.0,
            ws_ping_timeout=30.0,
            ws_per_message_deflate=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            use_colors=False,
            timeout_graceful_shutdown=3,
        )
    )


def main(host: str, port: str) -> int:
    """Serve the dashboard until stopped; return an exit code."""
    try:
        check()
    except ServeError as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    for said in filter(None, (raise_file_limit(), read_by_others(os.environ))):
        print(said, file=sys.stderr, flush=True)
    config.get_config_options(force_reparse=True, options_from_flags=options(host, int(port)))
    made, supervisor = server(host, int(port)), handed.channel()
    if supervisor is not None:
        made = handed.HandedOver(made.config, supervisor, sockets.hear)
        ended.share(made.tell)
    made.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:3]))
