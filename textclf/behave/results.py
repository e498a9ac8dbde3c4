"""What a suite found: failures by test and capability, for people and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textclf.behave import html, telling
from textclf.behave.outcome import Capability, TestResult
from textclf.page.document import fragment, page

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True)
class SuiteResult:
    """What a suite found.

    Attributes:
        suite: The name of the suite.
        language: Of its texts.
        roles: What the model calls each label of the suite.
        texts: How many different texts the model was asked about.
        tests: What each test found, in the suite's order.
    """

    suite: str
    language: str
    roles: Mapping[str, str]
    texts: int
    tests: tuple[TestResult, ...]

    @property
    def failed(self) -> Sequence[TestResult]:
        """The tests that fail."""
        return [test for test in self.tests if test.passed is False]

    @property
    def passed(self) -> bool:
        """Whether no test fails."""
        return not self.failed

    @cached_property
    def capabilities(self) -> Sequence[Capability]:
        """The tests added up by capability, in the suite's order."""
        names = dict.fromkeys(test.capability for test in self.tests)
        return [
            Capability.of(name, (t for t in self.tests if t.capability == name))
            for name in names
        ]

    def to_json(self) -> dict[str, Any]:
        """Returns everything for programs."""
        return {
            "suite": self.suite,
            "language": self.language,
            "labels": dict(self.roles),
            "texts": self.texts,
            "passed": self.passed,
            "summary": self.summary(),
            "capabilities": [one.to_json() for one in self.capabilities],
            "tests": [test.to_json() for test in self.tests],
        }

    def title(self) -> str:
        """Says how many tests pass."""
        return telling.title(self.suite, self.texts, self.tests)

    def summary(self) -> list[str]:
        """Says in a few sentences what was found."""
        return telling.summary(self.tests, self.capabilities)

    def to_lines(self, width: int = 80, *, examples: int = 3) -> list[str]:
        """Returns plain text for a terminal; no line is wider than `width`, from 30 on.

        Args:
            width: Columns of the terminal.
            examples: Most cases shown of a test that fails.
        """
        told = [self.title(), *self.summary()]
        return telling.lines(
            told, self.tests, self.capabilities, width, examples=examples
        )

    def to_markdown(self, *, examples: int = 3) -> str:
        """Returns Markdown, with the worst cases of every test that fails."""
        told = [self.title(), *self.summary()]
        return telling.markdown(told, self.tests, self.capabilities, examples=examples)

    def to_parts(self, *, examples: int = 3) -> "list[Markup]":
        """Returns sentences, table and worst cases as parts of a page."""
        return html.pieces(
            self.summary(), self.tests, self.capabilities, examples=examples
        )

    def to_html(self, *, examples: int = 3) -> str:
        """Returns one page that needs nothing else."""
        body = self.to_parts(examples=examples)
        return page(self.suite, *body, kind="behavioural tests", lead=self.title())

    def _repr_html_(self) -> str:
        """Shows tables and worst cases in a notebook."""
        return fragment(self.title(), *self.to_parts())
