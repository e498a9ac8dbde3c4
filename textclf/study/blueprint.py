"""What a study will train: its cells, and the configuration of every trial."""

import copy
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from textclf.config.load import checked_config, resolve_path
from textclf.config.overrides import Draft, Override
from textclf.config.paths import with_absolute_paths
from textclf.config.schema import Config
from textclf.config.yaml12 import KeyPath, read_value, read_yaml_file
from textclf.config.yaml_text import scalar_text
from textclf.data.named import with_columns
from textclf.errors import ConfigError
from textclf.files import canonical_json
from textclf.study.constraints import Constraint
from textclf.study.design import Cell, Factor, grid, grid_size
from textclf.study.factors import Range, Space, drawn_factor, read_space
from textclf.study.fractional import fractional
from textclf.study.quasi_random import quasi_random
from textclf.study.reading import WrittenStudy
from textclf.study.results import COLUMNS
from textclf.study.spec import MOST_CELLS, SEARCHES, StudySpec
from textclf.study.tuning import points_of
from textclf.vectors.named import with_named_vectors

_CELL_STREAM, _POINT_STREAM = 41, 42
_NO_CELL = "got constraints that no cell obeys"
_REFIT = "training.refit"

Settings = Mapping[str, Any]
Rules = tuple[Constraint, ...]


@dataclass(frozen=True, eq=False)
class Blueprint:
    """The design of a study, before anything is trained.

    Attributes:
        written: The study as it was written.
        base: The settings that all trials share, unchecked.
        lines: Where each of them was written.
        factors: With all their levels.
        ranges: The range of each factor that a search draws from.
        cells: What is trained; of a search, nothing yet.
        points: The nuisance settings that are tried in each cell; one empty: none.
        rules: What cells obey.
    """

    written: WrittenStudy
    base: dict[str, Any]
    lines: Mapping[KeyPath, int]
    factors: tuple[Factor, ...]
    ranges: Mapping[str, Range]
    cells: tuple[Cell, ...]
    points: tuple[Settings, ...]
    rules: Rules

    @classmethod
    def of(cls, written: WrittenStudy) -> "Blueprint":
        """Works out the design and checks the configuration of every cell.

        Raises:
            ConfigError: A factor, a constraint or a cell's configuration is wrong.
        """
        spec = written.spec
        base, lines = _base(written)
        space = read_space(
            spec.scientific,
            reference=spec.reference,
            searched=spec.sampler.kind in SEARCHES,
        )
        rng = np.random.default_rng([spec.seed, _CELL_STREAM])
        if taken := [f.name for f in space.factors if f.name in COLUMNS]:
            raise ConfigError(
                f"got a factor called {taken[0]}, which is a column of the results",
                where="scientific",
                fix="name it otherwise: NAME: {level: {key: value}, …}",
            )
        rules = _rules(spec, space)
        factors, cells = _chosen(spec, space, rules, rng)
        points = points_of(
            spec.nuisance, np.random.default_rng([spec.seed, _POINT_STREAM])
        )
        blueprint = cls(
            written, base, lines, factors, space.ranges, cells, points, rules
        )
        _refuse_shared_keys(blueprint)
        _refuse_twins(blueprint)
        return blueprint

    @property
    def spec(self) -> StudySpec:
        """The settings of the study."""
        return self.written.spec

    @cached_property
    def by_name(self) -> Mapping[str, Factor]:
        """The factors by name."""
        return {factor.name: factor for factor in self.factors}

    @property
    def example(self) -> Cell:
        """Some cell; of a range, its middle."""
        if self.cells:
            return self.cells[0]
        middle = {name: (scalar_text(r.at(0.5)),) for name, r in self.ranges.items()}
        levels = [middle.get(factor.name, factor.levels) for factor in self.factors]
        names = [factor.name for factor in self.factors]
        for chosen in itertools.islice(itertools.product(*levels), MOST_CELLS):
            cell = Cell(tuple(zip(names, chosen, strict=True)))
            if self.obeys(cell):
                return cell
        raise ConfigError(_NO_CELL, where="constraints")

    @property
    def refits(self) -> bool:
        """Whether all trials are told to train twice, which none of them does."""
        training = self.base.get("training")
        return isinstance(training, dict) and training.get("refit") is True

    def obeys(self, cell: Cell) -> bool:
        """Tells whether a cell obeys all constraints."""
        return _obeys(cell, Space(self.factors, self.ranges), self.rules)

    def settings(self, cell: Cell) -> dict[str, Any]:
        """Returns the keys that make a cell, in the order of the factors."""
        merged: dict[str, Any] = {}
        for name, level in cell.levels:
            known = self.by_name[name].settings
            if level in known:
                merged |= known[level]
            else:  # of a range, drawn by a search
                merged[self.ranges[name].key] = _number(level)
        return merged

    def config(self, cell: Cell, nuisance: Settings, *, seed: int = 0) -> Config:
        """Returns the checked configuration of a trial, with absolute paths.

        A trial trains once: `training.refit` is false in it.

        Raises:
            ConfigError: The settings do not fit together.
        """
        where = f"cell {cell}"
        draft = Draft(copy.deepcopy(self.base), dict(self.lines), file=self._file)
        once = {_REFIT: False} if self.refits else {}
        laid = once | self.settings(cell) | dict(nuisance) | {"seed": seed}
        draft.apply([Override(tuple(key.split(".")), laid[key], where) for key in laid])
        config = checked_config(draft.mapping, place=draft.place)
        resolved = with_absolute_paths(config, self.written.folder)
        _refuse_more_trainings(config, where)
        named = with_named_vectors(resolved, config)
        return named.model_copy(update={"data": with_columns(named.data)})

    @property
    def _file(self) -> str:
        return str(self.written.path or "fixed")


