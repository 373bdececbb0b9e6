"""The trained network as ONNX: convolutions, sigmoids, pools, dense layers; weights inside the file."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import tempfile
import warnings
from pathlib import Path

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
        os.chmod(name, 0o644)
        os.replace(name, path)
    finally:
        if os.path.exists(name):
            os.unlink(name)
