"""Start the dashboard on this machine and say where it is.

`make run` calls this. It exists because `streamlit run` alone asks for an e-mail address at its first start,
does not wait until the page answers, and would serve a steward release to the network when told to.

`ui.app.web.process` runs in a process of its own, or in several (`ui.app.supervisor`), that end with it.

Environment: ``PORT`` (default 8501), ``LTT_HOST`` (default 127.0.0.1), ``LTT_RELEASE`` (a release folder),
``LTT_OPEN=0`` (do not open a browser window), ``LTT_WORKERS`` (how many processes serve, one when left out),
``LTT_DESK_TOKEN`` (the key of a steward's release; made anew at each start when it is not given);
`ui.app.web.settings` and `ui.app.sign_in.settings` have more.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from ui.app.supervisor import Supervisor, chosen_workers, listener
from ui.app.web.opening import end_with_input, in_browser
from ui.app.web.settings import LOOPBACK, ServeError

PROJECT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 60
#: Key in the address, and variable of the server, for the token of exact numbers (`ui.app.desk`).
DESK_KEY, DESK_TOKEN = "key", "LTT_DESK_TOKEN"
#: Said by a program that starts the dashboard and is to end it, however that program ends.
ENDS_WITH_INPUT = "--end-with-input"
#: Forecasts and intervals solve many small systems, a few dozen rows each. NumPy's library would share each
#: of them out to all processors and wait for the slowest: beside other readers a forecast and its trial took
#: 7 s in place of 1, and 3.6 s of processor time in place of 0.45. Readers are what processors are shared by.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


def chosen_port(text: str) -> int:
    """Return the port in `text`.

    Raises
    ------
    ServeError
        If it is not a whole number between 1024 and 65535.
    """
    if not (text.isascii() and text.isdigit()) or not 1024 <= int(text) <= 65535:
        raise ServeError(
            f"PORT is {text!r}. Allowed: a whole number from 1024 to 65535. Next: make run PORT=8600"
        )
    return int(text)


def release_folder() -> Path:
    """Return the release folder: `LTT_RELEASE`, or the public release of the project's own data."""
    return Path(os.environ.get("LTT_RELEASE") or PROJECT / "data" / "release" / "public")


def is_exact(release: Path) -> bool:
    """Tell whether a folder holds a steward's release; what cannot be read shows nothing."""
    return profile_of(release) == "steward"


def profile_of(release: Path) -> str:
    """Return which profile a folder's release is of; empty when there is none that can be read."""
    try:
        return str(json.loads((release / "manifest.json").read_text("utf-8"))["profile"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def check_host(host: str, release: Path) -> None:
    """Refuse to serve exact numbers to anything but this machine.

    Raises
    ------
    ServeError
        If the release is a steward release and `host` is not a loopback address.
    """
    if host not in LOOPBACK and is_exact(release):
        raise ServeError(
            f"A steward release holds exact small numbers and is served on this machine only; "
            f"LTT_HOST is {host!r}. Next: leave LTT_HOST out, or use the public release (make run)"
        )


def check_free(host: str, port: int) -> None:
    """Raise ServeError if something already listens on `port`."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except socket.gaierror:
        raise ServeError(
            f"LTT_HOST is {host!r}, which is no address of this machine. Next: leave LTT_HOST out, or set it "
            "to 0.0.0.0 for a network"
        ) from None
    except OSError:
        return
    raise ServeError(f"Port {port} is in use, perhaps by another dashboard. Next: make run PORT={port + 1}")


def environment_of(release: Path, token: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a serving process: what is given wins over what is usual."""
    log: dict[str, str] = {}
    if is_exact(release):
        # Where it is needed: this process only starts others, and would wait for every library of theirs.
        from analysis.release.access_log import LOG_VARIABLE, beside  # noqa: PLC0415

        # Looks at exact numbers are written down beside them, unless the keeper says elsewhere.
        log = {LOG_VARIABLE: str(beside(release))}
    return {**ONE_THREAD, **log, **given, "LTT_RELEASE": str(release), DESK_TOKEN: token}


def command(host: str, port: int) -> list[str]:
    """Return the command line that serves the dashboard."""
    return [sys.executable, "-m", "ui.app.web.process", host, str(port)]


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Return True once the server answers, False if it stopped or took too long."""
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310 - our own loopback server
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _as_if_interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Serve until stopped; return an exit code."""
    host = os.environ.get("LTT_HOST", "127.0.0.1")
    release = release_folder().resolve()
    try:
        port = chosen_port(os.environ.get("PORT", "8501"))
        workers = chosen_workers(os.environ.get("LTT_WORKERS") or "1")
        check_host(host, release)
        check_free(host, port)
    except ServeError as problem:
        print(problem, file=sys.stderr)
        return 1
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    # Exact numbers open for whoever holds this address, once; see `ui.app.desk`.
    token = os.environ.get(DESK_TOKEN) or (secrets.token_urlsafe(32) if is_exact(release) else "")
    opened = f"{url}/?{DESK_KEY}={token}" if token else url
    signal.signal(signal.SIGTERM, _as_if_interrupted)  # else the server would outlive this program
    print(f"Starting the dashboard on {url} …", flush=True)
    environment = environment_of(release, token, os.environ)
    try:
        if workers > 1:
            return _serve_by_several(host, port, workers, environment, opened)
        return _serve_by_one(host, port, environment, opened)
    except ServeError as problem:
        print(problem, file=sys.stderr)
        return 1


def _serve_by_one(host: str, port: int, environment: dict[str, str], opened: str) -> int:
    process = subprocess.Popen(command(host, port), cwd=PROJECT, env=environment)  # noqa: S603 - our own
    try:
        _end_where_asked()
        if not wait_until_it_answers(opened.partition("/?")[0], process):
            process.terminate()
            return _not_started()
        _tell_ready(opened)
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0


def _serve_by_several(host: str, port: int, workers: int, environment: dict[str, str], opened: str) -> int:
    several = Supervisor(
        listener(host, port), command(host, port), workers, folder=str(PROJECT), environment=environment
    )
    try:
        _end_where_asked()
        if not several.start():
            return _not_started()
        _tell_ready(opened)
        return several.run()
    except KeyboardInterrupt:
        return 0
    finally:
        several.stop()


def _end_where_asked() -> None:
    """End with the input; asked for once there is a process that is then ended as well."""
    if ENDS_WITH_INPUT in sys.argv[1:]:
        end_with_input()


def _not_started() -> int:
    print("The dashboard did not start. Next: read the lines above, then make run again", file=sys.stderr)
    return 1


def _tell_ready(opened: str) -> None:
    print(f"Ready. Open {opened} in a browser. Stop with Ctrl+C.", flush=True)
    if f"/?{DESK_KEY}=" in opened:
        print("This address is a key to exact numbers: give it to nobody.", flush=True)
    if os.environ.get("LTT_OPEN", "1") != "0" and not os.environ.get("CI"):
        in_browser(opened, "ltt-open-")


if __name__ == "__main__":
    raise SystemExit(main())
