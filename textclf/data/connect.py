"""Connections to addresses that were checked first: https, and public."""

import base64
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, quote, unquote, urlsplit

from textclf.errors import ArtefactError, ConfigError, ResourceError, printable

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: IPv4 inside
_SAFE = "/%:=&?~+!$,;'@()*[]"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Peer = tuple[str, int]


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock by which work has to end."""

    end: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Returns the moment that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Returns the seconds that are left, never below a hundredth."""
        return max(0.01, self.end - time.monotonic())

    def is_over(self) -> bool:
        """Tells whether the moment has passed."""
        return time.monotonic() >= self.end


@dataclass(frozen=True)
class Address:
    """A parsed https address; http is for one permitted loopback server alone."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, text: str, *, permit: str | None = None) -> Self:
        """Parses and checks an address.

        Args:
            text: The address.
            permit: The `host:port` of a loopback server that may be asked over http.
                It exists for tests and is never taken from a configuration.

        Raises:
            ArtefactError: It is no https address, or it names a user or no host.
        """
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as fault:
            raise _refused(text, f"got a malformed address ({fault})") from fault
        host = parts.hostname or ""
        permitted = permit is not None and f"{host}:{port}" == permit
        if parts.scheme != "https" and not (parts.scheme == "http" and permitted):
            raise _refused(text, f"got {parts.scheme or 'no scheme'}, expected https")
        if not host or "@" in parts.netloc:
            raise _refused(text, "got a user or no host, expected https://host/path")
        query = f"?{parts.query}" if parts.query else ""
        target = quote(f"{parts.path or '/'}{query}", safe=_SAFE)
        return cls(parts.scheme, host, 443 if port is None else port, target)

    def __str__(self) -> str:
        """Returns it for messages: without the query, which may hold a signature."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == 443 else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target.partition('?')[0]}"


def connect(
    address: Address, *, timeout: float, environ: Mapping[str, str]
) -> http.client.HTTPConnection:
    """Opens a connection to a host whose addresses were checked, and to those alone.

    Behind a proxy the proxy resolves the name: then only a literal address in the
    host's place can be checked.

    Args:
        address: Where to; http must have been permitted when it was parsed.
        timeout: Seconds to wait for the network, each time.
        environ: The environment variables; `https_proxy` and `no_proxy` count.

    Raises:
        ArtefactError: The host is, or has, an address that is not public.
        ResourceError: The name cannot be resolved.
        OSError: There is no connection.
    """
    connection: http.client.HTTPConnection
    if address.scheme == "http":
        if not _is_loopback(address.host):
            raise _refused(str(address), "got http to another machine, expected https")
        connection = http.client.HTTPConnection(
            address.host, address.port, timeout=timeout
        )
    elif proxy := _proxy(address.host, environ):
        _check_literal(address)
        connection = _through(proxy, address, timeout)
    else:
        connection = _CheckedConnection(address, public_peers(address), timeout)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


def public_peers(address: Address) -> list[Peer]:
    """Resolves a host; every address that it has must be public.

    Raises:
        ArtefactError: One is not, as with a name that was made to point inside.
        ResourceError: The name cannot be resolved.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise ResourceError(
            f"the name {address.host} cannot be resolved ({_reason(fault)})",
            where=str(address),
        ) from fault
    peers = [(str(sockaddr[0]), int(sockaddr[1])) for *_, sockaddr in found]
    for host, _ in peers:
        if not is_public(ipaddress.ip_address(host)):
            raise _private(address, host)
    return peers


def is_public(address: IPAddress) -> bool:
    """Tells whether an address, or the IPv4 address inside it, is a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner: IPAddress | None = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            inner = address.teredo[1]
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved)


class _CheckedConnection(http.client.HTTPSConnection):
    """TLS to one of the given peers, whatever the name resolves to by now."""

    def __init__(self, address: Address, peers: Sequence[Peer], timeout: float) -> None:
        self._peers = peers
        self._tls = ssl.create_default_context()
        self._seconds = timeout
        super().__init__(address.host, address.port, timeout=timeout, context=self._tls)

    def connect(self) -> None:
        """Tries the peers in order; the certificate must be for the host's name."""
        raw = _dial(self._peers, self._seconds)
        try:
            self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)
        except BaseException:
            raw.close()
            raise


def _dial(peers: Sequence[Peer], timeout: float) -> socket.socket:
    fault: OSError = ConnectionError("no address")
    for peer in peers:
        try:
            return socket.create_connection(peer, timeout=timeout)
        except OSError as error:
            fault = error
    raise fault


def _proxy(host: str, environ: Mapping[str, str]) -> SplitResult | None:
    """Returns the proxy that the environment asks for, for https to this host."""
    value = environ.get("https_proxy") or environ.get("HTTPS_PROXY")
    value = value or environ.get("all_proxy") or environ.get("ALL_PROXY")
    spared = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if not value or _is_spared(host, spared):
        return None
    proxy = urlsplit(value if "://" in value else f"http://{value}")
    try:
        usable = proxy.scheme == "http" and proxy.hostname and (proxy.port or 80)
    except ValueError:
        usable = None
    if not usable:
        raise ConfigError(
            f"got a {printable(proxy.scheme, limit=20)} proxy, expected "
            "http://host:port",
            where="https_proxy",
        )
    return proxy


def _is_spared(host: str, spared: str) -> bool:
    """Tells whether `no_proxy` names the host or a domain that it is in."""
    names = (name.strip().lstrip(".").lower() for name in spared.split(","))
    return any(name == "*" or f".{host}".endswith(f".{name}") for name in names if name)


def _through(
    proxy: SplitResult, address: Address, timeout: float
) -> http.client.HTTPSConnection:
    headers = {}
    if proxy.username is not None:
        user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        secret = base64.b64encode(user.encode("utf-8")).decode("ascii")
        headers["Proxy-Authorization"] = f"Basic {secret}"
    connection = http.client.HTTPSConnection(
        proxy.hostname or "",
        proxy.port or 80,
        timeout=timeout,
        context=ssl.create_default_context(),
    )
    connection.set_tunnel(address.host, address.port, headers=headers)
    return connection


def _check_literal(address: Address) -> None:
    try:
        literal = ipaddress.ip_address(address.host)
    except ValueError:
        if address.host == "localhost" or address.host.endswith(".localhost"):
            raise _private(address, address.host) from None
        return
    if not is_public(literal):
        raise _private(address, address.host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _private(address: Address, host: str) -> ArtefactError:
    return _refused(str(address), f"leads to {host}, expected a public address")


def _refused(text: str, problem: str) -> ArtefactError:
    return ArtefactError(
        problem,
        where=printable(text, limit=200),
        fix="do not use this address; set TEXTCLF_DATA to a copy of the data",
    )


def _reason(fault: Exception) -> str:
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
