import dataclasses
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from textclf.data.catalogue import Entry, Source, catalogue
from textclf.data.fetch import fetch
from textclf.data.locate import Located, locate
from textclf.errors import ArtefactError, ResourceError
from textclf.files import locked

Rows = list[tuple[Any, ...]]

# Per data set: what its authors publish, as {member: content} for an archive, and what
# has to come of it.
PUBLISHED: dict[str, tuple[dict[str, Any], dict[str, Rows]]] = {
    "ag_news": (
        {"train.csv": '"3","Title","Text \\ more"\n', "test.csv": '"1","T","x, y"\n'},
        {"train": [("Title Text \\ more", "Business")], "test": [("T x, y", "World")]},
    ),
    "astd": (
        {
            "tweets.txt": "صباح\tPOS\nخبر\tOBJ\nلا\tNEG\n",
            "train.txt": "2\n0",
            "dev.txt": "1",
            "test.txt": "0\n",
        },
        {
            "train": [("لا", "NEG"), ("صباح", "POS")],
            "dev": [("خبر", "OBJ")],
            "test": [("صباح", "POS")],
        },
    ),
    "banking77": (
        {
            "train.csv": 'text,category\n"\nWhy, ""why""?\n",age_limit\n',
            "test.csv": "text,category\nHow?,reverted_card_payment?\n",
        },
        {
            "train": [('\nWhy, "why"?\n', "age_limit")],
            "test": [("How?", "reverted_card_payment?")],
        },
    ),
    "chnsenticorp": (
        {
            "chnsenticorp.tar.gz": {
                "chnsenticorp/train.tsv": "label\ttext_a\n1\t很好。\n",
                "chnsenticorp/dev.tsv": "label\ttext_a\n0\t太差\n",
                "chnsenticorp/test.tsv": "label\ttext_a\n1\t很好。\n0\t一般\n",
                "chnsenticorp/._dev.tsv": "",
            }
        },
        {
            "train": [("很好。", "positive")],
            "dev": [("太差", "negative")],
            "test": [("很好。", "positive"), ("一般", "negative")],
            "test_nodup": [("一般", "negative")],
        },
    ),
    "germeval2018": (
        {
            "train.txt": "@a Schön |LBR| hier\tOTHER\tOTHER\n",
            "test.txt": 'Du "Depp"\tOFFENSE\tINSULT\n',
        },
        {
            "train": [("@a Schön |LBR| hier", "OTHER", "OTHER")],
            "test": [('Du "Depp"', "OFFENSE", "INSULT")],
        },
    ),
    "go_emotions": (
        {
            "train.tsv": '"Well, thanks\t4,15\ted1\n',
            "dev.tsv": "ok \t27\ted2\n",
            "test.tsv": "so sad\t25\ted3\n",
        },
        {
            "train": [('"Well, thanks', "approval|gratitude")],
            "dev": [("ok ", "neutral")],
            "test": [("so sad", "sadness")],
        },
    ),
    "imdb": (
        {
            "aclImdb_v1.tar.gz": {
                "aclImdb/README": "",
                "aclImdb/train/pos/0_9.txt": "Great<br />film",
                "aclImdb/train/pos/10_7.txt": "Good\x96so",
                "aclImdb/train/neg/0_1.txt": "Bad",
                "aclImdb/test/neg/3_4.txt": "Dull",
                "aclImdb/test/pos/7_10.txt": "Wow",
                "aclImdb/train/unsup/0_0.txt": "Who knows",
                "aclImdb/train/urls_pos.txt": "http://www.imdb.com",
            }
        },
        {
            "train": [
                ("Bad", "negative", 1),
                ("Great<br />film", "positive", 9),
                ("Good\x96so", "positive", 7),
            ],
            "test": [("Dull", "negative", 4), ("Wow", "positive", 10)],
            "unsup": [("Who knows",)],
        },
    ),
    "mr": (
        {
            "rt-polaritydata.tar.gz": {
                "rt-polaritydata.README.1.0.txt": "",
                "rt-polaritydata/rt-polarity.neg": b"dull \x96 and long . \n",
                "rt-polaritydata/rt-polarity.pos": b"a caf\xe9 . \n",
            }
        },
        {"all": [("a café .", "pos"), ("dull – and long .", "neg")]},
    ),
    "polarity_v2": (
        {
            "review_polarity.tar.gz": {
                "poldata.README.2.0": "",
                "txt_sentoken/pos/cv900_1.txt": "fine . \nvery fine . \n",
                "txt_sentoken/neg/cv099_2.txt": "bad . \n",
            }
        },
        {"all": [("bad . \n", "neg", 0), ("fine . \nvery fine . \n", "pos", 9)]},
    ),
    "reuters_r8": (
        {"train.txt": "earn\tnet profit \n", "test.txt": "money-fx\tthe yen \n"},
        {"train": [("net profit", "earn")], "test": [("the yen", "money-fx")]},
    ),
    "sms_spam": (
        {
            "sms_spam.zip": {
                "SMSSpamCollection": 'ham\tOk lar... "joking"\nspam\tWIN £900\x92s ',
                "readme": "",
            }
        },
        {"all": [('Ok lar... "joking"', "ham"), ("WIN £900\x92s ", "spam")]},
    ),
    "sst1": (
        {
            "trees.zip": {
                "trees/train.txt": "(3 (2 It) (4 (4 Works) (2 -LRB-)))\n",
                "trees/dev.txt": "(2 (2 So) (2 what))\n\n",
                "trees/test.txt": "(0 (1 No) (0 1\\/2))\n",
            }
        },
        {
            "train": [("it works -lrb-", "positive")],
            "dev": [("so what", "neutral")],
            "test": [("no 1\\/2", "very negative")],
        },
    ),
    "sst2": (
        {
            "trees.zip": {
                "trees/train.txt": "(4 (2 It) (4 works))\n(2 (2 So) (2 what))\n",
                "trees/dev.txt": "(3 (2 Not) (1 bad))\n",
                "trees/test.txt": "(1 (1 Not) (3 good))\n",
            }
        },
        {
            "train": [("it works", "positive")],
            "dev": [("not bad", "positive")],
            "test": [("not good", "negative")],
        },
    ),
    "subj": (
        {
            "rotten_imdb.tar.gz": {
                "subjdata.README.1.0": "",
                "plot.tok.gt9.5000": b"a man \x97 h\xe9l\xe8ne . \n",
                "quote.tok.gt9.5000": "smart and alert . \n",
            }
        },
        {
            "all": [
                ("smart and alert .", "subjective"),
                ("a man — hélène .", "objective"),
            ]
        },
    ),
    "trec": (
        {
            "train.label": b"LOC:city Which sister\xf0city ?\n",
            "test.label": "NUM:dist How far : 1 ?\n",
        },
        {"train": [("Which sisterðcity ?", "LOC")], "test": [("How far : 1 ?", "NUM")]},
    ),
    "trec_fine": (
        {"train.label": "LOC:city Which ?\n", "test.label": "NUM:dist How far ?\n"},
        {"train": [("Which ?", "LOC:city")], "test": [("How far ?", "NUM:dist")]},
    ),
    "tweet_emotion": (
        {
            "train_text.txt": "So #happy \n@user no \n",
            "train_labels.txt": "1\n0\n",
            "dev_text.txt": "hm ",
            "dev_labels.txt": "3",
            "test_text.txt": "we can 😀 \n",
            "test_labels.txt": "2\n",
        },
        {
            "train": [("So #happy", "joy"), ("@user no", "anger")],
            "dev": [("hm", "sadness")],
            "test": [("we can 😀", "optimism")],
        },
    ),
    "twenty_newsgroups": (
        {
            "20news-bydate.tar.gz": {
                "20news-bydate-train/sci.space/60": b"From: x\n\n\xff moon\n",
                "20news-bydate-train/alt.atheism/9": "why\n",
                "20news-bydate-test/sci.med/1": "doctor\n",
            }
        },
        {
            "train": [("why\n", "alt.atheism"), ("From: x\n\nÿ moon\n", "sci.space")],
            "test": [("doctor\n", "sci.med")],
        },
    ),
}


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _packed(content: Any, form: str) -> bytes:
    if form == "plain":
        return _bytes(content)
    buffer = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, member in content.items():
                archive.writestr(name, _bytes(member))
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            for name, member in content.items():
                info = tarfile.TarInfo(name)
                info.size = len(_bytes(member))
                tar.addfile(info, io.BytesIO(_bytes(member)))
    return buffer.getvalue()


