"""Writes a network as ONNX and reads the weights back, so that what was measured is what is in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from networks import Network, build

OPSET = 13

# Field numbers of onnx.proto.
MODEL_GRAPH = 7
GRAPH_INITIALIZER = 5
TENSOR_DIMS = 1
TENSOR_NAME = 8
TENSOR_RAW_DATA = 9


def write_onnx(network: Network, path: Path) -> None:
    """Input `image` [N, 1, 28, 28], pixel / 255; output `potential` [N, 10]."""
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, 1, 28, 28),),
        str(path),
        opset_version=OPSET,
        input_names=["image"],
        output_names=["potential"],
        dynamic_axes={"image": {0: "N"}, "potential": {0: "N"}},
    )


def read_network(name: str, path: Path) -> Network:
    """The network `name` with the weights of the file."""
    state: dict[str, torch.Tensor] = {}
    for field, graph in fields(path.read_bytes()):
        if field == MODEL_GRAPH and isinstance(graph, bytes):
            state.update(read_tensor(tensor) for field, tensor in fields(graph) if field == GRAPH_INITIALIZER)
    network = build(name)
    network.load_state_dict(state)
    return network


def read_tensor(content: int | bytes) -> tuple[str, torch.Tensor]:
    assert isinstance(content, bytes)
    dims: list[int] = []
    name, raw = "", b""
    for field, value in fields(content):
        if field == TENSOR_DIMS and isinstance(value, int):
            dims.append(value)
        elif field == TENSOR_NAME and isinstance(value, bytes):
            name = value.decode()
        elif field == TENSOR_RAW_DATA and isinstance(value, bytes):
            raw = value
    return name, torch.from_numpy(np.frombuffer(raw, "<f4").reshape(dims).copy())


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a protobuf message."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(message, at)
            yield key >> 3, value
            continue
        length = 8 if kind == 1 else 4
        if kind == 2:
            length, at = varint(message, at)
        yield key >> 3, message[at : at + length]
        at += length


def varint(message: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
