"""Images and labels: IDX, .npy, .npz, CSV of numbers, CIFAR's binary batches, folders of pictures, a folder for each class."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
import torch
from torch import Tensor

from .errors import TrainingError

IDX_TYPES = {0x08: np.uint8, 0x09: np.int8, 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
PICTURES = {".png", ".jpg", ".jpeg"}
CIFAR_RECORD = 1 + 3 * 32 * 32


@dataclass(frozen=True)
class Data:
    """images: [N, C, H, W] or [N, values], uint8 (0 black, 255 full) or float; labels: [N], whole numbers from 0."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> int:
        return int(self.labels.max()) + 1

    def first(self, count: int) -> Data:
        return Data(self.images[:count], self.labels[:count])

    def as_series(self) -> Data:
        """Grey images of [N, 1, channels, places] as series of [N, channels, places]; others as they are."""
        is_grey = self.images.dim() == 4 and self.images.shape[1] == 1
        return Data(self.images[:, 0], self.labels) if is_grey else self

    def split(self, held_out: int) -> tuple[Data, Data]:
        """All but the last `held_out`, and those."""
        cut = len(self) - held_out
        return self.first(cut), Data(self.images[cut:], self.labels[cut:])


def read_data(images: Path, labels: Optional[Path] = None) -> Data:
    """Reads one data set. `labels` is for IDX and .npy; the other kinds hold their labels."""
    if images.is_dir():
        return read_pictures(images)
    if not images.exists():
        raise TrainingError(f"{images}: no such file", "name a file or a folder of images")
    name = images.name[:-3] if images.name.endswith(".gz") else images.name
    if name.endswith(".npz"):
        return read_npz(images)
    if name.endswith(".csv"):
        return read_csv(images)
    if name.endswith(".bin"):
        return read_cifar(images)
    pixels = np.load(images) if name.endswith(".npy") else read_idx(images)
    if labels is None:
        raise TrainingError(f"{images} holds no labels", "name the file of labels as well: --labels FILE")
    classes = np.load(labels) if labels.name.endswith(".npy") else read_idx(labels)
    return as_data(pixels, classes, images)


def as_data(pixels: np.ndarray, classes: np.ndarray, path: Path) -> Data:
    if len(pixels) != len(classes) or len(pixels) == 0:
        raise TrainingError(f"{path}: {len(pixels)} images, {len(classes)} labels", "each image needs one label")
    if pixels.ndim == 3:
        pixels = pixels[:, None]
    elif pixels.ndim == 4 and pixels.shape[-1] in (1, 3) and pixels.shape[1] not in (1, 3):
        pixels = pixels.transpose(0, 3, 1, 2)
    if pixels.dtype != np.uint8:
        pixels = pixels.astype(np.float32)
    return Data(torch.from_numpy(np.ascontiguousarray(pixels)), torch.from_numpy(classes.astype(np.int64).reshape(-1)))


def content(path: Path) -> bytes:
    with (gzip.open(path) if path.name.endswith(".gz") else path.open("rb")) as file:
        return file.read()


def read_idx(path: Path) -> np.ndarray:
    raw = content(path)
    kind = IDX_TYPES.get(raw[2]) if len(raw) > 4 and raw[:2] == b"\0\0" else None
    if kind is None:
        raise TrainingError(f"{path} is not an IDX file", "known are IDX, .npy, .npz, .csv, CIFAR's .bin and folders of PNG or JPEG")
    rank = raw[3]
    shape = struct.unpack(f">{rank}I", raw[4 : 4 + 4 * rank])
    values = np.frombuffer(raw, kind, offset=4 + 4 * rank)
    if values.size != int(np.prod(shape)):
        raise TrainingError(f"{path}: {values.size} values, its header says {shape}", "the file is cut or has more behind it")
    return values.reshape(shape).astype(np.dtype(kind).newbyteorder("="))


def read_npz(path: Path) -> Data:
    with np.load(path) as arrays:
        names = set(arrays.files)
        for images, labels in (("images", "labels"), ("x", "y"), ("X", "y"), ("data", "target")):
            if {images, labels} <= names:
                return as_data(arrays[images], arrays[labels], path)
    raise TrainingError(f"{path}: arrays {sorted(names)}", "name them images and labels (or x and y)")


