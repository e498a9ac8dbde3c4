"""What a finished run says of itself."""

from dataclasses import dataclass

from textclf.evaluation.report import Report
from textclf.run import Run


@dataclass(frozen=True, eq=False)
class Trained:
    """A finished run and its reports.

    Attributes:
        run: The folder.
        seconds: Wall time from the tables to the last report.
        dev: The report on the dev texts.
        test: The report on the held-out test texts, if there are such.
    """

    run: Run
    seconds: float
    dev: Report
    test: Report | None
