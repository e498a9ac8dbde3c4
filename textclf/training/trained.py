"""What a finished run says of itself."""

from dataclasses import dataclass

from textclf.evaluation.report import Report
from textclf.run import Run


@dataclass(frozen=True, eq=False, repr=False)
class Trained:
    """A finished run and its reports.

    Attributes:
        run: The folder.
        seconds: Wall time from the tables to the last report, that of a ladder
            before them included.
        dev: The report on the dev texts.
        test: The report on the held-out test texts, if there are such.
    """

    run: Run
    seconds: float
    dev: Report
    test: Report | None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.run.folder)!r}: {self._told()})"

    def _told(self) -> str:
        report = self.test or self.dev
        return f"{report.split}: {report.verdict()}"

    def _repr_html_(self) -> str:
        from textclf.page.document import fragment
        from textclf.page.parts import details, heading, paragraph

        report, place = self.test or self.dev, f"{self.run.folder}"
        parts = [heading(f"{report.name}: {report.split}"), report.to_piece()]
        if self.test is not None:
            parts.append(details("dev", self.dev.to_piece()))
        told = f"run: {place} ({self.seconds:.1f} s)"
        return fragment(*parts, paragraph(told, tone="soft"))
