"""One file from its source: bounded in size and time, checked, whole or not at all."""

import contextlib
import hashlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from textclf.data.catalogue import Source
from textclf.data.connect import Address, Deadline, connect
from textclf.errors import ArtefactError, ResourceError, printable
from textclf.files import write_whole
from textclf.progress import SILENT, Progress

_BLOCK = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "User-Agent": "textclf",
}


@dataclass(frozen=True)
class Limits:
    """What a download may take.

    Args:
        bytes: The size of a file whose size is not published.
        seconds: The time for one file, redirects included.
        idle: The seconds without a byte.
        redirects: How often the address may change.
    """

    bytes: int = 1 << 30
    seconds: float = 3600.0
    idle: float = 30.0
    redirects: int = 5


LIMITS = Limits()


def download(
    source: Source,
    target: Path,
    *,
    environ: Mapping[str, str],
    limits: Limits = LIMITS,
    permit: str | None = None,
    progress: Progress = SILENT,
) -> str:
    """Downloads a file to `target`, which appears only when every check has passed.

    Args:
        source: The file.
        target: Where to; its folder must exist.
        environ: The environment variables (for a proxy).
        limits: What it may take.
        permit: See `Address.parse`.
        progress: Hears how far it is.

    Returns:
        The SHA-256 of the file as hexadecimal.

    Raises:
        ArtefactError: An address is refused, or the file is short, too large or not the
            one whose checksum was published.
        ResourceError: The network cannot be had or is too slow; the disk is full.
    """
    deadline = Deadline.after(limits.seconds)
    allowed = limits.bytes if source.bytes is None else source.bytes
    sha256 = hashlib.sha256()
    published = _Published(source)
    with _answer(source.address, deadline, limits, environ, permit) as response:
        length = _length(response, allowed, source)
        task = progress.task(f"download {source.file}", length or source.bytes)
        with write_whole(target) as stream, task as advance:
            received = 0
            for block in _blocks(response, source, deadline, limits):
                received += len(block)
                _check_size(received, allowed, source)
                sha256.update(block)
                published.update(block)
                stream.write(block)
                advance.advance(len(block))
            _check_length(received, length, source)
            published.check()
    return sha256.hexdigest()


class _Published:
    """The checksum that others published, against what arrives."""

    def __init__(self, source: Source) -> None:
        kind, _, self._expected = (source.checksum or "").partition(":")
        # MD5 tells damage; for that it is as good as it was when it was published.
        self._hash = hashlib.new(kind, usedforsecurity=False) if kind else None
        self._source = source

    def update(self, block: bytes) -> None:
        if self._hash is not None:
            self._hash.update(block)

    def check(self) -> None:
        """Raises ArtefactError if the file is another one."""
        got = self._hash.hexdigest() if self._hash is not None else ""
        if got != self._expected:
            raise _unfit(
                self._source, f"got checksum {got}, expected {self._source.checksum}"
            )


@contextlib.contextmanager
def _answer(
    text: str,
    deadline: Deadline,
    limits: Limits,
    environ: Mapping[str, str],
    permit: str | None,
) -> Iterator[http.client.HTTPResponse]:
    """Asks for an address, following redirects that lead to allowed addresses."""
    for _ in range(limits.redirects + 1):
        address = Address.parse(text, permit=permit)
        with _asked(address, deadline, limits, environ) as response:
            if response.status not in _REDIRECTS:
                _check_status(response, address)
                yield response
                return
            text = urljoin(text, response.headers.get("Location", ""))
    raise ArtefactError(
        f"got more than {limits.redirects} redirects", where=printable(text, limit=200)
    )


@contextlib.contextmanager
def _asked(
    address: Address, deadline: Deadline, limits: Limits, environ: Mapping[str, str]
) -> Iterator[http.client.HTTPResponse]:
    where = str(address)
    with contextlib.ExitStack() as stack:
        with _network(where, deadline, limits):
            timeout = min(limits.idle, deadline.left())
            connection = connect(address, timeout=timeout, environ=environ)
            stack.callback(connection.close)
            stack.enter_context(_cut_off(connection.sock, deadline))
            connection.request("GET", address.target, headers=_HEADERS)
            response = stack.enter_context(connection.getresponse())
        yield response


@contextlib.contextmanager
def _cut_off(sock: socket.socket, deadline: Deadline) -> Iterator[None]:
    """Ends all reading at the deadline, however slowly the bytes drip in."""
    timer = threading.Timer(deadline.left(), _shut, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(sock: socket.socket) -> None:
    # Not sock.shutdown: that of TLS would also drop what another thread is reading.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _blocks(
    response: http.client.HTTPResponse,
    source: Source,
    deadline: Deadline,
    limits: Limits,
) -> Iterator[bytes]:
    """Reads the body as it comes; faults of the network become ours."""
    block = b"more"
    while block:
        with _network(source.address, deadline, limits):
            block = response.read1(_BLOCK)
            if deadline.is_over():
                raise TimeoutError
        yield block


@contextlib.contextmanager
def _network(where: str, deadline: Deadline, limits: Limits) -> Iterator[None]:
    try:
        yield
    except http.client.IncompleteRead as fault:
        if deadline.is_over():
            raise _slow(where, deadline, limits) from fault
        raise ArtefactError("ends early", where=where, fix="fetch it again") from fault
    except ssl.SSLCertVerificationError as fault:
        problem = f"its certificate is not trusted ({fault.verify_message})"
        raise ArtefactError(problem, where=where) from fault
    except (OSError, http.client.HTTPException) as fault:
        if deadline.is_over() or isinstance(fault, TimeoutError):
            raise _slow(where, deadline, limits) from fault
        reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        raise ResourceError(f"cannot be reached ({reason})", where=where) from fault


def _slow(where: str, deadline: Deadline, limits: Limits) -> ResourceError:
    if deadline.is_over():
        return ResourceError(f"not done within {limits.seconds:g} s", where=where)
    return ResourceError(f"silent for {limits.idle:g} s", where=where)


def _check_status(response: http.client.HTTPResponse, address: Address) -> None:
    if response.status != http.client.OK:
        answer = f"{response.status} {response.reason}".strip()
        raise ResourceError(f"got the answer {answer!r}", where=str(address))


def _length(
    response: http.client.HTTPResponse, allowed: int, source: Source
) -> int | None:
    """Returns the announced number of bytes, None if there is none."""
    announced = response.headers.get("Content-Length", "")
    if response.chunked or not announced.isdecimal():
        return None
    _check_size(int(announced), allowed, source)
    return int(announced)


def _check_size(received: int, allowed: int, source: Source) -> None:
    if received > allowed:
        raise _unfit(source, f"is over {allowed:,} bytes, the size allowed")


def _check_length(received: int, length: int | None, source: Source) -> None:
    for expected in (length, source.bytes):
        if expected is not None and received != expected:
            raise _unfit(source, f"got {received:,} bytes, expected {expected:,}")


def _unfit(source: Source, problem: str) -> ArtefactError:
    return ArtefactError(
        problem,
        where=source.address,
        fix="fetch it again; if that does not help, its source has changed",
    )
