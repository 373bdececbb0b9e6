"""The same Bernoulli network in PyTorch: argv: weights.json pixels.bin images time_steps; prints JSON of the fastest setting."""
import json, os, sys, time
import numpy as np
import torch

weights_file, pixels_file, images, steps = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
layers = json.load(open(weights_file))
pixels = torch.from_numpy(np.fromfile(pixels_file, dtype=np.uint8)[: images * 784].reshape(images, 1, 28, 28).astype(np.float32) / 255)
for layer in layers:
    layer["w"] = torch.tensor(layer["weights"], dtype=torch.float32).reshape(layer["shape"])
    layer["b"] = torch.tensor(layer["bias"], dtype=torch.float32)


def run(batch):
    answers = []
    for start in range(0, images, batch):
        block = pixels[start : start + batch]
        scores = torch.zeros(len(block), 10)
        for _ in range(steps):
            x = torch.bernoulli(block)
            for index, layer in enumerate(layers):
                if layer["kind"] == "dense":
                    z = torch.nn.functional.linear(x.flatten(1), layer["w"], layer["b"])
                else:
                    z = torch.nn.functional.conv2d(x, layer["w"], layer["b"])
                if index == len(layers) - 1:
                    scores += z
                else:
                    x = torch.bernoulli(torch.sigmoid(z))
                    if layer["pool"]:
                        x = torch.nn.functional.avg_pool2d(x, 2)
        answers.append(scores.argmax(1))
    return torch.cat(answers)


best = None
with torch.inference_mode():
    for threads in sorted({1, os.cpu_count()}):
        torch.set_num_threads(threads)
        for batch in (100, 500, 2000):
            run(batch)
            start = time.perf_counter()
            answers = run(batch)
            seconds = time.perf_counter() - start
            if best is None or seconds < best["seconds"]:
                best = {"seconds": seconds, "batch": batch, "threads": threads, "answers": answers.tolist()}
print(json.dumps({**best, "torch": torch.__version__}))
