"""The files that put the dashboard on the web are used for real: proxies, container, service."""

import datetime
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, expect

from tests.browser.serving import free_port, serving
from tests.support import PROJECT
from ui.app.web.process import LARGEST_MESSAGE

pytestmark = [pytest.mark.browser, pytest.mark.command]
DEPLOY = PROJECT / "docs" / "deploy"
SECONDS = 30


def program(name: str) -> str:
    """Return where a proxy lies; without it the test is skipped, unless it is required."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None and os.environ.get("LTT_PROXIES") == "required":
        pytest.fail(f"{name} is required here and not installed")
    if found is None:
        pytest.skip(f"{name} is not installed: apt install {name}")
    return found


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of this machine that nobody else trusts; return it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "localhost.pem", folder / "localhost.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


def caddy(folder: Path, upstream: str, port: int) -> subprocess.Popen[str]:
    variables = {
        "LTT_SITE": f"https://localhost:{port}",
        "LTT_UPSTREAM": upstream.removeprefix("http://"),
        "LTT_HTTP_PORT": str(free_port()),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "HOME": str(folder),
    }
    return subprocess.Popen(
        [program("caddy"), "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def nginx(folder: Path, upstream: str, port: int) -> subprocess.Popen[str]:
    """Start nginx with the file as it is shipped; only its names and ports are those of this test."""
    found, (public, private) = program("nginx"), certificate(folder)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "trends.example.org;": "localhost;",
        "/etc/ssl/certs/trends.example.org.pem": str(public),
        "/etc/ssl/private/trends.example.org.key": str(private),
        "http://127.0.0.1:8501": upstream,
    }
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    for before, after in changes.items():
        assert before in site
        site = site.replace(before, after)
    (folder / "site.conf").write_text(site, "utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n",
        "utf-8",
    )
    return subprocess.Popen(
        [found, "-c", str(folder / "nginx.conf"), "-p", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def asked(port: int, path: str, method: str = "GET", body: bytes = b"") -> http.client.HTTPResponse:
    """Return the answer of a proxy whose certificate is its own."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    link = http.client.HTTPSConnection("localhost", port, timeout=SECONDS, context=trusting)
    with closing(link):
        link.request(method, path, body=body)
        answer = link.getresponse()
        answer.read()
        return answer


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the proxy stopped at its start:\n{process.communicate()[0]}")
        try:
            if asked(port, "/").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail("the proxy does not answer")


@pytest.fixture(params=[caddy, nginx], ids=["caddy", "nginx"])
def site(request, releases: Callable[[str], Path], tmp_path: Path) -> Iterator[int]:
    """The dashboard behind a proxy, as `docs/operations.md` says; its port."""
    port = free_port()
    program(request.param.__name__)
    with serving(releases("example"), LTT_ADDRESS=f"https://localhost:{port}", LTT_WORKERS="2") as upstream:
        process = request.param(tmp_path, upstream, port)
        try:
            wait_for(port, process)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=SECONDS)


def test_a_page_is_drawn_through_a_proxy(site: int, chromium: Browser) -> None:
    context = chromium.new_context(ignore_https_errors=True)
    page = context.new_page()
    sockets: list[str] = []
    page.on("websocket", lambda link: sockets.append(link.url))
    page.goto(f"https://localhost:{site}/trends?form=forced_labour")
    expect(page.locator("footer.ltt-footer")).to_contain_text("public", timeout=60_000)
    assert sockets == [f"wss://localhost:{site}/_stcore/stream"]
    context.close()
    answer = asked(site, "/trends")
    assert answer.getheader("server") in (None, "nginx")  # nginx tells its name and, by our line, no version
    assert answer.getheader("strict-transport-security") == "max-age=31536000"
    assert "frame-ancestors 'none'" in str(answer.getheader("content-security-policy"))
    for inside in ("/healthz", "/readyz", "/nope", "/_stcore/metrics"):
        assert asked(site, inside).status == 404
    assert asked(site, "/trends", "POST", b"x" * (LARGEST_MESSAGE + 100_000)).status in (405, 413)


def test_a_room_of_readers_behind_one_address_is_not_turned_away(site: int) -> None:
    """Twenty people open the dashboard at once; a browser asks for files by six connections."""
    page, links, each = "/favicon.png", 20 * 6, 10
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    def answers(_: int) -> list[int]:
        with closing(
            http.client.HTTPSConnection("localhost", site, timeout=SECONDS, context=trusting)
        ) as link:
            found = []
            for _ in range(each):
                link.request("GET", page)
                answer = link.getresponse()
                answer.read()
                found.append(answer.status)
            return found

    with ThreadPoolExecutor(links) as readers:
        statuses = Counter(status for found in readers.map(answers, range(links)) for status in found)
    assert statuses == {200: links * each}


def test_a_container_holds_all_that_the_dashboard_needs(tmp_path: Path, releases) -> None:
    """Serve from a folder with what the container file copies, and nothing else of the project."""
    app = tmp_path / "app"
    app.mkdir()
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        *sources, target = line.split()
        for name in sources:
            source, place = PROJECT / name, app / target
            if source.is_dir():
                shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, place / source.name)
    command = json.loads(re.findall(r"^CMD (\[.+\])$", text, re.MULTILINE)[-1])
    port = free_port()
    variables = {
        "LTT_RELEASE": str(releases("example")),
        "LTT_OPEN": "0",
        "PORT": str(port),
        "LTT_WORKERS": "2",
    }
    process = subprocess.Popen(
        [sys.executable, *command[1:]],
        cwd=app,
        env={**os.environ, **variables, "PYTHONPATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        ready = 0
        while ready != 200 and time.monotonic() < deadline and process.poll() is None:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as link:
                    link.request("GET", "/readyz")
                    ready = link.getresponse().status
            except OSError:
                time.sleep(0.1)
        assert ready == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)


def test_what_the_files_set_is_what_the_program_reads() -> None:
    """No variable in a file of the deployment that the program does not know."""
    program_text = "\n".join(file.read_text("utf-8") for file in (PROJECT / "ui" / "app").rglob("*.py"))
    program_text += (PROJECT / "analysis" / "release" / "access_log.py").read_text("utf-8")
    own = {"LTT_SITE", "LTT_UPSTREAM", "LTT_HTTP_PORT"}  # of the Caddyfile itself
    for file in DEPLOY.iterdir():
        named = set(re.findall(r"\bLTT_[A-Z_]+\b", file.read_text("utf-8"))) - own
        assert named <= set(re.findall(r"\bLTT_[A-Z_]+\b", program_text)), file.name
