"""The character n-grams of fastText, byte for byte as fastText cuts and hashes them."""

from dataclasses import dataclass

from textclf.errors import ArtefactError

_OFFSET, _PRIME, _MASK = 2_166_136_261, 16_777_619, 0xFFFF_FFFF  # FNV-1a, 32 bits
_LONGEST = 64  # fastText's own models have 6


@dataclass(frozen=True)
class Subwords:
    """Which rows the n-grams of a word have (Bojanowski et al. 2017, section 3.2).

    Attributes:
        shortest: Fewest characters of an n-gram.
        longest: Most characters; 0: there are no n-grams.
        buckets: Rows that n-grams are hashed to.
    """

    shortest: int
    longest: int
    buckets: int

    def __post_init__(self) -> None:
        if not 0 <= self.longest <= _LONGEST or self.shortest < 0 or self.buckets < 0:
            raise ArtefactError(
                f"got n-grams of {self.shortest} to {self.longest} characters in "
                f"{self.buckets:,} buckets, expected 0 to {_LONGEST} characters"
            )

    def __bool__(self) -> bool:
        return self.longest > 0 and self.buckets > 0

    def of(self, word: bytes) -> list[int]:
        """Returns the bucket of each n-gram of a word, in fastText's order.

        The word stands between `<` and `>`; a character is a byte with the bytes of
        the form 10xxxxxx after it, whether or not they are UTF-8. One character alone
        counts only inside the word.
        """
        if not self:
            return []
        marked = b"<" + word + b">"
        begins = [i for i, byte in enumerate(marked) if byte & 0xC0 != 0x80]
        ends = [*begins[1:], len(marked)]
        last = len(begins) - 1
        return [
            hash_of(marked[begins[first] : ends[first + size - 1]]) % self.buckets
            for first in range(len(begins))
            for size in range(max(self.shortest, 1), self.longest + 1)
            if first + size - 1 <= last
            and not (size == 1 and (first == 0 or first == last))
        ]


def hash_of(gram: bytes) -> int:
    """Returns fastText's hash of an n-gram, from 0 to 2^32 - 1.

    It is FNV-1a, but bytes from 0x80 up are taken as negative numbers.
    """
    value = _OFFSET
    for byte in gram:
        value ^= byte if byte < 0x80 else byte | 0xFFFF_FF00
        value = value * _PRIME & _MASK
    return value
