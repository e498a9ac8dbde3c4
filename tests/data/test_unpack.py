import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textclf.data.catalogue import Form
from textclf.data.unpack import Caps, read_members
from textclf.errors import ArtefactError

FILES = {"a/one.txt": b"one", "a/two.txt": b"", "b/three.md": b"3" * 2000}


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _tar(path: Path, files: dict[str, bytes], *extra: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in extra:
            archive.addfile(info, io.BytesIO(b"x" * info.size))
    return path


MAKERS: dict[Form, Callable[[Path, dict[str, bytes]], Path]] = {
    "zip": _zip,
    "tar.gz": _tar,
}
both = pytest.mark.parametrize("form", MAKERS)


def _read(
    path: Path, form: Form, *wanted: str, caps: Caps | None = None
) -> dict[str, bytes]:
    members = read_members(path, form=form, wanted=wanted, caps=caps or Caps())
    return {member.name: member.content for member in members}


def _refuses(path: Path, form: Form, match: str, caps: Caps | None = None) -> None:
    with pytest.raises(ArtefactError, match=match):
        _read(path, form, "a/one.txt", caps=caps)


@both
def test_only_wanted_members_are_read(tmp_path: Path, form: Form) -> None:
    path = MAKERS[form](tmp_path / "x", FILES)
    assert _read(path, form, "b/three.md") == {"b/three.md": b"3" * 2000}
    assert _read(path, form, "a/*.txt", "b/*") == FILES
    assert list(tmp_path.iterdir()) == [path]


def test_a_plain_file_is_its_own_member(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_bytes(b"text")
    assert _read(tmp_path / "train.csv", "plain") == {"train.csv": b"text"}
    with pytest.raises(ArtefactError, match="got 4 bytes, allowed are 3"):
        _read(tmp_path / "train.csv", "plain", caps=Caps(member=3))


@both
def test_a_leading_dot_and_folders_do_not_matter(tmp_path: Path, form: Form) -> None:
    path = MAKERS[form](tmp_path / "x", {"./a/one.txt": b"1"})
    assert _read(path, form, "a/one.txt") == {"a/one.txt": b"1"}


@both
def test_a_star_stays_within_its_folder(tmp_path: Path, form: Form) -> None:
    path = MAKERS[form](tmp_path / "x", {"a/b/c.txt": b"", "a/c.txt": b"", "a.c": b""})
    assert list(_read(path, form, "a/*.txt")) == ["a/c.txt"]


@both
def test_a_missing_member_is_named(tmp_path: Path, form: Form) -> None:
    path = MAKERS[form](tmp_path / "x", FILES)
    with pytest.raises(ArtefactError, match=r"no member c/\*"):
        _read(path, form, "a/*", "c/*")


UNSAFE = ["../up", "a/../../up", "/etc/passwd", "..", "C:/x", "a\\..\\b", "a\nb"]


@both
@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_names_are_refused_wanted_or_not(
    tmp_path: Path, form: Form, name: str
) -> None:
    _refuses(MAKERS[form](tmp_path / "x", {name: b"", **FILES}), form, "unsafe name")


@both
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_repeated_names_are_refused(tmp_path: Path, form: Form) -> None:
    path = MAKERS[form](tmp_path / "x", {"a/one.txt": b"1", "./a/one.txt": b"2"})
    _refuses(path, form, "repeated name")


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE],
    ids=["symlink", "link", "device", "pipe"],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("odd")
    info.type = kind
    info.linkname = "/etc/passwd"
    _refuses(_tar(tmp_path / "x", FILES, info), "tar.gz", "link, device")


def test_a_symlink_in_a_zip_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("odd")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    _refuses(tmp_path / "x", "zip", "link or device")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x", FILES)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    _refuses(path, "zip", "encryption")


def test_an_unusual_compression_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a/one.txt", b"1")
    _refuses(tmp_path / "x", "zip", "unusual compression")


@both
def test_too_many_members_are_refused(tmp_path: Path, form: Form) -> None:
    files = {f"{n}.txt": b"" for n in range(11)}
    path = MAKERS[form](tmp_path / "x", files)
    _refuses(path, form, "more than 10 members", Caps(count=10))


@both
def test_a_large_member_is_refused_before_it_is_read(
    tmp_path: Path, form: Form
) -> None:
    path = MAKERS[form](tmp_path / "x", {"a/one.txt": bytes(1001)})
    _refuses(path, form, "with 1,001 bytes, allowed are 1,000", Caps(member=1000))


@both
def test_a_bomb_is_refused_wanted_or_not(tmp_path: Path, form: Form) -> None:
    path = MAKERS[form](tmp_path / "x", {"bomb": bytes(4 << 20), **FILES})
    _refuses(path, form, "bytes unpacked", Caps(floor=1 << 20, ratio=10))
    assert _read(path, form, "a/one.txt", caps=Caps(floor=8 << 20))


def test_a_bomb_in_a_long_name_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type = tarfile.GNUTYPE_LONGNAME
    info.size = 32 << 20
    with gzip.open(tmp_path / "x", "wb") as stream:
        stream.write(info.tobuf() + bytes(info.size))
    _refuses(tmp_path / "x", "tar.gz", "oversized header")


def test_a_zip_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x", {"a/one.txt": b"1" * 5000})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + offset, 10)
    path.write_bytes(data)
    _refuses(path, "zip", "damaged")


def test_a_negative_size_ends(tmp_path: Path) -> None:
    header = bytearray(tarfile.TarInfo("a/one.txt").tobuf())
    header[124:136] = b"\xff" * 8 + struct.pack(">i", -1024)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    with gzip.open(tmp_path / "x", "wb") as stream:
        stream.write(header + bytes(4096))
    _refuses(tmp_path / "x", "tar.gz", "bytes, allowed|begins inside|damaged")


@both
def test_every_truncation_is_noticed(tmp_path: Path, form: Form) -> None:
    whole = MAKERS[form](tmp_path / "x", FILES).read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / "x").write_bytes(whole[:length])
        with pytest.raises(ArtefactError):
            _read(tmp_path / "x", form, "a/one.txt")


@given(form=st.sampled_from(sorted(MAKERS)), data=st.data())
def test_flipped_bytes_are_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, form: Form, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("flip") / "x"
    whole = bytearray(MAKERS[form](path, FILES).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    try:
        assert _read(path, form, "a/one.txt") == {"a/one.txt": b"one"}
    except ArtefactError as fault:
        assert str(fault).isprintable()
