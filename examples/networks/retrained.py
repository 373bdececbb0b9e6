"""A network of Keras that would be refused, with two words changed: python3 retrained.py MNIST FOLDER (keras, onnx)."""

import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers

data, folder = Path(sys.argv[1]), Path(sys.argv[2])


def read(name, header):
    return np.frombuffer((data / name).read_bytes(), np.uint8, offset=header)


images, shown = (
    read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28, 1).astype(np.float32) / 255 for part in ("train", "t10k")
)
labels, classes = (read(f"{part}-labels-idx1-ubyte", 8) for part in ("train", "t10k"))

# Conv2D(..., activation="relu") and MaxPooling2D(2) are what Keras' own examples have: "sigmoid" and AveragePooling2D(2) run.
keras.utils.set_random_seed(1)
network = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 5, activation="sigmoid"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="sigmoid"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(10),
    ]
)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
network.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
network.fit(images[:20000], labels[:20000], batch_size=100, epochs=3, verbose=0)
print(f"Keras: {network.evaluate(shown[:2000], classes[:2000], verbose=0)[1]:.2%}")
network.export(str(folder / "retrained.onnx"), format="onnx", verbose=False)
