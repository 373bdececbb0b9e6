"""A network of PyTorch with ReLU and max pools, which is refused until it is converted: python3 relu.py MNIST FOLDER (torch, onnxscript)."""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

data, folder = Path(sys.argv[1]), Path(sys.argv[2])


def read(name, header):
    return np.frombuffer((data / name).read_bytes(), np.uint8, offset=header)


images = read("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)[:20000]
images = torch.from_numpy(images.astype(np.float32) / 255)
labels = torch.from_numpy(read("train-labels-idx1-ubyte", 8)[:20000].astype(np.int64))

torch.manual_seed(1)
network = nn.Sequential(
    *(nn.Conv2d(1, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(12, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Flatten(), nn.Linear(24 * 7 * 7, 10)),
)
optimiser = torch.optim.Adam(network.parameters(), 0.003)
for epoch in range(2):
    for batch in torch.randperm(len(images)).split(100):
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(images[batch]), labels[batch]).backward()
        optimiser.step()
network.eval()
torch.onnx.export(network, (images[:1],), folder / "relu.onnx", dynamo=True, verbose=False)
