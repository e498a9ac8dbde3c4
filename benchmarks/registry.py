"""Every benchmark there is, in the order of the table of goals."""

from benchmarks import (
    accuracy,
    documents,
    predict,
    step,
    throughput,
    tokenise,
    vectors,
)
from benchmarks.records import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (
    tokenise.BENCHMARK,
    step.BENCHMARK,
    accuracy.BENCHMARK,
    predict.BENCHMARK,
    vectors.BENCHMARK,
    throughput.BENCHMARK,
    documents.BENCHMARK,
)


def chosen(names: list[str]) -> tuple[Benchmark, ...]:
    """Returns the benchmarks of these letters or names, all without any.

    Raises:
        ValueError: There is none of a name.
    """
    known = {key: b for b in BENCHMARKS for key in (b.letter, b.name)}
    for name in names:
        if name not in known:
            allowed = ", ".join(f"{b.letter} ({b.name})" for b in BENCHMARKS)
            raise ValueError(f"got the benchmark {name!r}, expected one of {allowed}")
    wanted = {known[name].name for name in names}
    return tuple(b for b in BENCHMARKS if not names or b.name in wanted)
