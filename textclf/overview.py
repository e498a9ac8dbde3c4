"""Runs side by side: what they are, what they reach, and in what they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textclf.bundle import ENSEMBLE, Bundle
from textclf.config.load import load_config
from textclf.config.yaml_text import flow_text
from textclf.ensemble.ensemble import open_any
from textclf.errors import ConfigError, printable
from textclf.evaluation.intervals import Interval
from textclf.evaluation.measures import NAMES, shown, shown_range
from textclf.evaluation.report import Report
from textclf.evaluation.tables import escaped, markdown_table, text_table, wrapped
from textclf.run import CONFIG, Run

SPLITS = ("test", "dev")
_UNTOLD = ("name",)  # settings that decide nothing
_KIND = "model.kind"
_VALUE_LIMIT = 30  # characters of a setting


@dataclass(frozen=True)
class Summary:
    """One run in a line.

    Attributes:
        folder: Where it lies.
        data: What it was trained on: the name of a data set, or a file.
        digest: The hash of the test texts; of the dev texts where there are no others.
        kind: The architecture.
        parameters: Numbers of the model.
        megabytes: Size of the bundle on disk.
        seconds: Wall time of training, with both reports.
        reports: The report of each split that there is.
        settings: The whole configuration, by dotted key; an ensemble, which was not
            trained, has its kind only.
    """

    folder: Path
    data: str
    digest: str
    kind: str
    parameters: int
    megabytes: float
    seconds: float
    reports: dict[str, Report]
    settings: dict[str, Any]

    @classmethod
    def of(cls, run: Run) -> "Summary":
        """Reads a finished run.

        Raises:
            ArtefactError: Something of it is damaged.
        """
        bundle = open_any(run.bundle)
        models = [bundle] if isinstance(bundle, Bundle) else bundle.models
        config = load_config(run.folder / CONFIG).config
        splits = run.read_json("data.json")["splits"]
        held = splits.get("test", splits["dev"])
        files = (path for path in run.bundle.rglob("*") if path.is_file())
        size = sum(path.stat().st_size for path in files)
        return cls(
            run.folder,
            config.data.dataset or Path(config.data.train or "").name,
            held["sha256"],
            bundle.spec.model.kind if isinstance(bundle, Bundle) else ENSEMBLE,
            sum(model.spec.parameters() for model in models),
            size / 1e6,
            float(run.state()["seconds"]),
            {
                split: Report.from_json(run.read_json(f"report-{split}.json"))
                for split in SPLITS
                if (run.folder / f"report-{split}.json").is_file()
            },
            dict(_flat(config.model_dump(mode="json")))
            if isinstance(bundle, Bundle)
            else {_KIND: ENSEMBLE},
        )

    @property
    def report(self) -> Report:
        """The report that counts: on test, or else on dev."""
        return next(iter(self.reports.values()))

    def floor(self) -> float | None:
        """Returns the headline of the better baseline."""
        report = self.report
        if report.floor is None:
            return None
        return float(max(one[report.headline] for one in report.floor.values()))

    def to_json(self) -> dict[str, Any]:
        """Returns the summary as what JSON can hold."""
        return {
            "run": str(self.folder),
            "data": self.data,
            "kind": self.kind,
            "parameters": self.parameters,
            "megabytes": round(self.megabytes, 3),
            "seconds": self.seconds,
            "measure": self.report.headline,
            "floor": self.floor(),
            "scores": {
                split: {
                    "score": _score(report),
                    "ci95": [_interval(report).low, _interval(report).high],
                    "ece": report.scores.ece,
                }
                for split, report in self.reports.items()
            },
        }


@dataclass(frozen=True)
class Overview:
    """Some runs, in the order they were named."""

    runs: tuple[Summary, ...]

    @classmethod
    def of(cls, runs: Sequence[Run]) -> "Overview":
        """Reads finished runs.

        Raises:
            ConfigError: There are fewer than two, or one is named twice.
            ArtefactError: A run is damaged.
        """
        folders = [run.folder.resolve() for run in runs]
        if len(set(folders)) < 2 or len(set(folders)) < len(folders):
            raise ConfigError(
                f"got {len(folders)} runs, expected two or more different ones",
                where="RUN",
            )
        return cls(tuple(map(Summary.of, runs)))

    def names(self) -> list[str]:
        """Returns what tells the runs apart: the ends of their paths."""
        paths = [run.folder.resolve().parts for run in self.runs]
        depth = 1
        while len({path[-depth:] for path in paths}) < len(paths):
            depth += 1
        return ["/".join(path[-depth:]) for path in paths]

    def differences(self) -> dict[str, list[Any]]:
        """Returns the settings that are not the same in all runs, by dotted key.

        What an ensemble does not have is no difference from it.
        """
        keys = dict.fromkeys(key for run in self.runs for key in run.settings)
        found = {}
        for key in keys:
            told = [
                run.settings.get(key)
                for run in self.runs
                if run.kind != ENSEMBLE or key in run.settings
            ]
            if key not in _UNTOLD and any(value != told[0] for value in told):
                found[key] = [run.settings.get(key) for run in self.runs]
        return found

    def notes(self) -> list[str]:
        """Says why scores may not be compared."""
        notes = []
        if len({run.digest for run in self.runs}) > 1:
            notes.append(
                "The runs were judged on different texts: scores cannot be compared."
            )
        if len({run.report.headline for run in self.runs}) > 1:
            notes.append(
                "The runs have different tasks, so their scores differ in kind."
            )
        if any("test" not in run.reports for run in self.runs):
            notes.append("A run without test texts is shown by its dev texts only.")
        return notes

    def to_json(self) -> dict[str, Any]:
        """Returns runs, differences and notes as what JSON can hold."""
        return {
            "runs": [run.to_json() for run in self.runs],
            "differences": self.differences(),
            "notes": self.notes(),
        }

    def to_lines(self, width: int = 80) -> list[str]:
        """Returns two tables as plain text for a terminal of `width` columns."""
        lines = text_table(self._rows(printable), width)
        if rows := self._difference_rows(printable):
            lines += ["", *wrapped("what differs between their configurations", width)]
            lines += text_table(rows, width)
        for note in self.notes():
            lines += ["", *wrapped(note, width)]
        return lines

    def to_markdown(self) -> str:
        """Returns the same as Markdown."""
        parts = [["# Runs", "", *markdown_table(self._rows(escaped))]]
        if rows := self._difference_rows(escaped):
            told = "## What differs between their configurations"
            parts.append([told, "", *markdown_table(rows)])
        parts += [[note] for note in self.notes()]
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def _rows(self, written: Any) -> list[list[str]]:
        """Returns a run a row, what matters most first: the right end may be cut."""
        measures = dict.fromkeys(NAMES[run.report.headline] for run in self.runs)
        measure = next(iter(measures)) if len(measures) == 1 else "score"
        head = [
            "run",
            f"test {measure}",
            "95 %",
            "floor",
            "ECE",
            "dev",
            "seconds",
            "MB",
        ]
        rows = [[*head, "kind", "numbers", "data"]]
        for name, run in zip(self.names(), self.runs, strict=True):
            cells = [written(name, limit=40), *_told(run.reports.get("test"))]
            floor, ece = run.floor(), run.report.scores.ece
            cells.append("" if floor is None else f"{100 * floor:.1f}")
            cells.append("" if ece is None else f"{100 * ece:.1f}")
            cells.append(_told(run.reports.get("dev"))[0])
            cells += [f"{run.seconds:,.1f}", f"{run.megabytes:,.1f}", run.kind]
            cells += [f"{run.parameters:,}", written(run.data, limit=40)]
            rows.append(cells)
        return rows

    def _difference_rows(self, written: Any) -> list[list[str]]:
        """Returns a setting a row, a run a column."""
        found = self.differences()
        if not found:
            return []
        rows = [["", *(written(name, limit=_VALUE_LIMIT) for name in self.names())]]
        for key, values in found.items():
            known = [key in run.settings for run in self.runs]
            pairs = zip(values, known, strict=True)
            cells = [flow_text(value) if has else "" for value, has in pairs]
            rows.append([key, *(written(cell, limit=_VALUE_LIMIT) for cell in cells)])
        return rows


def _flat(values: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yields dotted keys with their values; a list is one value."""
    if not isinstance(values, dict) or not values:
        yield key, values
        return
    for name, value in values.items():
        yield from _flat(value, f"{key}.{name}" if key else name)


def _score(report: Report) -> float:
    return float(getattr(report.scores, report.headline))


def _interval(report: Report) -> Interval:
    return report.intervals[report.headline]


def _told(report: Report | None) -> list[str]:
    if report is None:
        return ["", ""]
    measure = report.headline
    return [shown(measure, _score(report)), shown_range(measure, _interval(report))]
