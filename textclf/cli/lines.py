"""Lines of `name  value` that fit the terminal."""

import re
import textwrap
from collections.abc import Iterable

_NAME = re.compile(r"\s*\S+(?: \S+)*\s{2,}")
_LEAST = 20


def folded(lines: Iterable[str], width: int) -> str:
    """Returns the lines as one text; long ones go on below their value.

    What has no blank in it stays whole: an address or a hash can be copied.
    """
    return "\n".join(part for line in lines for part in _parts(line, width))


def _parts(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    name = _NAME.match(line)
    indent = min(len(name.group()) if name else 2, max(width - _LEAST, 2))
    return textwrap.wrap(
        line,
        max(width, _LEAST),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
