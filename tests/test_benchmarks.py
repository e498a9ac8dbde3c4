"""The benchmarks' own arithmetic: turns, medians, ratios, tables. No peer runs here."""

import importlib.util
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.process import Finished, measure
from benchmarks.profiled import name_of
from benchmarks.records import (
    ROOT,
    Benchmark,
    Case,
    Column,
    Contestant,
    Goal,
    Place,
    last_line,
)
from benchmarks.registry import BENCHMARKS, chosen
from benchmarks.results import Results, Spread, advantage_over, read, verdict, write
from benchmarks.rounds import Measurement, alternate, broken, profiled
from benchmarks.table import page, shown, table


def contestant(name: str, *, ours: bool = False) -> Contestant:
    return Contestant(name, "as it comes", lambda place, case: [name], ours=ours)


def goals(quick: bool) -> tuple[Goal, ...]:
    def value(seen):
        return seen.median("small", "ours", "seconds")

    return (
        Goal("fast", value, most=2.0, unit="s"),
        Goal("very fast", value, most=1.0, unit="s", why="It is not so fast."),
        Goal("as it is", value, unit="s"),
    )


RACE = Benchmark(
    letter="z",
    name="race",
    title="A race",
    text="Who is faster.",
    contestants=(contestant("ours", ours=True), contestant("peer"), contestant("gone")),
    cases=lambda quick: (Case("small"),) if quick else (Case("small"), Case("large")),
    columns=(Column("seconds", "s", digits=2, spread=True), Column("way", "way")),
    goals=goals,
    ratio=("seconds", False),
    prepare=(),
    packages=(),
)
FACTS = {
    "cores": 2,
    "memory_gb": 8,
    "processor": "a processor",
    "python": "3",
    "versions": {},
}


def finished(output: str = "{}", *, code: int = 0, errors: str = "") -> Finished:
    return Finished(2.0, 1.5, 10_000_000, code, output, errors)


def run(answers, *, quick: bool = False) -> tuple[list[Measurement], list[str]]:
    """Runs the race with made-up processes; returns what was found and the turns."""
    turns = []

    def measured(who: Contestant, case: Case) -> Finished:
        turns.append(f"{case.name} {who.name}")
        return answers(who, len(turns))

    found = alternate(RACE, quick=quick, measured=measured, say=lambda line: None)
    return found, turns


def results(found: list[Measurement]) -> Results:
    return Results("race", False, 1.0, 0.0, FACTS, tuple(found))


def seconds(case: str, who: str, *values: float) -> list[Measurement]:
    return [
        Measurement(case, who, number, {"seconds": value})
        for number, value in enumerate(values, start=1)
    ]


def test_contestants_take_turns_round_by_round():
    _, turns = run(lambda who, turn: finished())
    a_round = ["small ours", "small peer", "small gone"]
    assert turns[:9] == 3 * a_round
    assert turns[9:] == 3 * [turn.replace("small", "large") for turn in a_round]


def test_a_quick_run_has_its_own_cases_and_rounds():
    _, turns = run(lambda who, turn: finished(), quick=True)
    assert turns == ["small ours", "small peer", "small gone"]


def test_who_is_missing_is_told_why_and_not_asked_again_in_that_case():
    def answers(who: Contestant, turn: int) -> Finished:
        if who.name == "gone":
            raise FileNotFoundError(2, "no such file", f"{ROOT}/bin/gone")
        if who.name == "peer":
            return finished(code=1, errors=f"Traceback\n  {ROOT}/x.py\nOSError: lost\n")
        return finished('talk\n{"seconds": 1.0}\n')

    found, turns = run(answers)
    assert turns.count("small gone") == turns.count("small peer") == 1
    assert turns.count("small ours") == 3
    told = {m.contestant: m.missing for m in found if m.missing}
    assert told == {"gone": "not there: gone", "peer": "failed: OSError: lost"}
    assert broken(RACE, found) == []
    assert results(found).missing("small", "peer") == "failed: OSError: lost"


@pytest.mark.parametrize(
    ("done", "wrong"),
    [
        (finished(code=5, errors="error[E5] diverged"), True),
        (finished("no JSON"), True),
        (finished(""), True),
        (finished(code=2, errors="error[E2] c.yaml: data.label: missing"), True),
    ],
)
def test_our_failures_are_errors(done, wrong):
    found, _ = run(lambda who, turn: done if who.ours else finished())
    assert bool(broken(RACE, found)) == wrong
    assert results(found).missing("small", "ours") is not None
    assert results(found).missing("small", "peer") is None


