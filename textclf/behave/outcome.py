"""What a test found: how many cases fail, by how much that may vary, and which."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from textclf.errors import DataError
from textclf.vectors.judged import wilson


@dataclass(frozen=True)
class Answer:
    """The label a model gives a text, and the probability of the label `of`."""

    label: str
    of: str
    probability: float

    def told(self) -> str:
        """Says it in words: `bad 0.93`, or `bad (good 0.07)`."""
        if self.label == self.of:
            return f"{self.label} {self.probability:.2f}"
        return f"{self.label} ({self.of} {self.probability:.2f})"


@dataclass(frozen=True)
class Example:
    """A case that failed: a text, and the text after the change where there is one."""

    before: str
    answer: Answer
    after: str | None = None
    answer_after: Answer | None = None

    def to_json(self) -> dict[str, Any]:
        """Returns the case for programs."""
        told = {"before": _said(self.before, self.answer)}
        if self.after is not None and self.answer_after is not None:
            told["after"] = _said(self.after, self.answer_after)
        return told


def _said(text: str, answer: Answer) -> dict[str, Any]:
    return {
        "text": text,
        "label": answer.label,
        "probability": answer.probability,
        "probability_of": answer.of,
    }


@dataclass(frozen=True)
class Tally:
    """Cases, and how many of them fail."""

    cases: int
    failures: int

    def __post_init__(self) -> None:
        if not 0 <= self.failures <= self.cases:
            raise DataError(f"got {self.failures} failures of {self.cases} cases")

    @property
    def rate(self) -> float:
        """The share of failures; 0 of no cases."""
        return self.failures / self.cases if self.cases else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson 1927)."""
        return wilson(self.failures, self.cases)


@dataclass(frozen=True)
class TestResult(Tally):
    """What one test found.

    Attributes:
        name: The name of the test.
        capability: What it is about.
        kind: `minimum`, `invariance` or `direction`.
        checks: What must hold, in one sentence.
        expected: What must hold, with the names of labels and the margin.
        limit: The share of failures up to which it passes.
        worst: Cases that failed, the worst first.
        skipped: Why it was not run; empty: it was.
    """

    __test__ = False  # pytest would take the class for a test

    name: str
    capability: str
    kind: str
    checks: str
    expected: str
    limit: float
    worst: tuple[Example, ...] = ()
    skipped: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether it passes; None: it was not run."""
        return None if self.skipped else self.rate <= self.limit

    @property
    def verdict(self) -> str:
        """`pass`, `FAIL` or `skipped`."""
        return {None: "skipped", True: "pass", False: "FAIL"}[self.passed]

    def to_json(self) -> dict[str, Any]:
        """Returns the test for programs."""
        return {
            "name": self.name,
            "capability": self.capability,
            "kind": self.kind,
            "checks": self.checks,
            "expected": self.expected,
            "cases": self.cases,
            "failures": self.failures,
            "failure_rate": self.rate,
            "failure_rate_ci95": list(self.interval),
            "max_failure_rate": self.limit,
            "passed": self.passed,
            "skipped": self.skipped or None,
            "worst": [example.to_json() for example in self.worst],
        }


@dataclass(frozen=True)
class Capability(Tally):
    """The tests of one capability together."""

    name: str
    passed: int
    failed: int
    skipped: int

    @classmethod
    def of(cls, name: str, tests: Iterable[TestResult]) -> "Capability":
        """Adds tests up."""
        tests = list(tests)
        states = [test.passed for test in tests]
        return cls(
            cases=sum(test.cases for test in tests),
            failures=sum(test.failures for test in tests),
            name=name,
            passed=states.count(True),
            failed=states.count(False),
            skipped=states.count(None),
        )

    def to_json(self) -> dict[str, Any]:
        """Returns the capability for programs."""
        return {
            "name": self.name,
            "passed": self.passed,
            "failed": self.failed,
            "skipped": self.skipped,
            "cases": self.cases,
            "failures": self.failures,
            "failure_rate": self.rate,
            "failure_rate_ci95": list(self.interval),
        }
