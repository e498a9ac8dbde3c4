"""Data divided into train, dev and test: copies together, labels in equal shares."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from textclf.audit.copying import copy_rows, planned
from textclf.audit.pool import Pool, Rows
from textclf.audit.source import opened
from textclf.audit.telling import label_rows
from textclf.config.schema import Config, DataConfig
from textclf.data.cells import LabelSets
from textclf.data.labels import split_cells
from textclf.data.lines import Decoding
from textclf.data.split import split_off
from textclf.errors import ConfigError, DataError
from textclf.evaluation.tables import text_table, wrapped
from textclf.files import staged_folder, write_json
from textclf.progress import SILENT, Progress

SUMMARY = "split.json"
_STREAMS = {"test": 31, "dev": 32}
_REST = "train"


@dataclass(frozen=True)
class Division:
    """How data were divided.

    Attributes:
        source: What was divided.
        folder: Where the splits are.
        files: The file, or folder of classes, of each split, inside the folder.
        seed: What chance was drawn from.
        asked: The share of all rows that each split was to have.
        rows: The rows of each split.
        labels: For each split, the rows of each label.
        clusters: Sets of copies and near copies, each kept in one split.
        clustered: The rows in them.
        largest: The rows of the largest one.
    """

    source: str
    folder: str
    files: Mapping[str, str]
    seed: int
    asked: Mapping[str, float]
    rows: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    clusters: int
    clustered: int
    largest: int

    def to_json(self) -> dict[str, Any]:
        """Returns the summary as JSON."""
        return {"version": 1, **asdict(self)}

    def to_lines(self, width: int = 80) -> list[str]:
        """Returns plain text, no line wider than `width`."""
        total = sum(self.rows.values())
        told = (
            f"{self.source}: {total:,} rows by seed {self.seed}; {self.clusters:,} "
            f"sets of copies with {self.clustered:,} rows stay together (the largest "
            f"has {self.largest:,})"
        )
        rows = [["split", "rows", "share", "asked", "file"]]
        for split, count in self.rows.items():
            shares = [f"{count / total:.1%}", f"{self.asked[split]:.1%}"]
            rows.append([split, f"{count:,}", *shares, self.files[split]])
        labels, left = label_rows(self.labels)
        more = [f"({left} labels between them left out)"] if left else []
        return [
            *wrapped(told, width),
            "",
            *text_table(rows, width),
            "",
            *text_table(labels, width),
            *more,
        ]


def split(
    source: str | Path | Config,
    output: str | Path,
    *,
    dev: float = 0.1,
    test: float = 0.1,
    seed: int | None = None,
    near: bool = True,
    data_dir: str | Path | None = None,
    progress: Progress = SILENT,
) -> Division:
    """Divides labelled texts anew and writes the splits as files of the same form.

    All rows of all files of the source are divided. Copies of a text, and with `near`
    near copies too, are in one split. Labels are stratified; a row with several counts
    for its rarest (see `data.split.split_off`). The order of the rows stays.

    Args:
        source: As for `check`.
        output: A new folder; it appears when all is written, with `split.json`.
        dev: Share of all rows for dev.
        test: Share of all rows for test.
        seed: The same seed gives the same splits; None: that of the configuration.
        near: Whether near copies stay together too.
        data_dir: A folder of named data sets that is asked first.
        progress: Hears how far it is.

    Raises:
        ConfigError: The shares cannot be had, or the folder exists.
        DataError: The data cannot be read, differ in form, or have too few rows.
        ResourceError: The disk is full.
    """
    output = Path(output)
    shares = _checked({"test": test, "dev": dev})
    _check_free(output)
    config, tables = opened(source, data_dir=data_dir, progress=progress)
    pool = Pool(tables, config.data.label_separator)
    seed = config.seed if seed is None else seed
    clusters = pool.cluster_of if near else pool.group_of
    parts = divided(pool, clusters, shares, seed=seed)
    with staged_folder(output) as stage:
        files = copy_rows(
            planned(_places(pool, parts)), stage, decoding=_decoding(config.data)
        )
        name = config.name if isinstance(source, Config) else str(source)
        division = Division(
            source=name,
            folder=str(output),
            files={part: files[part].name for part in parts},
            seed=seed,
            asked={_REST: 1 - test - dev, **shares},
            rows={part: len(rows) for part, rows in parts.items()},
            labels={part: _counts(pool, rows) for part, rows in parts.items()},
            **_copies(clusters),
        )
        write_json(stage / SUMMARY, division.to_json())
    return division


def divided(
    pool: Pool, clusters: Rows, shares: Mapping[str, float], *, seed: int
) -> dict[str, Rows]:
    """Returns the rows of train and of each split, in their order.

    Args:
        pool: All rows.
        clusters: int64[n]; the rows of one are not divided.
        shares: Of all rows, for each split but train.
        seed: What chance is drawn from, a stream for each split.

    Raises:
        DataError: A label is blank, or no row can be spared for a split.
    """
    labels = split_cells(pool.cells, separator=pool.separator, place=pool.place)
    left, parts = np.arange(len(pool)), dict[str, Rows]()
    for name, share in shares.items():
        rest, held = split_off(
            clusters[left].astype(np.uint64),
            LabelSets(labels.kinds, labels.codes[left]),
            fraction=min(share * len(pool) / len(left), 1.0),
            rng=np.random.default_rng([seed, _STREAMS[name]]),
        )
        if not len(held):
            raise DataError(
                f"got {len(pool):,} rows, of which none can be held out for {name}: "
                "each label must keep a text for training",
                where=pool.place(0),
                fix=f"add rows, or leave {name} away by --{name} 0",
            )
        left, parts[name] = left[rest], left[held]
    return {_REST: left, **dict(sorted(parts.items()))}


def _checked(shares: Mapping[str, float]) -> dict[str, float]:
    wrong = [name for name, share in shares.items() if not 0 <= share < 1]
    total = sum(shares.values())
    if wrong or not 0 < total < 1:
        raise ConfigError(
            f"got {' and '.join(f'{share:g}' for share in shares.values())}, expected "
            "shares from 0 on that leave some rows for train and some for another",
            where=" and ".join(f"--{name}" for name in shares),
        )
    return {name: share for name, share in shares.items() if share}


def _check_free(output: Path) -> None:
    if output.exists():
        raise ConfigError(
            "exists already", where=str(output), fix="choose another folder"
        )
    if not output.parent.is_dir():
        raise ConfigError("no such folder", where=str(output.parent))


def _places(
    pool: Pool, parts: Mapping[str, Rows]
) -> Iterator[tuple[Path, str | int, str]]:
    """Yields the file, the line (or file of a folder) and the new split of each row."""
    of_row = np.empty(len(pool), dtype=object)
    for name, rows in parts.items():
        of_row[rows] = name
    for start, table in zip(pool.starts.tolist(), pool.tables.values(), strict=False):
        names = table.members or table.lines.tolist()
        for at, row in enumerate(names):
            yield Path(table.source), row, of_row[start + at]


def _decoding(data: DataConfig) -> Decoding:
    """Returns how files are read; those of named data sets are UTF-8."""
    named = data.dataset is not None
    encoding = "utf-8" if named else data.encoding
    return Decoding(encoding, "strict" if named else data.encoding_errors)


def _counts(pool: Pool, rows: Rows) -> dict[str, int]:
    return dict(LabelSets(pool.labels.kinds, pool.labels.codes[rows]).counts())


def _copies(clusters: Rows) -> dict[str, int]:
    sizes = np.unique(clusters, return_counts=True)[1]
    several = sizes[sizes > 1]
    return {
        "clusters": len(several),
        "clustered": int(several.sum()),
        "largest": int(several.max(initial=0)),
    }
