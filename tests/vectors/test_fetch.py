"""Published vectors from a server that stands for their authors."""

import dataclasses
import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.data.conftest import server
from textclf.errors import ArtefactError, ConfigError, ResourceError
from textclf.vectors.catalogue import Published, catalogue, entry_named
from textclf.vectors.fetch import VARIABLE, fetch, locate, vectors_cache

__all__ = ["server"]

TABLE = b"the 0.5 1\nof 2 -1\n"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def served(server: Any, form: str, body: bytes) -> Published:
    server.files["/file"] = body
    return Published(
        name="small",
        about="",
        rows=2,
        dim=2,
        file="small.txt.gz" if form == "plain" else "small.txt",
        form=form,  # type: ignore[arg-type]
        address=server.address("/file"),
        member="small.txt" if form == "zip" else None,
        size="",
        homepage="the page of its authors",
        licence="",
        note="",
    )


PACKED = {
    "plain": gzip.compress(TABLE),
    "gz": gzip.compress(TABLE),
    "zip": zipped(**{"other.txt": b"x", "small.txt": TABLE}),
}


def environ(folder: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(folder)}


def got(entry: Published, server: Any, folder: Path) -> Path:
    return fetch(entry, environ=environ(folder), permit=server.authority)


def left(folder: Path) -> list[str]:
    found = (path for path in vectors_cache(environ(folder)).rglob("*"))
    return sorted(path.name for path in found if path.suffix != ".lock")


@pytest.mark.parametrize("form", PACKED)
def test_a_download_is_unpacked_and_kept(form, server, tmp_path):
    entry = served(server, form, PACKED[form])
    path = got(entry, server, tmp_path)
    content = path.read_bytes()
    assert (gzip.decompress(content) if form == "plain" else content) == TABLE
    assert left(tmp_path) == [".work", entry.file]
    server.files.clear()
    assert got(entry, server, tmp_path) == path


@pytest.mark.parametrize("form", PACKED)
def test_what_is_damaged_leaves_nothing(form, server, tmp_path):
    body = PACKED[form][:-9]
    entry = served(server, form, b"" if form == "plain" else body)
    if form == "plain":
        del server.files["/file"]
    with pytest.raises((ArtefactError, ResourceError)):
        got(entry, server, tmp_path)
    assert left(tmp_path) == [".work"]


@pytest.mark.parametrize(
    "body",
    [
        zipped(**{"other.txt": TABLE}),
        zipped(**{"small.txt": TABLE, "../up.txt": b"x"}),
    ],
)
def test_an_archive_of_something_else_is_refused(body, server, tmp_path):
    with pytest.raises(ArtefactError):
        got(served(server, "zip", body), server, tmp_path)
    assert left(tmp_path) == [".work"]


def test_without_network_the_way_out_is_shown(server, tmp_path):
    entry = served(server, "zip", b"")
    server.files.clear()
    with pytest.raises(ResourceError) as fault:
        got(entry, server, tmp_path)
    for part in (entry.address, str(tmp_path), f"{VARIABLE}=FOLDER", "small.txt"):
        assert part in str(fault.value)


@pytest.mark.parametrize("name", ["small.txt", "small.txt.gz"])
def test_a_folder_of_ones_own_comes_first(name, server, tmp_path):
    entry = served(server, "gz", PACKED["gz"])
    got(entry, server, tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    both = {**environ(tmp_path), VARIABLE: str(mine)}
    assert locate(entry, environ=both) == vectors_cache(both) / "small.txt"
    (mine / name).write_bytes(TABLE)
    assert locate(entry, environ=both) == mine / name
    with pytest.raises(ConfigError, match=VARIABLE):
        locate(entry, environ={VARIABLE: str(tmp_path / "none")})


def test_what_no_program_can_download_names_its_page(tmp_path):
    entry = catalogue()["GoogleNews-vectors-negative300"]
    with pytest.raises(ConfigError, match=r"by a program.*code\.google\.com"):
        fetch(entry, environ=environ(tmp_path))
    assert not (tmp_path / "textclf").exists()


def test_the_catalogue_is_sound():
    assert len(catalogue()) >= 12
    for entry in catalogue().values():
        assert entry.address is None or entry.address.startswith("https://")
        assert entry.dim in (25, 50, 100, 200, 300)
        assert entry.licence and entry.homepage
        if entry.address is None:
            assert entry.note
    with pytest.raises(ValueError, match="member"):
        dataclasses.replace(catalogue()["glove.6B.50d"], member=None)
    with pytest.raises(ConfigError, match=r"glove\.6B\.100d\?"):
        entry_named("glove.6b.100d", where="x")
