"""How much of everything there is, in a full run and in a quick one."""

VECTOR_DIM = 100
SEEDED_ROWS = 30_000
QUICK_REVIEWS = 3000


def text_sizes(quick: bool) -> tuple[int, ...]:
    """Returns the sizes of the text files, in megabytes of UTF-8."""
    return (5,) if quick else (30, 300)


def reviews(quick: bool) -> int:
    """Returns the reviews in each half of IMDB."""
    return QUICK_REVIEWS if quick else 25_000


def text_rows(quick: bool) -> int:
    """Returns the words in the text file of vectors."""
    return 40_000 if quick else 400_000


def binary_rows(quick: bool) -> int:
    """Returns the words in the binary file of vectors."""
    return 100_000 if quick else 1_000_000


def document_count(quick: bool) -> int:
    """Returns the documents of the corpus that is larger than memory."""
    return 200_000 if quick else 5_000_000
