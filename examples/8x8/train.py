"""Trains a perceptron on 8x8 digits and writes digits-8x8.onnx and images.csv (needs scikit-learn and skl2onnx)."""
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

folder = Path(__file__).parent
digits = load_digits()
pixels = digits.data.astype(np.float32) / 16
train, test, train_labels, test_labels = train_test_split(
    pixels, digits.target, test_size=500, random_state=1, stratify=digits.target
)
# Grey pixels come as spikes later: half of that noise is in the training.
random = np.random.default_rng(1)
noisy = [(random.random(train.shape) < train).astype(np.float32) * 0.5 + 0.5 * train for _ in range(6)]
model = MLPClassifier((48,), activation="logistic", alpha=3e-4, learning_rate_init=3e-3, max_iter=60, random_state=1)
model.fit(np.concatenate([train, *noisy]), np.concatenate([train_labels] * 7))
print(f"right: {100 * model.score(test, test_labels):.1f} % of {len(test)}")
onnx = to_onnx(model, train[:1], options={"zipmap": False}, target_opset=13)
(folder / "digits-8x8.onnx").write_bytes(onnx.SerializeToString())
with (folder / "images.csv").open("w") as file:
    file.write(",".join([*(f"p{i}" for i in range(64)), "label"]) + "\n")
    for image, label in zip(test, test_labels):
        file.write(",".join([*(str(int(16 * value)) for value in image), str(label)]) + "\n")
