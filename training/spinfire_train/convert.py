"""A network with ReLU, max pools and batch norms turned into one of stochastic neurons, by fine-tuning.

1. The ONNX file becomes a torch graph (onnx2torch). Every activation becomes a layer of neurons, every max pool an average
   pool: a stochastic MTJ neuron computes a sigmoid, and a pool of spikes counts them.
2. A batch norm in front of every layer of neurons sets its potentials where the neuron tells them apart. It starts with the means and spreads that
   the network's own activations have on the training images, so that a neuron spikes about as often as its activation is near its largest value.
3. The network is tuned with spikes in the loop and the original as a teacher (Hinton et al., arXiv:1503.02531).

What it costs is measured: before, after the exchange, after the tuning.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .data import Data, unit
from .errors import TrainingError
from .neuron import Mode, Neuron, NormedNeuron, Physics, set_neurons
from .quantise import WEIGHTED
from .recipe import Recipe
from .run import float_accuracy, spike_accuracy
from .train import Say, train

ACTIVATIONS = (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Hardtanh, nn.Hardswish, nn.Hardsigmoid, nn.Softplus, nn.Sigmoid, nn.Tanh, nn.PReLU)
CALIBRATION = 1000


def convert(model: Path, teacher: nn.Module, data: Data, held: Data, recipe: Recipe, physics: Physics, device: torch.device, say: Say) -> tuple[nn.Module, dict[str, Any]]:
    """The tuned network, batch norms folded, and what was measured on the way (percent right); `teacher` is the network of the file `model`."""
    torch.manual_seed(recipe.seed)
    check_shape(teacher, tuple(data.images.shape[1:]), model)
    original = float_accuracy(teacher, held)
    say(f"{model.name}: {original:.2f} % as it came")
    student, changes = exchange(teacher)
    if not changes:
        raise TrainingError(f"{model}: no activation found", "spinfire builds linear and sigmoid networks as they are")
    for change in changes:
        say(change)
    calibrate(student, data.first(CALIBRATION))
    swapped = spike_accuracy(student, held, physics, recipe.encoding, (4,), 1)[4]
    say(f"{swapped:.2f} % at T=4 with neurons put in and nothing tuned")
    kept = train(student, data, recipe, physics, device, say, teacher)
    return kept, {"original": original, "exchanged": changes, "withoutTuning": swapped}


def read_onnx(model: Path) -> nn.Module:
    """The network of an ONNX file as a torch graph. TrainingError where it holds an operator that onnx2torch does not know."""
    try:
        import onnx
        from onnx2torch import convert as to_torch
    except ImportError as error:
        raise TrainingError("conversion needs onnx2torch", "pip install 'spinfire-train[convert]'") from error
    try:
        return with_plain_shapes(to_torch(plain_opset(without_allowzero(onnx.load(str(model)))))).eval()
    except FileNotFoundError as error:
        raise TrainingError(f"{model}: no such file", "name an ONNX file") from error
    except TrainingError:
        raise
    except Exception as error:  # onnx2torch raises many kinds; its words are handed on.
        raise TrainingError(f"{model}: {error}", "export the network again with simpler operators (opset 13 to 18)") from error


def without_allowzero(model: Any) -> Any:
    """PyTorch's exporter marks every Reshape with allowzero, which onnx2torch does not know; it says nothing where the shape holds no 0."""
    from onnx import numpy_helper

    shapes = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            shapes[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    for node in model.graph.node:
        if node.op_type == "Reshape" and node.input[1] in shapes and 0 not in shapes[node.input[1]].reshape(-1):
            for attribute in [a for a in node.attribute if a.name == "allowzero"]:
                node.attribute.remove(attribute)
    return model


# The newest operator set that onnx2torch knows. Later ones add types and attributes to the operators of such networks and change no meaning.
NEWEST_OPSET = 18


def plain_opset(model: Any) -> Any:
    """A file of a later operator set declared as one of `NEWEST_OPSET`; refused where it uses an attribute that is newer."""
    for entry in model.opset_import:
        if entry.domain in ("", "ai.onnx") and entry.version > NEWEST_OPSET:
            entry.version = NEWEST_OPSET
    for node in model.graph.node:
        for attribute in node.attribute:
            if node.op_type == "AveragePool" and attribute.name == "dilations" and any(d != 1 for d in attribute.ints):
                raise TrainingError(f"{node.name}: an average pool with dilation", "give it none: windows that meet, as 2 x 2")
    return model


class Reshape(nn.Module):
    """Reshapes each image; the first dimension stays that of the batch."""

    def __init__(self, shape: list[int]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, values: Tensor) -> Tensor:
        return values.reshape(values.shape[0], *self.shape)


def with_plain_shapes(network: Any) -> nn.Module:
    """Reshapes to constant shapes as modules of their own: torch's exporter can't follow a shape that is a tensor."""
    for node in list(network.graph.nodes):
        if node.op != "call_module" or type(network.get_submodule(node.target)).__name__ != "OnnxReshape":
            continue
        source = node.args[1]
        if getattr(source, "op", "") != "get_attr":
            continue
        shape = [int(n) for n in find_tensor(network, source.target).reshape(-1)]
        parent, _, last = node.target.rpartition(".")
        setattr(network.get_submodule(parent) if parent else network, last, Reshape(shape[1:]))
        node.args = (node.args[0],)
    network.graph.eliminate_dead_code()
    network.recompile()
    return network


def find_tensor(network: nn.Module, target: str) -> Tensor:
    parent, _, last = target.rpartition(".")
    return getattr(network.get_submodule(parent) if parent else network, last)


def is_of_series(network: nn.Module) -> bool:
    """Whether a network's first layer with weights is a convolution over one dimension."""
    weighted = (m for m in network.modules() if isinstance(m, WEIGHTED))
    return isinstance(next(weighted, None), nn.Conv1d)


def check_shape(network: nn.Module, shape: tuple[int, ...], model: Path) -> None:
    try:
        with torch.no_grad():
            out = network(torch.zeros(1, *shape))
    except Exception as error:
        raise TrainingError(f"{model} does not take images of {shape}: {error}", "name images of the shape that it was trained on") from error
    if not isinstance(out, Tensor) or out.dim() != 2:
        raise TrainingError(f"{model}: its output is no vector of classes", "cut it behind its last dense layer")


def exchange(teacher: nn.Module) -> tuple[nn.Module, list[str]]:
    """A copy whose activations are neurons behind batch norms, and whose max pools are average pools; and a line for each change."""
    student = copy.deepcopy(teacher)
    changes: list[str] = []
    for name, module in list(student.named_modules()):
        new: nn.Module | None = None
        if isinstance(module, ACTIVATIONS) or type(module).__name__ in ("OnnxSoftplusV1", "OnnxHardSigmoid"):
            new = NormedNeuron()
            changes.append(f"{name}: {type(module).__name__} -> neurons")
        elif isinstance(module, (nn.MaxPool2d, nn.MaxPool1d)):
            new = average_of(module)
            changes.append(f"{name}: {type(module).__name__} -> average pool")
        if new is not None:
            parent, _, last = name.rpartition(".")
            setattr(student.get_submodule(parent) if parent else student, last, new)
    return student, changes


def with_neurons(network: nn.Module) -> nn.Module:
    """The network of a file for stochastic neurons: its sigmoids become neurons. TrainingError where other activations or max pools are left."""
    for name, module in list(network.named_modules()):
        if isinstance(module, nn.Sigmoid):
            parent, _, last = name.rpartition(".")
            setattr(network.get_submodule(parent) if parent else network, last, Neuron())
        elif isinstance(module, (*ACTIVATIONS, nn.MaxPool2d, nn.MaxPool1d)):
            raise TrainingError(f"{name}: {type(module).__name__}", "a stochastic neuron computes a sigmoid; `spinfire-train convert` turns such a network into one that runs")
    return network


def average_of(pool: nn.MaxPool2d | nn.MaxPool1d) -> nn.Module:
    if any(d != 1 for d in numbers(pool.dilation)) or any(p != 0 for p in numbers(pool.padding)):
        raise TrainingError("a max pool with padding or dilation", "give it none: windows that meet, as 2 x 2")
    kind = nn.AvgPool2d if isinstance(pool, nn.MaxPool2d) else nn.AvgPool1d
    return kind(pool.kernel_size, pool.stride, ceil_mode=pool.ceil_mode)


def numbers(value: Any) -> list[int]:
    return [int(v) for v in value] if isinstance(value, (tuple, list)) else [int(value)]


@torch.no_grad()
def calibrate(network: nn.Module, data: Data) -> None:
    """Makes the batch norms and sets their running means and spreads to those of the images, layer after layer."""
    set_neurons(network.eval(), Mode.FLOAT)
    images = unit(data.images)
    network(images[:2])
    norms = [m.norm for m in network.modules() if isinstance(m, NormedNeuron)]
    for norm in norms:
        handle = norm.register_forward_pre_hook(measured)
        network(images)
        handle.remove()


def measured(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    across = [0, *range(2, inputs[0].dim())]
    norm.running_mean.copy_(inputs[0].mean(across))
    norm.running_var.copy_(inputs[0].var(across).clamp_min(1e-6))
