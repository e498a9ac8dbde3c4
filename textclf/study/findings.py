"""What a study found, for a notebook: tables, sentences, pictures."""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from textclf.errors import ConfigError, nearest, one_of
from textclf.evaluation.canvas import Plot
from textclf.study.analysis.anova import anova
from textclf.study.analysis.cells import cell_table
from textclf.study.analysis.effects import effects
from textclf.study.design import Factor
from textclf.study.report.conclusions import conclusions
from textclf.study.report.content import content_of
from textclf.study.report.html import findings_html
from textclf.study.report.plots.curves import curves, gap_plot
from textclf.study.report.plots.forest import forest
from textclf.study.report.plots.heat_map import heat_map
from textclf.study.report.plots.scores import level_plot, pareto_plot
from textclf.study.report.write import write_report
from textclf.study.results import Results


@dataclass(frozen=True, eq=False)
class Findings:
    """What is known of a study so far; a notebook shows sentences and effects.

    Attributes:
        results: Everything that the report is made of.
    """

    results: Results

    @property
    def frame(self) -> pd.DataFrame:
        """One row a trial; see `results.frame_of` for its columns."""
        return self.results.frame

    def conclusions(self) -> list[str]:
        """Returns the findings in plain sentences, the most important first."""
        return conclusions(self.results)

    def effects(self) -> pd.DataFrame:
        """Returns a row for each level against the reference of its factor.

        Columns: those of `analysis.effects.Effect`; differences in points.
        """
        return pd.DataFrame([asdict(effect) for effect in effects(self.results)])

    def cells(self) -> pd.DataFrame:
        """Returns one row a cell; see `analysis.cells.cell_table`."""
        return cell_table(self.results)

    def anova(self) -> pd.DataFrame:
        """Returns the analysis of variance; empty where nothing can be told."""
        found = anova(self.results)
        return pd.DataFrame([asdict(row) for row in found.rows] if found else [])

    def plot_effects(self) -> Plot:
        """Draws every level against its reference, with intervals."""
        found = effects(self.results)
        return Plot.of(lambda path: forest(self.results, found, path))

    def plot_map(self, rows: str, columns: str) -> Plot:
        """Draws the mean of each pair of levels of two factors, with intervals.

        Args:
            rows: The factor whose levels go down.
            columns: The factor whose levels go across.

        Raises:
            ConfigError: There is no such factor.
        """
        down, across = self._factor(rows), self._factor(columns)
        cells = self.cells()
        return Plot.of(lambda path: heat_map(self.results, cells, down, across, path))

    def plot_levels(self, factor: str) -> Plot:
        """Draws the mean of each level of a factor, a thin line a seed.

        Raises:
            ConfigError: There is no such factor.
        """
        chosen = self._factor(factor)
        return Plot.of(lambda path: level_plot(self.results, chosen, path))

    def plot_curves(self, factor: str) -> Plot:
        """Draws loss by epoch, a panel a level.

        Raises:
            ConfigError: There is no such factor.
        """
        chosen = self._factor(factor)
        return Plot.of(lambda path: curves(self.results, chosen, path))

    def plot_gap(self, factor: str) -> Plot:
        """Draws accuracy on training texts less that on dev texts, by level.

        Raises:
            ConfigError: There is no such factor.
        """
        chosen, cells = self._factor(factor), self.cells()
        return Plot.of(lambda path: gap_plot(self.results, cells, chosen, path))

    def plot_pareto(self) -> Plot:
        """Draws every cell by its score and what it costs."""
        cells = self.cells()
        return Plot.of(lambda path: pareto_plot(self.results, cells, path))

    def report(self, folder: str | Path, *, html: bool = True) -> list[Path]:
        """Writes the report; returns its files, the one to read first.

        Args:
            folder: Where they go.
            html: Whether a page is among them; Markdown, tables and pictures always.

        Raises:
            ResourceError: A file cannot be written.
        """
        return write_report(self.results, Path(folder), html=html)

    def _factor(self, name: str) -> Factor:
        known = {factor.name: factor for factor in self.results.factors}
        if name not in known:
            close = nearest(name, known)
            raise ConfigError(
                f"got the factor {name!r}, there are {one_of(known)}",
                fix=f"did you mean {close!r}?" if close else None,
            )
        return known[name]

    def _repr_html_(self) -> str:
        return findings_html(content_of(self.results))