def _refuse_more_trainings(config: Config, where: str) -> None:
    if config.training.refit:
        raise ConfigError(
            f"{_REFIT}: got a second training with the dev texts, and a trial trains "
            "once",
            where=where,
            fix="do not vary it; where all trials share it, it is left out",
        )
    if config.training.self_training is not None:
        raise ConfigError(
            "training.self_training: got rounds of it, and a trial trains once",
            where=where,
            fix="set it to null; `train` learns from texts without labels",
        )


def _base(written: WrittenStudy) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """Returns what all trials share: the base file with `fixed` laid over it."""
    spec, fixed = written.spec, copy.deepcopy(written.spec.fixed)
    if "seed" in fixed:
        raise ConfigError(
            "got a seed, which the study varies itself",
            where=written.place(("fixed", "seed")),
            fix="leave it away; replication says how many seeds",
        )
    own = {key[1:]: n for key, n in written.lines.items() if key[:1] == ("fixed",)}
    if spec.base is None:
        return fixed, {key: n for key, n in own.items() if key}
    path = resolve_path(spec.base, written.folder).path
    merged = read_yaml_file(Path(path)).mapping
    for name, section in fixed.items():
        both = isinstance(section, dict) and isinstance(merged.get(name), dict)
        merged[name] = merged[name] | section if both else section
    return merged, {key: n for key, n in own.items() if key}


def _rules(spec: StudySpec, space: Space) -> Rules:
    levels = {
        factor.name: None
        if factor.name in space.ranges or factor.numeric
        else factor.levels
        for factor in space.factors
    }
    return tuple(Constraint.parse(text, levels=levels) for text in spec.constraints)


def _refuse_shared_keys(blueprint: Blueprint) -> None:
    """Refuses a key that two set: a cell would not be what its name says."""
    owners: dict[str, str] = {}
    for factor in blueprint.factors:
        span = blueprint.ranges.get(factor.name)
        keys = {key for level in factor.settings.values() for key in level}
        for key in keys | ({span.key} if span else set()):
            if key in owners:
                raise ConfigError(
                    f"got {key} in two factors, {owners[key]} and {factor.name}",
                    where="scientific",
                    fix="set it in one of them, or make one factor of both",
                )
            owners[key] = factor.name
    for key in blueprint.points[0]:
        if key in owners:
            raise ConfigError(
                f"got a key that the factor {owners[key]} sets",
                where=f"nuisance.settings.{key}",
                fix="vary it in one of the two places",
            )


