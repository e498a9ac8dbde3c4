import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.data.authors import fetched, leaves_nothing, served
from textclf.errors import ResourceError
from textclf.files import locked


def test_what_a_killed_process_left_is_no_obstacle(server: Any, tmp_path: Path) -> None:
    (tmp_path / ".work" / "trec" / "trec").mkdir(parents=True)
    assert fetched(served("trec", server), server, tmp_path).files
    assert [p.name for p in (tmp_path / ".work").iterdir()] == ["trec.lock"]


def test_two_processes_do_not_fetch_at_once(server: Any, tmp_path: Path) -> None:
    entry = served("trec", server)
    (tmp_path / ".work").mkdir()
    with (
        locked(tmp_path / ".work" / "trec.lock"),
        pytest.raises(ResourceError, match="in use by another process"),
    ):
        fetched(entry, server, tmp_path)
    assert server.asked == []
    assert fetched(entry, server, tmp_path).files


CHILD = """
import sys, dataclasses
from pathlib import Path
from textclf.data.catalogue import catalogue
from textclf.data.fetch import fetch
cache, authority = Path(sys.argv[1]), sys.argv[2]
entry = catalogue()["subj"]
source = dataclasses.replace(entry.sources[0], address=f"http://{authority}/slow")
fetch(dataclasses.replace(entry, sources=(source,)), cache=cache, permit=authority)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["int", "kill"])
def test_a_killed_fetch_leaves_no_data_set(
    server: Any, tmp_path: Path, how: signal.Signals
) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 5000)
        handler.wfile.flush()
        server.over.wait(60)

    server.answers["/slow"] = slow
    cache = tmp_path / "cache"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(cache), server.authority],
        stderr=subprocess.DEVNULL,
        cwd=os.fspath(Path(__file__).parents[2]),
    ) as child:
        _wait_for(lambda: any((cache / ".work" / "subj").glob(".textclf-tmp-*")), child)
        child.send_signal(how)
    assert child.returncode in (-how, 130, 1)
    assert not (cache / "subj").exists()
    assert how == signal.SIGKILL or leaves_nothing(cache)
    found = fetched(served("subj", server), server, cache)
    assert found.files
    assert sorted(p.name for p in cache.iterdir()) == [".work", "subj"]
    assert [p.name for p in (cache / ".work").iterdir()] == ["subj.lock"]


def _wait_for(happened: Any, child: subprocess.Popen[bytes]) -> None:
    for _ in range(3000):
        if happened():
            return
        assert child.poll() is None, "the child ended early"
        time.sleep(0.01)
    raise AssertionError("nothing happened")