def test_figures_are_those_from_outside_and_those_it_told():
    found, _ = run(lambda who, turn: finished('{"seconds": 0.5, "way": "short"}'))
    assert found[0].figures == {
        "wall_s": 2.0,
        "cpu_s": 1.5,
        "peak_mb": 10.0,
        "seconds": 0.5,
        "way": "short",
    }
    assert results(found).words("small", "ours", "way") == "short"


def test_medians_and_spreads():
    seen = results(seconds("small", "ours", 3.0, 1.0, 8.0))
    assert seen.spread("small", "ours", "seconds") == Spread(3.0, 1.0, 8.0, 3)
    assert seen.median("small", "ours", "seconds") == 3.0
    assert seen.median("small", "peer", "seconds") is None
    assert seen.median("small", "ours", "nothing") is None


def test_ratios_are_of_medians_and_above_one_when_ours_is_better():
    found = seconds("small", "ours", 2.0, 1.0, 9.0) + seconds("small", "peer", 5.0)
    seen = results(found)
    assert advantage_over(seen, RACE, "small", "peer") == 2.5
    rate = replace(RACE, ratio=("seconds", True))
    assert advantage_over(seen, rate, "small", "peer") == 0.4
    assert advantage_over(seen, RACE, "small", "gone") is None
    alone = replace(RACE, ratio=None)
    assert advantage_over(seen, alone, "small", "peer") is None


@pytest.mark.parametrize(
    ("least", "most", "value", "told"),
    [
        (3.0, None, 3.0, "met"),
        (3.0, None, 1.5, "missed by 50 %"),
        (None, 2.0, 1.9, "met"),
        (None, 2.0, 2.05, "missed by 2.5 %"),
        (None, None, 2.0, "stated"),
        (3.0, None, None, "not measured"),
    ],
)
def test_verdicts(least, most, value, told):
    goal = Goal("a goal", lambda seen: None, least=least, most=most)
    assert verdict(goal, value) == told


def test_results_survive_their_file(tmp_path):
    found, _ = run(lambda who, turn: finished('{"seconds": 0.12345678, "way": "x"}'))
    kept = read(write(results(found), tmp_path))
    assert kept.name == "race"
    assert kept.facts == FACTS
    assert [m.figures["seconds"] for m in kept.measurements] == 18 * [0.123457]
    assert kept.words("large", "peer", "way") == "x"


def test_the_page_says_what_was_found():
    found = seconds("small", "ours", 1.5, 1.25, 2.0) + seconds("small", "peer", 3.0)
    found.append(Measurement("small", "gone", 1, missing="not there: gone"))
    text = page([(RACE, results(found))], command="make bench", quick=False)
    assert "| ours | 1.50 (1.25–2.00) |  |  |\n" in text
    assert "| peer | 3.00 |  | **2** |\n" in text
    assert "gone: not available: not there: gone\n" in text
    assert "| z | fast | 1.5 s | met |\n" in text
    assert "| z | very fast | 1.5 s | missed by 50 % |\n" in text
    assert "| as it is | 1.5 s |\n" in text
    assert "### small (3 rounds)" in text
    assert "quick run" not in text
    assert "- **z**: It is not so fast.\n" in text
    assert "where the time" not in text


def test_ours_are_profiled_after_a_full_run():
    def told(who, case):
        assert who.command(None, case) == ["python", "-m", "benchmarks.profiled", "us"]
        return finished('{"imports": 1.5, "all else": 0.5}')

    us = replace(RACE.contestants[0], command=lambda *_: ["python", "-m", "us"])
    race = replace(RACE, contestants=(us, *RACE.contestants[1:]), profiled=-1)
    assert profiled(race, quick=True, measured=told) == {}
    found = profiled(race, quick=False, measured=told)
    assert found == {"ours": {"imports": 1.5, "all else": 0.5}}
    assert profiled(race, quick=False, measured=lambda *_: finished(code=1)) == {}
    text = page(
        [(race, replace(results([]), profiles=found))],
        command="make bench",
        quick=False,
    )
    assert "| where the time of ours goes | s | % |\n" in text
    assert "| imports | 1.50 | 75 |\n| all else | 0.50 | 25 |\n" in text


