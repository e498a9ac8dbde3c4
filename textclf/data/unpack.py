"""Named members of an archive, read one by one into memory and never extracted."""

import gzip
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from textclf.data.catalogue import Form
from textclf.errors import ArtefactError, TextclfError, one_of, printable

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)
_UNSAFE = re.compile(r"(^|/)\.\.(/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Caps:
    """How much an archive may unpack to.

    Args:
        member: Bytes of one member.
        total: Bytes of all, whether read or passed over.
        ratio: Bytes unpacked per byte of the archive, once it is over `floor` bytes.
        floor: Bytes that any archive may unpack to.
        count: Members.
    """

    member: int = 256 << 20
    total: int = 2 << 30
    ratio: int = 100
    floor: int = 16 << 20
    count: int = 200_000

    def allowed(self, packed: int) -> int:
        """Returns the bytes that an archive of `packed` bytes may unpack to."""
        return min(self.total, max(self.floor, self.ratio * packed))


CAPS = Caps()


@dataclass(frozen=True)
class Member:
    """A file of an archive, or a plain file."""

    name: str
    content: bytes


def read_members(
    path: Path, *, form: Form, wanted: Sequence[str] = (), caps: Caps = CAPS
) -> Iterator[Member]:
    """Reads a file or the wanted members of an archive, in the order of the archive.

    Args:
        path: The file.
        form: What it is.
        wanted: Names of members; `*` stands for any part of a name without a slash.
        caps: What the archive may unpack to.

    Raises:
        ArtefactError: The file is damaged; one of its members, wanted or not, has an
            unsafe or repeated name, is a link, a device or encrypted; it unpacks to
            more than `caps` allow; or a wanted member is not in it.
    """
    try:
        if form == "plain":
            yield _plain(path, caps)
        else:
            read = _zip_members if form == "zip" else _tar_members
            yield from _wanted(read(path, _Wanted(wanted), caps), wanted, path)
    except TextclfError:
        raise
    except Exception as fault:  # whatever a parser does with bytes made to confuse it
        raise ArtefactError(
            f"got a damaged file ({fault or type(fault).__name__}), expected {form}",
            where=path.name,
            fix="fetch it again",
        ) from fault


class _Wanted:
    """Tells whether a name is asked for."""

    def __init__(self, patterns: Sequence[str]) -> None:
        expressions = ("[^/]*".join(map(re.escape, p.split("*"))) for p in patterns)
        self._matches = re.compile("|".join(expressions)).fullmatch

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._matches(name) is not None


class _Listing:
    """The members passed so far: refuses what no honest archive holds."""

    def __init__(self, path: Path, caps: Caps) -> None:
        self._path = path
        self._caps = caps
        self._names: set[str] = set()

    def add(self, name: str, *, size: int, fault: str | None) -> str:
        """Returns the plain name of a member, after all checks."""
        if _UNSAFE.search(name):
            fault = "an unsafe name"
        name = name.removeprefix("./").rstrip("/")
        if name in self._names:
            fault = "a repeated name"
        self._names.add(name)
        if fault is not None:
            raise self.refusal(f"got a member with {fault}: {_shown(name)}")
        if len(self._names) > self._caps.count:
            raise self.refusal(f"got more than {self._caps.count:,} members")
        if not 0 <= size <= self._caps.member:
            limit = f"allowed are {self._caps.member:,}"
            raise self.refusal(f"got {_shown(name)} with {size:,} bytes, {limit}")
        return name

    def refusal(self, problem: str) -> ArtefactError:
        """Returns the error for an archive that is not what its authors published."""
        return ArtefactError(
            problem, where=self._path.name, fix="do not use this file; fetch it again"
        )


def _plain(path: Path, caps: Caps) -> Member:
    size = path.stat().st_size
    if size > caps.member:
        raise ArtefactError(
            f"got {size:,} bytes, allowed are {caps.member:,}", where=path.name
        )
    return Member(path.name, path.read_bytes())


def _wanted(
    members: Iterator[Member], patterns: Sequence[str], path: Path
) -> Iterator[Member]:
    """Passes members on; raises at the end if a pattern met none."""
    missing = {pattern: _Wanted([pattern]) for pattern in patterns}
    for member in members:
        met = [pattern for pattern, names in missing.items() if member.name in names]
        for pattern in met:
            del missing[pattern]
        yield member
    if missing:
        raise ArtefactError(
            f"no member {one_of(missing)}", where=path.name, fix="fetch it again"
        )


def _zip_members(path: Path, names: _Wanted, caps: Caps) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for name, info in _listed(archive, path, caps):
            if name in names and not info.is_dir():
                yield Member(name, b"".join(_unpacked(archive, info)))


def unpack_member(path: Path, member: str, stream: IO[bytes], *, caps: Caps) -> None:
    """Writes one member of a zip archive to a stream, a block at a time.

    Args:
        path: The archive.
        member: Its name.
        stream: Where it goes.
        caps: What the archive may unpack to.

    Raises:
        ArtefactError: As `read_members`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = dict(_listed(archive, path, caps))
            if member not in found:
                raise ArtefactError(f"no member {member}", where=path.name)
            for block in _unpacked(archive, found[member]):
                stream.write(block)
    except _DAMAGE as fault:
        raise ArtefactError(
            f"got a damaged file ({fault or type(fault).__name__}), expected zip",
            where=path.name,
            fix="fetch it again",
        ) from fault


def _listed(
    archive: zipfile.ZipFile, path: Path, caps: Caps
) -> list[tuple[str, zipfile.ZipInfo]]:
    """Returns all members by their plain names, after all checks."""
    listing, allowed = _Listing(path, caps), caps.allowed(path.stat().st_size)
    safe = [
        (listing.add(info.filename, size=info.file_size, fault=_fault(info)), info)
        for info in archive.infolist()
    ]
    total = sum(info.file_size for _, info in safe)
    if total > allowed:
        raise listing.refusal(f"got {total:,} bytes unpacked, allowed {allowed:,}")
    return safe


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        yield from iter(partial(file.read, _BLOCK), b"")


def _fault(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & _ENCRYPTED:
        return "encryption"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "an unusual compression"
    return None


def _tar_members(path: Path, names: _Wanted, caps: Caps) -> Iterator[Member]:
    listing = _Listing(path, caps)
    allowed = caps.allowed(path.stat().st_size)
    with gzip.open(path) as unpacked:
        stream = _Metered(unpacked, allowed, listing)
        with tarfile.TarFile(fileobj=stream) as archive:  # type: ignore[arg-type]
            for info in archive:
                name = listing.add(info.name, size=info.size, fault=_tar_fault(info))
                if name in names and info.isreg():
                    stream.seek(info.offset_data)
                    yield Member(name, stream.read_exactly(info.size))
        while stream.read(_BLOCK):  # to the end, where gzip keeps its checksum
            pass


def _tar_fault(info: tarfile.TarInfo) -> str | None:
    if info.isdir() or (info.isreg() and not info.issparse()):
        return None
    return "a link, device or holes"


class _Metered:
    """A stream read forwards alone, in blocks, up to a number of bytes.

    tarfile reads the long names and extended headers of a member whole, whatever size
    they claim, so the sizes of members alone do not bound its memory.
    """

    def __init__(self, stream: gzip.GzipFile, allowed: int, listing: _Listing) -> None:
        self._stream = stream
        self._allowed = allowed
        self._listing = listing
        self._position = 0

    def read(self, size: int) -> bytes:
        """Returns up to `size` bytes, at most a block."""
        if not 0 <= size <= _BLOCK:
            raise self._listing.refusal("got an oversized header")
        data = self._stream.read(size)
        self._position += len(data)
        if self._position > self._allowed:
            raise self._listing.refusal(
                f"got over {self._allowed:,} bytes unpacked, which is not allowed"
            )
        return data

    def read_exactly(self, size: int) -> bytes:
        """Returns `size` bytes."""
        blocks = []
        end = self._position + size
        while self._position < end:
            blocks.append(self.read(min(_BLOCK, end - self._position)))
            if not blocks[-1]:
                raise EOFError("it ends inside a member")
        return b"".join(blocks)

    def tell(self) -> int:
        """Returns the number of bytes read."""
        return self._position

    def seek(self, position: int) -> int:
        """Reads on to `position`."""
        if position < self._position:
            raise self._listing.refusal("got a member that begins inside another")
        while self._position < position:
            if not self.read(min(_BLOCK, position - self._position)):
                raise EOFError("it ends inside a member")
        return self._position


def _shown(name: str) -> str:
    return printable(name, limit=80)
