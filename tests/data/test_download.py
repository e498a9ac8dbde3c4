import contextlib
import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from textclf.data import connect
from textclf.data.catalogue import Source
from textclf.data.download import Limits, download
from textclf.errors import ArtefactError, ResourceError, TextclfError

BODY = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(BODY).hexdigest()
PATIENT = Limits(seconds=120, idle=60)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that holds the finished file or nothing when a test is over."""
    yield tmp_path
    assert [path.name for path in tmp_path.iterdir()] in ([], ["file"])


def _get(
    server: Any,
    folder: Path,
    path: str = "/file",
    *,
    limits: Limits = PATIENT,
    **more: Any,
) -> str:
    source = Source("file", "plain", server.address(path), **more)
    return download(
        source, folder / "file", environ={}, limits=limits, permit=server.authority
    )


def _fails(
    kind: type[TextclfError], match: str, server: Any, folder: Path, **more: Any
) -> None:
    with pytest.raises(kind, match=match):
        _get(server, folder, **more)
    assert list(folder.iterdir()) == []


def test_a_file_arrives_whole(server: Any, folder: Path) -> None:
    server.files["/file"] = BODY
    assert _get(server, folder, checksum=f"sha256:{SHA256}", bytes=len(BODY)) == SHA256
    assert (folder / "file").read_bytes() == BODY
    md5 = hashlib.md5(BODY).hexdigest()
    assert _get(server, folder, checksum=f"md5:{md5}") == SHA256


def test_progress_is_told(server: Any, folder: Path) -> None:
    heard: list[Any] = []

    class Listener:
        @contextlib.contextmanager
        def task(self, name: str, total: float | None = None) -> Iterator[Any]:
            heard.append((name, total))
            yield self

        def advance(self, steps: float = 1.0, note: str = "") -> None:
            heard.append(steps)

        def say(self, message: str) -> None: ...

        def warn(self, message: str) -> None: ...

    server.files["/file"] = BODY
    download(
        Source("file", "plain", server.address("/file")),
        folder / "file",
        environ={},
        permit=server.authority,
        progress=Listener(),
    )
    assert heard[0] == ("download file", len(BODY))
    assert sum(heard[1:]) == len(BODY)


@pytest.mark.parametrize("kind", ["sha256:" + "0" * 64, "md5:" + "0" * 32])
def test_a_wrong_checksum_is_refused(server: Any, folder: Path, kind: str) -> None:
    server.files["/file"] = BODY
    _fails(ArtefactError, "got checksum", server, folder, checksum=kind)


def test_another_size_than_the_published_one_is_refused(
    server: Any, folder: Path
) -> None:
    server.files["/file"] = BODY
    size = len(BODY)
    _fails(ArtefactError, "expected 256,001", server, folder, bytes=size + 1)
    _fails(ArtefactError, "over 255,999 bytes", server, folder, bytes=size - 1)


def _sends(*headers: tuple[str, str], body: bytes) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_short_body_is_refused(server: Any, folder: Path) -> None:
    server.answers["/file"] = _sends(("Content-Length", "300"), body=b"x" * 299)
    _fails(ArtefactError, "got 299 bytes, expected 300", server, folder)


def test_a_broken_chunk_is_refused(server: Any, folder: Path) -> None:
    server.answers["/file"] = _sends(("Transfer-Encoding", "chunked"), body=b"9\r\nx")
    _fails(ArtefactError, "ends early", server, folder)


@pytest.mark.parametrize("announced", [True, False])
def test_a_large_body_is_refused(server: Any, folder: Path, announced: bool) -> None:
    headers = [("Content-Length", str(len(BODY)))] if announced else []
    server.answers["/file"] = _sends(*headers, body=BODY)
    limits = Limits(bytes=100_000)
    _fails(ArtefactError, "over 100,000 bytes", server, folder, limits=limits)
    whole = Limits(bytes=len(BODY))
    assert _get(server, folder, limits=whole) == SHA256


ELSEWHERE = [
    "file:///etc/passwd",
    "http://127.0.0.1:{other}/file",
    "https://127.0.0.1:{other}/file",
    "https://localhost:{other}/file",
    "https://[::1]/file",
    "https://169.254.169.254/latest",
    "https://user@example.org/file",
    "ftp://example.org/file",
    "//127.0.0.1:{other}/file",
]


@pytest.mark.parametrize("location", ELSEWHERE)
def test_a_redirect_may_not_lead_inside(
    server: Any, folder: Path, location: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        port = other.getsockname()[1]
        server.redirect("/file", location.format(other=port))
        _fails(ArtefactError, "expected", server, folder)
        with pytest.raises(BlockingIOError):  # nobody came
            other.accept()


def test_an_allowed_redirect_is_followed(server: Any, folder: Path) -> None:
    server.redirect("/file", "/there?from=here")
    server.files["/there?from=here"] = BODY
    assert _get(server, folder) == SHA256
    assert server.asked == ["/file", "/there?from=here"]


def test_redirects_end(server: Any, folder: Path) -> None:
    server.redirect("/file", "/file")
    _fails(ArtefactError, "more than 5 redirects", server, folder)
    assert len(server.asked) == 6


def test_without_permission_nobody_is_asked(server: Any, folder: Path) -> None:
    source = Source("file", "plain", server.address("/file"))
    with pytest.raises(ArtefactError, match="got http, expected https"):
        download(source, folder / "file", environ={})
    assert server.asked == []


@pytest.mark.parametrize("status", [202, 404, 500])
def test_another_answer_is_the_networks_fault(
    server: Any, folder: Path, status: int
) -> None:
    server.answers["/file"] = lambda handler: handler.send_error(status)
    _fails(ResourceError, f"got the answer '{status}", server, folder)


def test_a_refused_connection_is_the_networks_fault(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        authority = f"127.0.0.1:{listener.getsockname()[1]}"
    source = Source("file", "plain", f"http://{authority}/file")
    with pytest.raises(ResourceError, match="cannot be reached") as fault:
        download(source, folder / "file", environ={}, permit=authority)
    assert authority.partition(":")[0] in str(fault.value)


def test_no_http_at_all_is_the_networks_fault(server: Any, folder: Path) -> None:
    server.answers["/file"] = lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n")
    _fails(ResourceError, "cannot be reached", server, folder)


def _drips(server: Any, *, head: bytes, every: float) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        with contextlib.suppress(OSError):
            while not server.over.wait(every):
                handler.wfile.write(b"x")

    return answer


BODY_DRIPS = b"HTTP/1.0 200 OK\r\nContent-Length: 9999\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [BODY_DRIPS, b"HTTP/1.0 200 OK\r\nX-Slow: "],
    ids=["body", "header"],
)
def test_dripping_ends_at_the_deadline(server: Any, folder: Path, head: bytes) -> None:
    server.answers["/file"] = _drips(server, head=head, every=0.05)
    limits = Limits(seconds=0.5, idle=60)
    began = time.monotonic()
    _fails(ResourceError, "not done within 0.5 s", server, folder, limits=limits)
    assert time.monotonic() - began < 60


def test_silence_ends_sooner(server: Any, folder: Path) -> None:
    server.answers["/file"] = _drips(server, head=BODY_DRIPS, every=60)
    limits = Limits(seconds=120, idle=0.2)
    _fails(ResourceError, "silent for 0.2 s", server, folder, limits=limits)


def test_an_interrupt_leaves_nothing(
    server: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/file"] = BODY

    class Interrupting:
        def __init__(self, *_: object) -> None:
            return None

        def update(self, block: bytes) -> None:
            assert len(list(folder.iterdir())) == 1
            raise KeyboardInterrupt

    monkeypatch.setattr("textclf.data.download._Published", Interrupting)
    with pytest.raises(KeyboardInterrupt):
        _get(server, folder)
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of data.example with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = f"{openssl} req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256"
    command += " -subj /CN=data.example -addext subjectAltName=DNS:data.example -days 2"
    made = subprocess.run(
        [*command.split(), "-keyout", path, "-out", path.with_suffix(".crt")],
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("this openssl cannot make a certificate")
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def tls(server: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server as https://data.example, which counts as a public address here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.files["/file"] = BODY
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host.endswith(".example") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(connect, "is_public", lambda address: True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return server


def _secure(
    server: Any, host: str, folder: Path, environ: dict[str, str] | None = None
) -> str:
    address = f"https://{host}:{server.server_port}/file"
    source = Source("file", "plain", address)
    return download(source, folder / "file", environ=environ or {})


def test_https_works_with_the_hosts_certificate(tls: Any, folder: Path) -> None:
    assert _secure(tls, "data.example", folder) == SHA256


def test_a_certificate_of_another_host_is_refused(tls: Any, folder: Path) -> None:
    with pytest.raises(ArtefactError, match="certificate is not trusted"):
        _secure(tls, "other.example", folder)


def test_an_unknown_authority_is_refused(
    tls: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ArtefactError, match="certificate is not trusted"):
        _secure(tls, "data.example", folder)


def test_a_proxy_is_asked_for_the_host(tls: Any, folder: Path) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(
            target=_proxy, args=(listener, tls.server_port, heard)
        )
        thread.start()
        environ = {"https_proxy": f"http://me:pass%20word@127.0.0.1:{port}"}
        assert _secure(tls, "data.example", folder, environ) == SHA256
        thread.join()
    assert heard[0].startswith(b"CONNECT data.example:%d " % tls.server_port)
    assert b"Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk\r\n" in heard[0]


def _proxy(listener: socket.socket, target: int, heard: list[bytes]) -> None:
    client, _ = listener.accept()
    with client, socket.create_connection(("127.0.0.1", target)) as server:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += client.recv(4096)
        heard.append(request)
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pump, args=(server, client))
        back.start()
        _pump(client, server)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := source.recv(65536):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
