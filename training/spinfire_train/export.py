"""The trained network as ONNX: convolutions, sigmoids, pools, dense layers; weights inside the file."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn

from .neuron import Mode, set_neurons
from .quantise import fold

OPSET = 18


def write_onnx(network: nn.Module, shape: tuple[int, ...], path: Path) -> None:
    """Input `image` [N, *shape], output `potential` [N, outputs]. The file appears whole or not at all."""
    ready = fold(network).cpu()
    set_neurons(ready, Mode.FLOAT)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".onnx", dir=path.parent)
    os.close(handle)
    try:
        # The exporter writes its steps to the standard output; they are nobody's business here.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.getLogger("torch.onnx").setLevel(logging.ERROR)
            torch.onnx.export(
                ready,
                (torch.zeros(2, *shape),),
                name,
                dynamo=True,
                external_data=False,
                opset_version=OPSET,
                input_names=["image"],
                output_names=["potential"],
                dynamic_shapes=({0: torch.export.Dim("N")},),
                verbose=False,
            )
        without_notes(name)
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        if os.path.exists(name):
            os.unlink(name)


def without_notes(name: str) -> None:
    """Removes what the exporter notes beside the network: the Python lines, with the folders of this machine, that each node comes from."""
    model = onnx.load(name)
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.ClearField("doc_string")
        # ONNX before 1.16 had none of these.
        if "metadata_props" in part.DESCRIPTOR.fields_by_name:
            part.ClearField("metadata_props")
    onnx.save(model, name)
