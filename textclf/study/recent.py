"""A few things that were asked for lately."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Recent(Generic[Thing]):
    """Remembers the things asked for last.

    Args:
        most: How many, or how much they weigh together; one is always remembered.
        weight: What a thing weighs.
    """

    def __init__(
        self, most: float, *, weight: Callable[[Thing], float] = lambda _: 1.0
    ) -> None:
        self._most, self._weight = most, weight
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """Returns the thing of a key, which is made unless it is remembered."""
        if key not in self._things:
            self._things[key] = make()
        self._things.move_to_end(key)
        while len(self._things) > 1 and self._total() > self._most:
            self._things.popitem(last=False)
        return self._things[key]

    def _total(self) -> float:
        return sum(map(self._weight, self._things.values()))