def test_a_profile_tells_imports_native_functions_and_ours(tmp_path):
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.profiled", "textclf", "--help"]
    done = measure(command, folder=tmp_path, environ=environ, limit=60.0)
    told = last_line(done.output)
    assert done.code == 0
    assert told["imports"] > 0
    assert list(told)[-1] == "all else"
    assert (
        name_of((str(ROOT / "textclf" / "files.py"), 3, "f")) == "textclf/files.py: f"
    )
    assert name_of(("~", 0, "<method 'take' of 'x'>")) == "method 'take' of 'x'"
    assert name_of(("/elsewhere/enum.py", 3, "f")) is None
    assert name_of((str(ROOT / ".venv/site-packages/x.py"), 3, "f")) is None


def test_tables_are_regular():
    rows = [("a", "1"), ("b", "2")]
    lines = table(("who", "figure"), rows).splitlines()
    assert lines == ["| who | figure |", "| --- | ---: |", "| a | 1 |", "| b | 2 |"]
    column = Column("ms", "ms", scale=1000, digits=0, spread=True)
    assert shown(Spread(1.5, 1.0, 2.0, 3), column) == "1,500 (1,000–2,000)"


def test_a_process_is_measured(tmp_path):
    code = "import sys; block = bytearray(50_000_000); print('{\"x\": 1}'); sys.exit(3)"
    done = measure(
        [sys.executable, "-c", code], folder=tmp_path, environ={}, limit=60.0
    )
    assert done.code == 3
    assert last_line(done.output) == {"x": 1}
    assert done.peak > 50_000_000
    assert done.cpu > 0
    assert done.wall > 0


def test_a_process_that_does_not_end_is_ended(tmp_path):
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    assert measure(command, folder=tmp_path, environ={}, limit=0.3).code < 0


def test_every_benchmark_and_contestant_stands_in_the_registry():
    assert [b.letter for b in BENCHMARKS] == list("abcdefg")
    folders = {p.parent.name for p in (ROOT / "benchmarks").glob("*/__init__.py")}
    assert folders - {"prepare"} == {b.name for b in BENCHMARKS}
    for benchmark in BENCHMARKS:
        assert benchmark.contestants[0].ours
        assert benchmark.rounds >= (3 if benchmark.ratio else 1)
        for quick in (False, True):
            assert benchmark.cases(quick)
            assert benchmark.goals(quick)


def test_goals_name_cases_and_contestants_that_exist():
    for benchmark in BENCHMARKS:
        for quick in (False, True):
            asked = set()

            class Listener:
                def median(self, case, contestant, key, asked=asked):
                    asked.add((case, contestant))
                    return 1.0

            for goal in benchmark.goals(quick):
                goal.value(Listener())
            cases = {case.name for case in benchmark.cases(quick)}
            names = {contestant.name for contestant in benchmark.contestants}
            assert {case for case, _ in asked} <= cases
            assert {name for _, name in asked} <= names


def test_every_command_runs_a_module_that_exists(tmp_path):
    place = Place(tmp_path / "data", tmp_path / "work", quick=True)
    for benchmark in BENCHMARKS:
        for case in benchmark.cases(True):
            for who in benchmark.contestants:
                try:
                    command = who.command(place, case)
                except FileNotFoundError:
                    continue  # its configuration or its run is not there
                assert all(isinstance(word, str) for word in command)
                module = command[command.index("-m") + 1]
                assert importlib.util.find_spec(module) is not None, module


def test_prepared_items_exist():
    from benchmarks.prepare.__main__ import ITEMS

    assert {item for b in BENCHMARKS for item in b.prepare} == set(ITEMS)
    for place in ITEMS.values():
        module = place.split(":")[0]
        assert importlib.util.find_spec(module) is not None, module


def test_choosing_benchmarks():
    assert chosen([]) == BENCHMARKS
    assert [b.name for b in chosen(["vectors", "a"])] == ["tokenise", "vectors"]
    with pytest.raises(ValueError, match="expected one of a \\(tokenise\\), b"):
        chosen(["x"])


def test_two_contestants_of_one_name_are_refused():
    twice = (contestant("ours", ours=True), contestant("ours"))
    with pytest.raises(ValueError, match="one name"):
        replace(RACE, contestants=twice)


def test_the_shipped_configurations_of_the_benchmarks_load():
    from textclf.config.load import load_config

    paths = Path(ROOT / "benchmarks").glob("*.yaml")
    kinds = {path.stem: load_config(path).config.model.kind for path in paths}
    averages = dict.fromkeys(["documents", "imdb_average"], "average")
    assert kinds == {"characters": "ngram", **averages}
