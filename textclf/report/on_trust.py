"""What a page says of the probabilities: how they rank, and whether they hold."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textclf.evaluation.answers import Answers
from textclf.evaluation.calibration import calibration
from textclf.evaluation.canvas import drawn
from textclf.evaluation.coverage import RiskCoverage
from textclf.evaluation.curves import (
    coverage_plot,
    ranking_plot,
    reliability_plot,
    without_temperature,
)
from textclf.page.parts import bullets, figure, joined, pair, paragraph
from textclf.report.material import Material
from textclf.report.wording import percent

if TYPE_CHECKING:
    from markupsafe import Markup

_SOME = 0.5  # of the texts, the surest
_RELIABLE = (
    "Of answers given with a confidence of 80 %, 80 % should be right: on the diagonal "
    "they are. Below it the model is too sure of itself."
)
_COVERED = (
    "How often the surest answers are right, from the few surest to all: what would be "
    "gained by leaving the others to people."
)
_RANKED = (
    "How well the probabilities rank texts, whatever the threshold. The nearer to the "
    "upper left corner (ROC) or the upper right one, the better."
)


def trust_section(material: Material) -> "Markup":
    """Returns reliability, risk and coverage, and the curves of ranking."""
    judged = material.judged
    if judged is None:
        return paragraph("The run kept no answers.", tone="soft")
    given = (judged.predictions, judged.truth)
    return joined(
        bullets(trust_told(judged)),
        pair(
            figure(
                drawn(lambda path: reliability_plot(*given, path)),
                alt="share of right answers by confidence",
                caption=_RELIABLE,
            ),
            figure(
                drawn(lambda path: coverage_plot(*given, path)),
                alt="accuracy of the surest answers by their share",
                caption=_COVERED,
            ),
        ),
        figure(
            drawn(lambda path: ranking_plot(*given, path)),
            alt="ROC, and precision by recall",
            caption=_RANKED,
        ),
    )


def trust_told(judged: Answers) -> Iterator[str]:
    """Yields in sentences how far the probabilities can be believed."""
    predictions, truth = judged.predictions, judged.truth
    decision, error = predictions.decision, calibration(predictions, truth).ece
    told = (
        f"Confidence and share of right answers differ by {percent(error)} on average"
    )
    if decision.temperature != 1.0:
        before = calibration(without_temperature(predictions), truth).ece
        told += (
            f"; before the temperature {decision.temperature:.2f}, which was fitted on "
            f"dev texts, by {percent(before)}"
        )
    yield f"{told} (expected calibration error)."
    curve = RiskCoverage.of(predictions, truth)
    at = int((curve.coverage >= _SOME - 1e-9).argmax())
    yield (
        f"The surest {percent(curve.coverage[at])} of the answers are right "
        f"{percent(curve.accuracy[at])} of the time, all of them "
        f"{percent(curve.accuracy[-1])}."
    )
    if cuts := decision.thresholds:
        span = f"{min(cuts):.2f}" + (f" to {max(cuts):.2f}" if len(cuts) > 1 else "")
        yield f"A label is given from a probability of {span} on, chosen on dev texts."
    if decision.abstain is not None:
        silent = float(predictions.abstained.mean())
        yield (
            f"Below a confidence of {decision.abstain:.2f} the model would rather not "
            f"answer: {percent(silent)} of these texts."
        )
