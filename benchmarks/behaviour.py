"""What trained models do on the suites `sentiment` and `invariance`.

    python -m benchmarks.behaviour ../shared

Trains three shipped configurations (or takes the runs that are in runs/behaviour), asks
each about both suites, and writes benchmarks/BEHAVIOUR.md. `invariance` changes dev
texts of the run; no test text is looked at but for the accuracy in the heading.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.shipped_configs import ROOT, textclf

TABLE = ROOT / "benchmarks" / "BEHAVIOUR.md"
RUNS = ROOT / "runs" / "behaviour"
MODELS = {
    "imdb_ngram": "up to four words in a row, 25,000 long reviews",
    "imdb": "mean of word and word-pair vectors, 25,000 long reviews",
    "sst2": "CNN over 3 to 5 words in a row, 6,920 sentences",
}
EXPECTED = (
    "Expected beforehand: these models weigh words and short word sequences, so they "
    "should fail negation and contrast whenever what matters is further away than the "
    "sequences they see, and a negation of blame (`not bad`) most of all."
)

MARGINS = (
    "Where a probability must move by a margin, a model fails too that hardly moves: "
    "one trained on reviews of hundreds of words may stay near its starting point on "
    "six."
)
WORST = ("negating_praise", "not_bad", "bad_but_good", "gender_alone")

Found = dict[str, dict[str, Any]]


def accuracy(name: str) -> float:
    """Trains a configuration unless its run is there; returns its test accuracy."""
    run = RUNS / name
    if not (run / "report-test.json").is_file():
        config = ROOT / "configs" / f"{name}.yaml"
        textclf("train", "--config", str(config), "--run-dir", str(run))
    report = json.loads((run / "report-test.json").read_text("utf-8"))
    value: float = report["accuracy"]
    return value


def asked(suite: str) -> Found:
    """Returns what each model does on a suite."""
    return {
        name: textclf("behave", "--run", str(RUNS / name), "--suite", suite)
        for name in MODELS
    }


def share(row: dict[str, Any]) -> str:
    """Returns a failure rate with its interval."""
    if not row["cases"]:
        return "left out"
    low, high = row["failure_rate_ci95"]
    bold = "**" if row.get("passed") is False else ""
    rate = f"{bold}{100 * row['failure_rate']:.0f}{bold}"
    return f"{rate} [{100 * low:.0f}, {100 * high:.0f}]"


def table(found: Found, part: str, head: str) -> list[str]:
    """Returns capabilities or tests as rows and models as columns."""
    lines = [f"| {head} | cases | {' | '.join(found)} |"]
    lines.append("|---|---:|" + "---:|" * len(found))
    for rows in zip(*(result[part] for result in found.values()), strict=True):
        cases = sorted({row["cases"] for row in rows if row["cases"]})
        told = "–".join(f"{n:,}" for n in dict.fromkeys((*cases[:1], *cases[-1:])))
        cells = [rows[0]["name"], told, *map(share, rows)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def judged(found: Found) -> list[str]:
    """Says in sentences what the numbers of `sentiment` are."""
    negation = {
        name: next(c for c in result["capabilities"] if c["name"] == "negation")
        for name, result in found.items()
    }
    rates = ", ".join(
        f"{name} {100 * one['failure_rate']:.0f} % ({one['failed']} of "
        f"{one['failed'] + one['passed']} tests)"
        for name, one in negation.items()
    )
    verdicts = [
        (rows[0]["name"], [row["passed"] for row in rows])
        for rows in zip(*(result["tests"] for result in found.values()), strict=True)
    ]
    all_fail = [
        name for name, passed in verdicts if not any(p is not False for p in passed)
    ]
    all_pass = [name for name, passed in verdicts if all(p is True for p in passed)]
    return [
        f"- Negation, cases that fail: {rates}.",
        f"- All three fail: {', '.join(all_fail) or 'none'}.",
        f"- All three pass: {', '.join(all_pass) or 'none'}.",
    ]


def worst(found: Found) -> list[str]:
    """Shows the worst case of some tests, with the answers of each model."""
    lines = []
    for name in WORST:
        for model, result in found.items():
            test = next(test for test in result["tests"] if test["name"] == name)
            if test["worst"]:
                sides = test["worst"][0].values()
                text = " → ".join(f'"{side["text"]}"' for side in sides)
                answers = " → ".join(
                    f"{side['label']} ({side['probability_of']} "
                    f"{side['probability']:.2f})"
                    for side in sides
                )
                lines.append(f"- {name}, {model}: {text}: {answers}.")
    return lines


def page(scores: dict[str, float], sentiment: Found, invariance: Found) -> str:
    """Returns the page."""
    models = [
        f"- `{name}`: {MODELS[name]}; test accuracy {100 * scores[name]:.1f} %."
        for name in MODELS
    ]
    unit = (
        "Cells are the percentage of cases that fail, with its 95 % interval (Wilson); "
        "bold: above the limit of the test, which is what makes it fail."
    )
    lines = [
        "# What trained models do on behavioural tests",
        "",
        "`python -m benchmarks.behaviour ../shared`, seed 7 of each configuration.",
        "",
        *models,
        "",
        EXPECTED,
        "",
        *judged(sentiment),
        "",
        unit,
        "",
        MARGINS,
        "",
        "## Worst cases",
        "",
        *worst(sentiment),
        "",
        "## Suite `sentiment`, by capability",
        "",
        *table(sentiment, "capabilities", "capability"),
        "",
        "## Suite `sentiment`, by test",
        "",
        *table(sentiment, "tests", "test"),
        "",
        "## Suite `invariance`, on dev texts",
        "",
        *table(invariance, "tests", "test"),
    ]
    return "\n".join(lines) + "\n"


def main(shared: str) -> None:
    """Writes the page."""
    os.environ["TEXTCLF_DATA"] = str(Path(shared).resolve() / "data")
    scores = {name: accuracy(name) for name in MODELS}
    text = page(scores, asked("sentiment"), asked("invariance"))
    TABLE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m benchmarks.behaviour SHARED")
    main(sys.argv[1])
