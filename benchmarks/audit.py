"""What `data check` finds in real data, how long it takes, and how right it is.

`python -m benchmarks.audit SHARED` writes AUDIT.md: known oddities of the data sets of
SHARED/data beside what was found, the time for 50,000 film reviews, and how well labels
that were flipped at random are found. Peers (datasketch, cleanlab) are measured where
they can be imported.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.oddities import ODDITIES, Oddity
from textclf import machine
from textclf.audit import Audit, check
from textclf.audit.doubts import doubts, probabilities
from textclf.audit.near import near_groups
from textclf.audit.pool import Pool
from textclf.audit.source import opened
from textclf.config.load import config_from_mapping
from textclf.config.schema import Config

REPORT = Path(__file__).with_name("AUDIT.md")
FLIPPED = 0.05
SEEDS = (1, 2)
NEAR_ROWS = 10_000


def configured(name: str, data: Path) -> str | Config:
    """Returns a named data set, or two that are compared."""
    pairs = {
        "mr to sst1": ("mr/all.csv", {"test": "sst1/test.csv"}),
        "phrases to sst1": (
            "sst_trees/train_phrases.csv",
            {"dev": "sst1/dev.csv", "test": "sst1/test.csv"},
        ),
    }
    if name not in pairs:
        return name
    train, others = pairs[name]
    files = {"train": train, **others}
    return config_from_mapping(
        {"data": {split: str(data / file) for split, file in files.items()}}
    )


@cache
def audited(name: str, data: Path) -> Audit:
    """Checks a data set, without looking for wrong labels."""
    progress(f"check {name}")
    return check(configured(name, data), data_dir=data, wrong_labels=False)


def oddity_row(one: Oddity, data: Path) -> str:
    """Returns the line of the table: known, found, whether they agree."""
    audit, split = audited(one.data, data), one.split or None
    found = [f for kind in one.kind.split("+") for f in audit.of(kind, split)]
    if one.kind.startswith("leak"):
        found = [f for f in found if "in train" in f.told]
    if one.words:
        found = [f for f in found if one.words in f.told]
    total = sum(f.count for f in found)
    same = bool(found) and one.count in (None, total)
    told = "; ".join(f.told for f in found) or "nothing"
    mark = "yes" if same else f"**{total:,}**" if found else "**no**"
    kind = f"{one.kind}{' ' if one.split else ''}{one.split}"
    known = one.known.replace("|", "\\|")
    return f"| {one.data} | {known} | `{kind}` | {_cell(told)} | {mark} |"


def _cell(text: str) -> str:
    for sign in "\\|<[":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("&", "&amp;")


def whole_command(data: Path) -> tuple[float, float, float]:
    """Returns wall and CPU seconds and the peak in MB of `data check imdb`."""
    command = [sys.executable, "-m", "textclf", "data", "check", "imdb", "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        [*command, "--data-dir", str(data)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent, after.ru_maxrss / 1e3


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Returns what work returns, and its wall and CPU seconds."""
    start, spent = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - start, time.process_time() - spent


def near_lines(data: Path) -> Iterator[str]:
    """Yields near copies by our sketches and by datasketch, on the same reviews."""
    _, tables = opened("imdb", data_dir=data)
    texts = list(dict.fromkeys(tables["train"].texts))[:NEAR_ROWS]
    progress("near copies")
    groups, wall, spent = timed(lambda: near_groups(texts, characters=False))
    ours = len(texts) - len(np.unique(groups))
    yield f"| textclf | {ours} | {wall:.1f} | {spent:.1f} | 1 |"
    try:
        peer = import_module("datasketch")
    except ImportError:
        yield "| datasketch | not installed | | | |"
        return
    found, wall, peer_spent = timed(lambda: _by_datasketch(peer, texts))
    name = f"datasketch {metadata.version('datasketch')}"
    ratio = f"{peer_spent / spent:.1f}"
    yield f"| {name} | {found} | {wall:.1f} | {peer_spent:.1f} | {ratio} |"


def _by_datasketch(peer: Any, texts: list[str]) -> int:
    """Counts texts that have an earlier near copy, by the same pairs of words."""
    import re

    index = peer.MinHashLSH(threshold=0.8, num_perm=64)
    found = 0
    for row, text in enumerate(texts):
        words = ["", *re.findall(r"\w+(?:['’]\w+)*", text.lower()), ""]
        sketch = peer.MinHash(num_perm=64)
        pairs = {f"{a} {b}".encode() for a, b in zip(words, words[1:], strict=False)}
        sketch.update_batch(pairs)
        found += bool(index.query(sketch))
        index.insert(row, sketch)
    return found


def flipped_lines(data: Path) -> Iterator[str]:
    """Yields how well labels are found that were flipped at random."""
    for name in ("trec", "sst2", "ag_news", "banking77", "imdb"):
        config, tables = opened(name, data_dir=data)
        pool = Pool({"train": tables["train"]}, config.data.label_separator)
        names = sorted(pool.labels.counts())
        truth = np.array([names.index(pool.labels[row][0]) for row in range(len(pool))])
        for seed in SEEDS:
            progress(f"flipped labels of {name}, seed {seed}")
            yield _flipped_row(name, pool, truth, len(names), seed)


