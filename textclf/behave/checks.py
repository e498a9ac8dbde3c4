"""Whether the parts of a suite fit together: slots, words, labels, changes, sources."""

from collections.abc import Iterator
from dataclasses import dataclass

from textclf.behave.changes import CHANGES
from textclf.behave.spec import AnyTest, ComparisonTest, InvarianceTest, SuiteSpec
from textclf.behave.templates import Template
from textclf.config.yaml12 import KeyPath
from textclf.errors import nearest, one_of

_SOURCES = "texts, templates, pairs, template_pairs or dev_texts"


@dataclass(frozen=True)
class Misfit:
    """Something that does not fit, and where."""

    path: KeyPath
    problem: str
    fix: str | None = None


def misfits(spec: SuiteSpec) -> Iterator[Misfit]:
    """Yields what does not fit together."""
    for place, key in enumerate(spec.optional_labels):
        yield from _unknown_label(spec, key, ("optional_labels", place))
    first: dict[str, int] = {}
    for place, test in enumerate(spec.tests):
        path: KeyPath = ("tests", place)
        if test.name in first:
            other = first[test.name] + 1
            problem = f"got the name {test.name!r} twice, first for test {other}"
            yield Misfit((*path, "name"), problem)
        first.setdefault(test.name, place)
        yield from _of_labels(spec, test, path)
        yield from _of_templates(spec, test, path)
        yield from _of_sources(test, path)
        if isinstance(test, ComparisonTest):
            yield from _of_vary(spec, test, path)
            yield from _of_changes(spec, test, path)


def _of_labels(spec: SuiteSpec, test: AnyTest, path: KeyPath) -> Iterator[Misfit]:
    if isinstance(test, InvarianceTest):
        return
    keys = [test.label] if isinstance(test.label, str) else test.label
    for key in keys:
        yield from _unknown_label(spec, key, (*path, "label"))


def _unknown_label(spec: SuiteSpec, key: str, path: KeyPath) -> Iterator[Misfit]:
    if key not in spec.labels:
        known = one_of(spec.labels) or "none"
        near = nearest(key, spec.labels)
        fix = f"did you mean `{near}`?" if near else "add it under `labels`"
        yield Misfit(path, f"got the label {key!r}, `labels` has {known}", fix)


def _of_templates(spec: SuiteSpec, test: AnyTest, path: KeyPath) -> Iterator[Misfit]:
    words = {**spec.words, **test.words}
    for place, text in _written(test, path):
        try:
            slots = Template.parse(text).slots
        except ValueError as fault:
            yield Misfit(place, str(fault))
            continue
        for slot in slots:
            if slot not in words:
                near = nearest(slot, words)
                fix = f"did you mean {{{near}}}?" if near else "add it under `words`"
                known = one_of(words) or "none"
                yield Misfit(
                    place, f"got the slot {{{slot}}}, `words` has {known}", fix
                )
    pairs = test.template_pairs if isinstance(test, ComparisonTest) else ()
    if test.sample < (most := max(len(test.templates), len(pairs))):
        problem = f"got {test.sample}, expected one for each of {most} templates"
        yield Misfit((*path, "sample"), problem)


def _written(test: AnyTest, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yields every template and where it was written."""
    for place, text in enumerate(test.templates):
        yield (*path, "templates", place), text
    if isinstance(test, ComparisonTest):
        for place, pair in enumerate(test.template_pairs):
            for side, text in enumerate(pair):
                yield (*path, "template_pairs", place, side), text


def _of_sources(test: AnyTest, path: KeyPath) -> Iterator[Misfit]:
    if not isinstance(test, ComparisonTest):
        if not (test.texts or test.templates):
            yield Misfit(path, "got no texts, expected texts or templates")
        return
    base = bool(test.texts or test.templates or test.dev_texts)
    pairs = bool(test.pairs or test.template_pairs)
    if not (base or pairs):
        yield Misfit(path, f"got no texts, expected {_SOURCES}")
    if test.changes and not base:
        fix = "give texts, templates or dev_texts"
        yield Misfit((*path, "changes"), "got changes and nothing to change", fix)
    if test.changes and test.vary:
        yield Misfit((*path, "vary"), "got changes and vary, expected one of them")
    if not test.changes and (
        test.texts or test.dev_texts or (test.templates and not test.vary)
    ):
        fix = f"give changes: some of {one_of(CHANGES, limit=40)}"
        fix += "; or vary: a slot" if test.templates else ""
        yield Misfit(path, "got texts and no changes to make", fix)


def _of_vary(spec: SuiteSpec, test: ComparisonTest, path: KeyPath) -> Iterator[Misfit]:
    slot, path = test.vary, (*path, "vary")
    if slot is None:
        return
    words = {**spec.words, **test.words}
    if not test.templates:
        yield Misfit(path, f"got {slot!r} and no templates")
    for number, text in enumerate(test.templates):
        try:
            slots = Template.parse(text).slots
        except ValueError:
            return  # told already
        if slot not in slots:
            yield Misfit(path, f"template {number + 1} has no slot {{{slot}}}")
    if slot in words and len(words[slot]) < 2:
        yield Misfit(path, f"got one word for {{{slot}}}, expected at least two")


def _of_changes(
    spec: SuiteSpec, test: ComparisonTest, path: KeyPath
) -> Iterator[Misfit]:
    if spec.language == "en":
        return
    for place, name in enumerate(test.changes):
        change, at = CHANGES[name], (*path, "changes", place)
        if change.english:
            problem = f"{name} follows the rules of English, the suite's language is "
            fix = "give pairs or template_pairs"
            yield Misfit(at, problem + spec.language, fix)
        missing = [n for n in change.lists if n not in spec.lexicon.model_fields_set]
        if missing:
            problem = f"{name} draws from English words, the suite's language is "
            fix = f"give lexicon.{' and lexicon.'.join(missing)}"
            yield Misfit(at, problem + spec.language, fix)
