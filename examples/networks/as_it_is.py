"""A network of scikit-learn that runs as it is: python3 as_it_is.py FOLDER (scikit-learn, skl2onnx)."""

import sys
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

digits = load_digits()  # 1,797 images of 8 x 8, numbers from 0 to 16
images, shown, labels, classes = train_test_split(digits.data / 16, digits.target, test_size=500, random_state=1)

# "logistic" is the sigmoid; relu, the default, would be refused.
network = MLPClassifier((48, 24), activation="logistic", alpha=1e-3, max_iter=800, random_state=1).fit(images, labels)
print(f"scikit-learn: {network.score(shown, classes):.2%}")

folder = Path(sys.argv[1])
np.save(folder / "shown.npy", np.round(shown * 16).astype(np.uint8))
np.save(folder / "classes.npy", classes.astype(np.uint8))
(folder / "as_it_is.onnx").write_bytes(
    to_onnx(network, images[:1].astype(np.float32), options={"zipmap": False}).SerializeToString()
)