def _flipped_row(name: str, pool: Pool, truth: np.ndarray, k: int, seed: int) -> str:
    rng = np.random.default_rng(seed)
    wrong = rng.choice(len(truth), round(FLIPPED * len(truth)), replace=False)
    given = truth.copy()
    given[wrong] = (given[wrong] + rng.integers(1, k, len(wrong))) % k
    chances = probabilities(
        pool.texts,
        np.eye(k, dtype=bool)[given],
        pool.cluster_of,
        characters=not pool.spaced,
        exclusive=True,
    )
    assert chances is not None
    found = [one.row for one in doubts(chances, np.eye(k, dtype=bool)[given])]
    planted = np.isin(found, wrong)
    right = (chances.argmax(axis=1) == truth).mean()
    first = planted[:100].mean()
    cells = [
        name,
        f"{len(truth):,}",
        str(k),
        str(seed),
        f"{100 * right:.1f} %",
        f"{len(wrong):,}",
        f"{len(found):,}",
        f"{100 * planted.mean():.0f} %",
        f"{100 * first:.0f} %",
        f"{100 * planted.sum() / len(wrong):.0f} %",
        *_by_cleanlab(given, chances, wrong),
    ]
    return f"| {' | '.join(cells)} |"


def _by_cleanlab(
    given: np.ndarray, chances: np.ndarray, wrong: np.ndarray
) -> tuple[str, str]:
    """Returns precision and recall of cleanlab, from the same probabilities."""
    try:
        peer = import_module("cleanlab.filter")
    except ImportError:
        return "", ""
    found = peer.find_label_issues(
        given, chances, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    planted = np.isin(found, wrong)
    shares = (planted.mean(), planted.sum() / len(wrong))
    return f"{100 * shares[0]:.0f} %", f"{100 * shares[1]:.0f} %"


def version(package: str) -> str:
    """Returns the version of a package that may be missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def report(data: Path) -> Iterator[str]:
    """Yields the lines of AUDIT.md."""
    facts = machine.environment()
    versions = {k: v for k, v in facts["versions"].items() if k not in ("keras",)}
    versions |= {name: version(name) for name in ("datasketch", "cleanlab")}
    load = os.getloadavg()[0]
    yield "# What `data check` finds"
    yield ""
    listed = ", ".join(f"{k} {v}" for k, v in versions.items())
    yield (
        f"`python -m benchmarks.audit ../shared`; {facts['cores']} cores, {listed}. "
        f"Other work ran on the machine (load {load:.0f} at the start), so CPU seconds "
        "and ratios tell more than wall time."
    )
    yield ""
    yield "## Known oddities"
    yield (
        "What was known of the data sets when they were gathered, and what the audit "
        "says of them. A number is given as known only where it was counted then."
    )
    yield ""
    yield "| data | known | kind | found | agrees |"
    yield "|---|---|---|---|---|"
    yield from (oddity_row(one, data) for one in ODDITIES)
    yield ""
    yield "## Time"
    progress("data check imdb")
    wall, spent, peak = whole_command(data)
    yield (
        f"`data check imdb` (50,000 reviews, 65 MB): **{spent:.0f} CPU seconds**, "
        f"{wall:.0f} s of wall time, peak {peak:,.0f} MB, imports and reading included."
        " CPU seconds are those of all threads together: the bound for idle cores."
    )
    yield ""
    yield f"Near copies of {NEAR_ROWS:,} IMDB reviews alone, 64 hashes, threshold 0.8:"
    yield ""
    yield "| | near copies of an earlier text | wall s | CPU s | CPU ratio |"
    yield "|---|---:|---:|---:|---:|"
    yield from near_lines(data)
    yield ""
    yield "## Wrong labels"
    yield (
        f"{100 * FLIPPED:.0f} % of the training labels were set to another one at "
        "random. *Accuracy* is that of the out-of-fold answers on the true labels. "
        "*Precision* is the share of doubted labels that were flipped: a lower bound, "
        "as the data hold wrong labels of their own. *First 100* is that of the "
        "clearest. cleanlab was given the same probabilities."
    )
    yield ""
    yield (
        "| data | texts | labels | seed | accuracy | flipped | doubted | precision | "
        "first 100 | recall | cleanlab: precision | recall |"
    )
    yield f"|---|{'---:|' * 11}"
    yield from flipped_lines(data)


def progress(line: str) -> None:
    """Tells how far it is."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Writes AUDIT.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with data/")
    data = parser.parse_args().shared / "data"
    REPORT.write_text("\n".join(report(data.resolve())) + "\n", "utf-8")
    print(json.dumps({"written": REPORT.name}))


if __name__ == "__main__":
    main()