def _served(name: str, server: Any) -> Entry:
    """The entry of the catalogue as if the server were where its authors keep it."""
    entry = catalogue()[name]
    published, expected = PUBLISHED[name]
    sources = []
    for source in entry.sources:
        body = _packed(published[source.file], source.form)
        server.files[f"/{source.file}"] = body
        sources.append(
            dataclasses.replace(
                source,
                address=server.address(f"/{source.file}"),
                checksum=f"sha256:{hashlib.sha256(body).hexdigest()}",
                bytes=len(body),
            )
        )
    return dataclasses.replace(
        entry,
        sources=tuple(sources),
        splits={split: len(expected[split]) for split in entry.splits},
        extra_splits={split: len(expected[split]) for split in entry.extra_splits},
    )


def _fetch(entry: Entry, server: Any, cache: Path, **more: Any) -> Located:
    return fetch(entry, cache=cache, environ={}, permit=server.authority, **more)


def _leaves_nothing(cache: Path) -> bool:
    names = sorted(p.name for p in cache.rglob("*") if p.suffix != ".lock")
    return names == [".work"]


def test_every_data_set_of_the_catalogue_is_tried() -> None:
    assert set(PUBLISHED) == {n for n, e in catalogue().items() if e.sources}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_data_set_is_fetched_and_converted(
    server: Any, tmp_path: Path, name: str
) -> None:
    entry = _served(name, server)
    found = _fetch(entry, server, tmp_path)
    assert (found.origin, found.folder) == ("cache", tmp_path / name)
    expected = PUBLISHED[name][1]
    assert set(found.files) == set(expected)
    for split, path in found.files.items():
        table = pl.read_parquet(path)
        assert tuple(table.columns) == entry.columns(split)
        assert table.rows() == expected[split]
    again = locate(name, environ={}, cache=tmp_path)
    assert again is not None and dict(again.files) == dict(found.files)