def _refuse_twins(blueprint: Blueprint) -> None:
    """Checks the configuration of every cell, and that no two are the same."""
    seen: dict[str, Cell] = {}
    for cell in blueprint.cells or _around(blueprint):
        configs = [blueprint.config(cell, point) for point in blueprint.points]
        settings = canonical_json(configs[0].model_dump(mode="json"))
        twin = seen.setdefault(settings, cell)
        if twin != cell:
            raise ConfigError(
                f"got two cells with one and the same configuration: {twin} and {cell}",
                where="scientific",
                fix="leave one of the levels away: it is the default, or is fixed",
            )


def _around(blueprint: Blueprint) -> list[Cell]:
    """Returns, for a search, an example and what differs from it by one level."""
    example = blueprint.example
    others = [
        Cell.of(example.mapping() | {factor.name: level})
        for factor in blueprint.factors
        for level in factor.levels
        if level != example[factor.name]
    ]
    return [example, *filter(blueprint.obeys, others)]


def _chosen(
    spec: StudySpec, space: Space, rules: Rules, rng: np.random.Generator
) -> tuple[tuple[Factor, ...], tuple[Cell, ...]]:
    """Returns the factors with their levels, and the cells of the sampler."""
    kind = spec.sampler.kind
    if space.ranges and kind not in (*SEARCHES, "quasi_random"):
        raise ConfigError(
            f"got a range for {next(iter(space.ranges))} with sampler {kind}",
            where=f"scientific.{next(iter(space.ranges.values())).key}",
            fix="list values, or set sampler to quasi_random, tpe or gp",
        )
    if kind in SEARCHES:
        return space.factors, ()
    if kind == "quasi_random":
        return _drawn(spec, space, rules, rng)
    if (size := grid_size(space.factors)) > MOST_CELLS:
        raise ConfigError(
            f"got {size:,} combinations of levels, allowed are {MOST_CELLS:,}",
            where="scientific",
            fix="set sampler to {kind: quasi_random, cells: N}, or leave levels away",
        )
    allowed = tuple(cell for cell in grid(space.factors) if _obeys(cell, space, rules))
    if not allowed:
        raise ConfigError(_NO_CELL, where="constraints")
    if kind == "fractional":
        allowed = fractional(space.factors, allowed, cells=spec.sampler.cells, rng=rng)
    return space.factors, allowed


def _obeys(cell: Cell, space: Space, rules: Rules) -> bool:
    values = {
        f.name: _number(cell[f.name])
        if f.name in space.ranges
        else f.value(cell[f.name])
        for f in space.factors
    }
    return all(rule.holds(values) for rule in rules)


def _drawn(
    spec: StudySpec, space: Space, rules: Rules, rng: np.random.Generator
) -> tuple[tuple[Factor, ...], tuple[Cell, ...]]:
    wanted = spec.sampler.cells or 1
    possible = grid_size(space.factors) * math.prod(
        r.count for r in space.ranges.values()
    )
    cells = quasi_random(
        space.factors,
        space.ranges,
        cells=int(min(wanted, possible)),
        obeys=lambda cell: _obeys(cell, space, rules),
        rng=rng,
    )
    if len(cells) < wanted:
        raise ConfigError(
            f"got {wanted:,}, found {len(cells):,} different cells"
            + (" that obey the constraints" if rules else ""),
            where="sampler.cells",
            fix="set fewer, or wider ranges",
        )
    factors = [
        _with_drawn(factor, space.ranges[factor.name], cells)
        if factor.name in space.ranges
        else factor
        for factor in space.factors
    ]
    return tuple(factors), cells


def _with_drawn(factor: Factor, span: Range, cells: tuple[Cell, ...]) -> Factor:
    numbers = sorted({_number(cell[factor.name]) for cell in cells})
    return drawn_factor(factor.name, span.key, numbers, form=span.form)


def _number(level: str) -> float:
    number: float = read_value(level, where="scientific")
    return number