def read_csv(path: Path) -> Data:
    """A vector a line; a header with a column `label` or `class`, or the class in the first column."""
    lines = content(path).decode("utf-8-sig").splitlines()
    header = lines[0].split(",")
    named = not header[0].replace(".", "").replace("-", "").isdigit()
    column = next((i for i, name in enumerate(header) if name.strip().strip('"').lower() in ("label", "class", "target")), 0) if named else 0
    try:
        table = np.array([[float(v) for v in line.split(",")] for line in lines[1 if named else 0 :] if line.strip()], np.float32)
    except ValueError as error:
        raise TrainingError(f"{path}: {error}", "every line needs the same number of numbers") from error
    return as_data(np.delete(table, column, 1), table[:, column], path)


def read_cifar(path: Path) -> Data:
    raw = np.frombuffer(content(path), np.uint8)
    if raw.size == 0 or raw.size % CIFAR_RECORD:
        raise TrainingError(f"{path}: {raw.size} bytes", f"CIFAR-10's binary batches have {CIFAR_RECORD} bytes an image")
    records = raw.reshape(-1, CIFAR_RECORD)
    return as_data(records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0], path)


def read_pictures(folder: Path) -> Data:
    try:
        from PIL import Image
    except ImportError as error:
        raise TrainingError("pictures need Pillow", "pip install 'spinfire-train[pictures]'") from error
    classes = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    pixels, labels = [], []
    for index, entry in enumerate(classes):
        for file in sorted(f for f in entry.iterdir() if f.suffix.lower() in PICTURES):
            with Image.open(file) as picture:
                pixels.append(np.asarray(picture if picture.mode in ("L", "RGB") else picture.convert("RGB")))
            labels.append(index)
    if not pixels:
        raise TrainingError(f"{folder}: no pictures", "put PNG or JPEG files into a folder for each class")
    shapes = {p.shape for p in pixels}
    if len(shapes) > 1:
        raise TrainingError(f"{folder}: pictures of {sorted(shapes)}", "all pictures need one size and one colour space")
    return as_data(np.stack(pixels), np.array(labels), folder)


class Batches:
    """Random batches on a device, scaled to the network's input and moved a little: `shift` pixels at most, mirrored by `flip`."""

    def __init__(self, data: Data, size: int, shift: int, flip: bool, device: torch.device) -> None:
        self.size, self.shift, self.flip = size, shift, flip
        self.images, self.labels = data.images.to(device), data.labels.to(device)

    def __len__(self) -> int:
        return max(1, len(self.labels) // self.size)

    def __iter__(self):
        order = torch.randperm(len(self.labels), device=self.labels.device)
        for index in range(len(self)):
            chosen = order[index * self.size : (index + 1) * self.size]
            yield moved(unit(self.images[chosen]), self.shift, self.flip), self.labels[chosen]


def unit(images: Tensor) -> Tensor:
    """Bytes as 0..1; other numbers stay what they are."""
    return images.float() / 255 if images.dtype == torch.uint8 else images


def moved(images: Tensor, shift: int, flip: bool) -> Tensor:
    """Each image moved by its own number of pixels, what moves in being 0, and mirrored with a chance of one half."""
    if images.dim() != 4:
        return images
    count, channels, height, width = images.shape
    device = images.device
    if flip:
        images = torch.where(torch.rand(count, 1, 1, 1, device=device) < 0.5, images.flip(3), images)
    if shift == 0:
        return images
    wide = torch.nn.functional.pad(images, [shift] * 4)
    down = torch.randint(0, 2 * shift + 1, (count, 1), device=device) + torch.arange(height, device=device)
    across = torch.randint(0, 2 * shift + 1, (count, 1), device=device) + torch.arange(width, device=device)
    item = torch.arange(count, device=device)[:, None, None, None]
    channel = torch.arange(channels, device=device)[None, :, None, None]
    return wide[item, channel, down[:, None, :, None], across[:, None, None, :]]