def test_the_second_time_nobody_is_asked(server: Any, tmp_path: Path) -> None:
    entry = _served("trec", server)
    first = _fetch(entry, server, tmp_path)
    asked = list(server.asked)
    assert _fetch(entry, server, tmp_path) == first
    assert server.asked == asked == ["/train.label", "/test.label"]


def test_where_it_came_from_is_kept(server: Any, tmp_path: Path) -> None:
    entry = _served("sms_spam", server)
    folder = _fetch(entry, server, tmp_path).folder
    origin = json.loads((folder / "origin.json").read_text(encoding="utf-8"))
    source = entry.sources[0]
    assert origin["sources"] == [
        {
            "address": source.address,
            "sha256": (source.checksum or "").removeprefix("sha256:"),
        }
    ]
    assert origin["rows"] == {"all": 2}
    assert sorted(p.name for p in folder.iterdir()) == ["all.parquet", "origin.json"]


def test_the_sample_needs_no_network(tmp_path: Path) -> None:
    found = fetch(catalogue()["sample"], cache=tmp_path / "never", environ={})
    assert found.origin == "bundled"
    assert not (tmp_path / "never").exists()


def test_without_network_the_way_out_is_shown(server: Any, tmp_path: Path) -> None:
    entry = _served("sst2", server)
    server.files.clear()
    with pytest.raises(ResourceError) as fault:
        _fetch(entry, server, tmp_path)
    message = str(fault.value)
    for part in (entry.sources[0].address, str(tmp_path), "TEXTCLF_DATA=", "train.csv"):
        assert part in message
    assert _leaves_nothing(tmp_path)


def _other_bytes(entry: Entry, server: Any) -> Entry:
    path = f"/{entry.sources[-1].file}"
    server.files[path] = bytes(reversed(server.files[path]))
    return entry


def _without_published(entry: Entry) -> Entry:
    bare = [dataclasses.replace(s, checksum=None, bytes=None) for s in entry.sources]
    return dataclasses.replace(entry, sources=tuple(bare))


def _damaged_archive(entry: Entry, server: Any) -> Entry:
    return _without_published(_other_bytes(entry, server))


def _other_rows(entry: Entry, server: Any) -> Entry:
    return dataclasses.replace(entry, splits={"all": 7})


@pytest.mark.parametrize("spoil", [_other_bytes, _damaged_archive, _other_rows])
def test_another_file_is_refused_and_leaves_nothing(
    server: Any, tmp_path: Path, spoil: Any
) -> None:
    entry = spoil(_served("mr", server), server)
    with pytest.raises(ArtefactError):
        _fetch(entry, server, tmp_path)
    assert _leaves_nothing(tmp_path)


def test_a_fault_in_the_second_file_leaves_nothing(server: Any, tmp_path: Path) -> None:
    entry = _served("trec", server)
    del server.files["/test.label"]
    with pytest.raises(ResourceError, match="404"):
        _fetch(entry, server, tmp_path)
    assert _leaves_nothing(tmp_path)


def test_an_incomplete_copy_is_replaced(server: Any, tmp_path: Path) -> None:
    entry = _served("trec", server)
    (_fetch(entry, server, tmp_path).folder / "test.parquet").unlink()
    found = _fetch(entry, server, tmp_path)
    assert set(found.files) == {"train", "test"}
    assert sorted(p.name for p in tmp_path.iterdir()) == [".work", "trec"]


def test_what_a_killed_process_left_is_no_obstacle(server: Any, tmp_path: Path) -> None:
    (tmp_path / ".work" / "trec" / "trec").mkdir(parents=True)
    assert _fetch(_served("trec", server), server, tmp_path).files
    assert [p.name for p in (tmp_path / ".work").iterdir()] == ["trec.lock"]


def test_two_processes_do_not_fetch_at_once(server: Any, tmp_path: Path) -> None:
    entry = _served("trec", server)
    (tmp_path / ".work").mkdir()
    with (
        locked(tmp_path / ".work" / "trec.lock"),
        pytest.raises(ResourceError, match="in use by another process"),
    ):
        _fetch(entry, server, tmp_path)
    assert server.asked == []
    assert _fetch(entry, server, tmp_path).files


def test_a_cache_that_cannot_be_made_is_an_error(server: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResourceError, match="XDG_CACHE_HOME"):
        _fetch(_served("trec", server), server, tmp_path / "file" / "cache")


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
    assert how == signal.SIGKILL or _leaves_nothing(cache)
    found = _fetch(_served("subj", server), server, cache)
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


def test_a_bare_source_needs_no_checksum(server: Any, tmp_path: Path) -> None:
    entry = _without_published(_served("subj", server))
    assert isinstance(entry.sources[0], Source)
    assert _fetch(entry, server, tmp_path).files
