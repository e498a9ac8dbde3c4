import ipaddress
import socket
from collections.abc import Callable

import pytest

from textclf.data.connect import Address, Deadline, connect, is_public, public_peers
from textclf.errors import ArtefactError, ConfigError, ResourceError

PRIVATE = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1
0.0.0.0 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 ff02::1
::ffff:127.0.0.1
64:ff9b::7f00:1 2002:7f00:1:: 2001:db8::1"""
PUBLIC = "93.184.216.34 8.8.8.8 2606:4700::1111 64:ff9b::808:808 ::ffff:8.8.8.8"

Resolve = Callable[[dict[str, list[str]]], list[str]]


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Lets names have these addresses; returns the list of names asked for."""

    def install(names: dict[str, list[str]]) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[object]:
            asked.append(host)
            if host not in names:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return [(0, 0, 0, "", (ip, port)) for ip in names[host]]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return install


@pytest.mark.parametrize("text", PRIVATE.split())
def test_private_addresses_are_told(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC.split())
def test_public_addresses_are_told(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_an_address_is_taken_apart() -> None:
    address = Address.parse("https://Example.org/a b/ü%20?q=1#top")
    assert address == Address("https", "example.org", 443, "/a%20b/%C3%BC%20?q=1")
    assert Address.parse("https://example.org:8443").port == 8443
    assert Address.parse("https://example.org").target == "/"
    shown = str(Address.parse("https://[2606:4700::1]:8443/a?signature=secret"))
    assert shown == "https://[2606:4700::1]:8443/a"


REFUSED = """http://example.org/a ftp://example.org/a file:///etc/passwd //example.org/a
https:///a https://user@example.org/a https://user:word@example.org/a
https://example.org:x/ https://[::1 http://127.0.0.1:80/ http://localhost/ data:,x"""


@pytest.mark.parametrize("text", [*REFUSED.split(), "", "\x1b[31m"])
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(ArtefactError) as fault:
        Address.parse(text)
    assert str(fault.value).isprintable()


def test_http_is_for_the_permitted_server_alone() -> None:
    permit = "127.0.0.1:8000"
    assert Address.parse("http://127.0.0.1:8000/a", permit=permit).scheme == "http"
    for other in ("http://127.0.0.1:8001/a", "http://127.0.0.1/a", "http://x.org:8000"):
        with pytest.raises(ArtefactError, match="expected https"):
            Address.parse(other, permit=permit)
    outside = Address.parse("http://93.184.216.34:80/", permit="93.184.216.34:80")
    with pytest.raises(ArtefactError, match="another machine"):
        connect(outside, timeout=30, environ={})


def test_one_private_address_is_enough_to_refuse(resolve: Resolve) -> None:
    resolve({"good.example": ["8.8.8.8", "8.8.4.4"], "bad.example": ["8.8.8.8", "::1"]})
    good = Address.parse("https://good.example/a")
    assert public_peers(good) == [("8.8.8.8", 443), ("8.8.4.4", 443)]
    with pytest.raises(ArtefactError, match="leads to ::1, expected a public"):
        public_peers(Address.parse("https://bad.example/a"))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "169.254.169.254"])
def test_nothing_inside_is_connected_to(host: str) -> None:
    with pytest.raises(ArtefactError, match="expected a public address"):
        connect(Address.parse(f"https://{host}/"), timeout=30, environ={})


def test_an_unknown_name_is_the_networks_fault(resolve: Resolve) -> None:
    resolve({})
    with pytest.raises(ResourceError, match="no.example cannot be resolved"):
        connect(Address.parse("https://no.example/"), timeout=30, environ={})


def test_what_was_checked_is_what_is_dialled(
    resolve: Resolve, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve({"data.example": ["8.8.8.8", "8.8.4.4"]})
    dialled: list[tuple[str, int]] = []

    def dial(peer: tuple[str, int], **_: object) -> socket.socket:
        dialled.append(peer)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    with pytest.raises(ConnectionRefusedError):
        connect(Address.parse("https://data.example/"), timeout=30, environ={})
    assert dialled == [("8.8.8.8", 443), ("8.8.4.4", 443)]
    assert asked == ["data.example"]


@pytest.mark.parametrize("host", ["127.0.0.1", "[fd00::1]", "localhost", "a.localhost"])
def test_behind_a_proxy_literal_addresses_are_checked(host: str) -> None:
    environ = {"https_proxy": "http://127.0.0.1:9"}
    with pytest.raises(ArtefactError, match="expected a public address"):
        connect(Address.parse(f"https://{host}/"), timeout=30, environ=environ)


@pytest.mark.parametrize("value", ["socks5://secret@h:1", "http://", "http://h:x"])
def test_a_proxy_that_cannot_be_used_is_an_error(value: str) -> None:
    with pytest.raises(ConfigError, match="proxy, expected") as fault:
        connect(
            Address.parse("https://data.example/"),
            timeout=30,
            environ={"HTTPS_PROXY": value},
        )
    assert "secret" not in str(fault.value)


@pytest.mark.parametrize(
    ("spared", "direct"),
    [("*", True), ("example", True), (".data.example,x", True), ("ata.example", False)],
)
def test_no_proxy_spares_hosts_and_their_domains(
    resolve: Resolve, spared: str, direct: bool
) -> None:
    asked = resolve({})
    environ = {"https_proxy": "http://proxy.example:1", "no_proxy": spared}
    with pytest.raises((ResourceError, OSError)):
        connect(Address.parse("https://data.example/"), timeout=30, environ=environ)
    assert asked == ["data.example" if direct else "proxy.example"]


def test_a_deadline_passes() -> None:
    assert Deadline.after(0).is_over()
    assert not Deadline.after(60).is_over()
    assert 59 < Deadline.after(60).left() <= 60
