"""The texts of a run, found again where it had them and known by their hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textclf.config.schema import Config
from textclf.data.dataset import Dataset, divide, load_splits
from textclf.data.sources import Sources
from textclf.data.tables import Table
from textclf.errors import DataError
from textclf.run import Run

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, eq=False)
class Held:
    """The texts of a split that are still there.

    Attributes:
        dataset: Texts and labels, checked by their hash.
        table: Where each text stands.
    """

    dataset: Dataset
    table: Table


def held_splits(
    config: Config, tables: Sources, described: Mapping[str, Mapping[str, Any]]
) -> dict[str, Held]:
    """Returns the splits of tables whose texts and labels are those of a run.

    Args:
        config: Its settings.
        tables: What its tables are now.
        described: What the run wrote of each split: `sha256` and more.

    Raises:
        DataError: The tables cannot be divided as they were.
    """
    splits = load_splits(config.data, tables, seed=config.seed)
    divided = divide(config.data, tables, seed=config.seed)
    found = {}
    for name in SPLITS:
        part, table = getattr(splits, name), getattr(divided, name)
        if part is None or name not in described:
            continue
        if part.digest() == described[name]["sha256"]:
            found[name] = Held(part, table)
    return found


def held(run: Run, split: str, config: Config, tables: Sources, *, fix: str) -> Held:
    """Returns the texts of one split of a run.

    Args:
        run: The run.
        split: `train`, `dev` or `test`, which the run has.
        config: Its settings.
        tables: What its tables are now.
        fix: What to do where they are others.

    Raises:
        DataError: The texts or labels are not those the run was trained with.
    """
    described = run.read_json("data.json")["splits"]
    found = held_splits(config, tables, described).get(split)
    if found is None:
        raise DataError(
            f"got other {split} data than the run was trained with",
            where=described[split]["source"],
            fix=fix,
        )
    return found
