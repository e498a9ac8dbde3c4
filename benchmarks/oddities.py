"""What is known to be odd in public data sets; see `audit`."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Oddity:
    """Something that is known of a data set, and where the audit tells it."""

    data: str
    known: str
    kind: str
    split: str
    count: int | None = None
    words: str = ""


def _leaks(data: str, *counts: tuple[str, int, str]) -> Iterator[Oddity]:
    for split, count, words in counts:
        yield Oddity(data, words, "leak", split, count)


ODDITIES = (
    *_leaks(
        "chnsenticorp",
        ("test", 331, "331 test texts also in train"),
        ("dev", 338, "338 dev texts also in train"),
    ),
    Oddity("chnsenticorp", "1,351 duplicate rows in train", "duplicate", "train", 1351),
    Oddity("chnsenticorp", "24 texts with both labels", "conflict", "train", 24),
    *_leaks("imdb", ("test", 123, "123 test texts also in train")),
    Oddity("imdb", "96 duplicates in train", "duplicate", "train", 96),
    Oddity("imdb", "199 duplicates in test", "duplicate", "test", 199),
    Oddity("imdb", "C1 controls in 813 train texts", "control_sign", "train", 813),
    Oddity("imdb", "C1 controls in 760 test texts", "control_sign", "test", 760),
    Oddity("imdb", "`<br />` in 58 % of the reviews", "html_tag", "train"),
    *_leaks("trec", ("test", 11, "11 test questions also in train")),
    Oddity("trec", "72 duplicate rows in train", "duplicate", "train", 72),
    Oddity(
        "trec_fine", "8 classes without a test example", "label_not_judged", "test", 8
    ),
    Oddity(
        "trec_fine", "smallest class has 4 rows", "label_rare", "train", None, "(4)"
    ),
    Oddity("sms_spam", "415 duplicate rows", "duplicate", "train", 415),
    Oddity("sms_spam", "35 rows with C1 controls", "control_sign", "train", 35),
    Oddity("sms_spam", "`&lt;#&gt;` artefacts", "html_entity", "train", None, "&lt;"),
    *_leaks("banking77", ("test", 7, "7 test texts also in train")),
    Oddity("banking77", "newlines in 13 texts", "line_end", "", 13),
    Oddity(
        "banking77",
        "one label with a capital",
        "label_form",
        "",
        None,
        "Refund_not_showing_up",
    ),
    Oddity(
        "banking77",
        "one label ends in `?`",
        "label_form",
        "",
        None,
        "reverted_card_payment?",
    ),
    Oddity("go_emotions", "`grief` has 77 rows", "imbalance", "train", None, "77"),
    Oddity("go_emotions", "62 texts with other labels", "conflict", "train", 62),
    Oddity(
        "go_emotions",
        "[NAME], [RELIGION] masks",
        "placeholder",
        "train",
        None,
        "[NAME]",
    ),
    *_leaks("go_emotions", ("test", 42, "42 test texts also in train")),
    Oddity("ag_news", "`#39;`, `&lt;`", "html_entity", "train", None, "#39;"),
    Oddity("ag_news", "`\\` for line ends in 11 %", "backslash", "train"),
    Oddity(
        "ag_news",
        "4 test texts in train up to signs",
        "near_leak",
        "test",
    ),
    Oddity(
        "twenty_newsgroups",
        "75,154 characters in train",
        "far_too_long",
        "train",
        None,
        "75,154",
    ),
    Oddity(
        "twenty_newsgroups",
        "160,616 characters in test",
        "far_too_long",
        "test",
        None,
        "160,616",
    ),
    Oddity(
        "twenty_newsgroups", "From lines leak", "same_beginning", "train", None, "From:"
    ),
    Oddity("reuters_r8", "4 conflicting duplicates", "conflict", "train", 4),
    Oddity("reuters_r8", "grain has 41 rows", "imbalance", "train", None, "41"),
    Oddity(
        "germeval2018", "`|LBR|` for line ends", "placeholder", "train", None, "|LBR|"
    ),
    Oddity("polarity_v2", "every text holds newlines", "line_end", "train", 2000),
    Oddity(
        "mr to sst1",
        "1,702 of 2,210 test sentences in MR, letter for letter",
        "leak+near_leak",
        "test",
    ),
    Oddity("phrases to sst1", "some phrases are dev or test sentences", "leak", ""),
)
