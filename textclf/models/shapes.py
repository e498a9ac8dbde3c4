"""The shapes of the weights of every kind, known before a model is built."""

from collections.abc import Callable
from typing import Any, Protocol

from textclf.config.kinds import (
    AttentionConfig,
    AverageConfig,
    CharCnnConfig,
    CnnConfig,
    ModelConfig,
    NgramConfig,
    RecurrentConfig,
    TransformerConfig,
    WordCharConfig,
)
from textclf.text.letters import BYTES

Shapes = dict[str, tuple[int, ...]]


class Sizes(Protocol):
    """The sizes that decide, as a `ModelSpec` has them."""

    @property
    def rows(self) -> int: ...

    @property
    def units(self) -> int: ...

    @property
    def dim(self) -> int: ...

    @property
    def outputs(self) -> int: ...

    @property
    def model(self) -> ModelConfig: ...


def weight_shapes(sizes: Sizes) -> Shapes:
    """Returns the shape of every weight, by the name of its variable."""
    table = {"embedding/table": (sizes.rows, sizes.dim)}
    return table | _SHAPES[sizes.model.kind](sizes, sizes.model)


def _dense(name: str, inputs: int, units: int) -> Shapes:
    return {f"{name}/kernel": (inputs, units), f"{name}/bias": (units,)}


def _convolution(name: str, width: int, channels: int, filters: int) -> Shapes:
    return {f"{name}/kernel": (width, channels, filters), f"{name}/bias": (filters,)}


def _hidden(
    model: AverageConfig | CharCnnConfig | WordCharConfig, inputs: int, outputs: int
) -> Shapes:
    shapes: Shapes = {}
    for number, units in enumerate(model.hidden, start=1):
        shapes |= _dense(f"hidden_{number}", inputs, units)
        inputs = units
    return shapes | _dense("output", inputs, outputs)


def _average(sizes: Sizes, model: AverageConfig) -> Shapes:
    return _hidden(model, _pooled(model, sizes.dim), sizes.outputs)


def _pooled(model: AverageConfig | WordCharConfig, dim: int) -> int:
    return dim * (2 if model.pooling == "mean_max" else 1)


def _cnn(sizes: Sizes, model: CnnConfig) -> Shapes:
    shapes: Shapes = {}
    if model.multichannel:
        shapes["static_embedding/table"] = (sizes.rows, sizes.dim)
    channels = sizes.dim * (2 if model.multichannel else 1)
    for place, width in enumerate(model.widths, start=1):
        name = f"convolution_{place}"
        shapes |= _convolution(name, width, channels, model.filters)
    return shapes | _dense("output", model.filters * len(model.widths), sizes.outputs)


def _ngram(sizes: Sizes, model: NgramConfig) -> Shapes:
    shapes: Shapes = {"bias/bias": (sizes.outputs,)}
    if model.dense_dim > 0:
        shapes["dense_embedding/table"] = (sizes.units, model.dense_dim)
        shapes |= _dense("output", model.dense_dim, sizes.outputs)
    return shapes


def _recurrent(sizes: Sizes, model: RecurrentConfig) -> Shapes:
    shapes: Shapes = {}
    gates = 3 if model.cell == "gru" else 4
    ways = ("forward", "backward") if model.bidirectional else ("forward",)
    inputs, state = sizes.dim, model.state
    for number in range(1, model.layers + 1):
        for way in ways:
            outer = f"both_{number}/" if model.bidirectional else ""
            name = f"{outer}{way}_{number}/{model.cell}_cell"
            shapes[f"{name}/kernel"] = (inputs, gates * state)
            shapes[f"{name}/recurrent_kernel"] = (state, gates * state)
            bias = (2, gates * state) if model.cell == "gru" else (gates * state,)
            shapes[f"{name}/bias"] = bias
        inputs = state * len(ways)
    if model.readout == "attention":
        shapes |= _attentive(inputs, inputs, hops=1)
    return shapes | _dense("output", inputs, sizes.outputs)


def _attentive(inputs: int, units: int, *, hops: int) -> Shapes:
    return {
        "attention/hidden_kernel": (inputs, units),
        "attention/hidden_bias": (units,),
        "attention/score_kernel": (units, hops),
    }


def _attention(sizes: Sizes, model: AttentionConfig) -> Shapes:
    shapes: Shapes = {}
    inputs = sizes.dim
    if model.encoder == "convolution":
        shapes |= _convolution("convolution_1", 3, inputs, model.filters)
        inputs = model.filters
    shapes |= _attentive(inputs, model.attention_dim, hops=model.hops)
    return shapes | _dense("output", inputs * model.hops, sizes.outputs)


def _transformer(sizes: Sizes, model: TransformerConfig) -> Shapes:
    width = model.width
    shapes = _dense("projection", sizes.dim, width) | _norm("projection_norm", width)
    shapes["positions/scale"] = (1,)
    for number in range(1, model.blocks + 1):
        shapes |= _norm(f"attention_norm_{number}", width)
        shapes |= _dense(f"attention_{number}/inside", width, 3 * width)
        shapes |= _dense(f"attention_{number}/outside", width, width)
        shapes |= _norm(f"forward_norm_{number}", width)
        shapes |= _dense(f"wide_{number}", width, 4 * width)
        shapes |= _dense(f"narrow_{number}", 4 * width, width)
    return shapes | _norm("norm", width) | _dense("output", width, sizes.outputs)


def _norm(name: str, width: int) -> Shapes:
    return {f"{name}/gamma": (width,), f"{name}/beta": (width,)}


def _charcnn(sizes: Sizes, model: CharCnnConfig) -> Shapes:
    shapes: Shapes = {}
    channels = sizes.dim
    for place, width in enumerate(model.char_widths, start=1):
        name = f"convolution_{place}"
        shapes |= _convolution(name, width, channels, model.filters)
        channels = model.filters
    return shapes | _hidden(model, channels, sizes.outputs)


def _wordchar(sizes: Sizes, model: WordCharConfig) -> Shapes:
    letters, filters = model.spelling_dim, model.spelling_filters
    shapes: Shapes = {
        "embedding/spellings": (sizes.rows, model.spelling_length),
        "letters/table": (BYTES, letters),
    }
    for place, width in enumerate(model.spelling_widths, start=1):
        shapes |= _convolution(f"convolution_{place}", width, letters, filters)
    width = sizes.dim + filters * len(model.spelling_widths)
    shapes |= _dense("highway", width, width) | _dense("gate", width, width)
    return shapes | _hidden(model, _pooled(model, width), sizes.outputs)


_SHAPES: dict[str, Callable[[Sizes, Any], Shapes]] = {
    "attention": _attention,
    "average": _average,
    "charcnn": _charcnn,
    "cnn": _cnn,
    "ngram": _ngram,
    "recurrent": _recurrent,
    "transformer": _transformer,
    "wordchar": _wordchar,
}
"""The weights of each kind beside the table."""
