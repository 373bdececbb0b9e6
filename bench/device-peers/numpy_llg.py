"""The same device and equation in straightforward NumPy: all trials of one current side by side.

Arguments: trials, current in A, seed. Prints JSON: trajectory steps, seconds, switching probability.
"""
import json
import sys
import time

import numpy as np

trials, current, seed = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(seed)

k_b, q, mu_b, mu_0 = 1.380649e-23, 1.602176634e-19, 9.2740100783e-24, 1.25663706212e-6
gamma = 1.76085963023e11 * mu_0
m_s, alpha, temperature, dt = 1e6, 0.0122, 300.0, 0.5e-12
length, width, thickness = 100e-9, 40e-9, 1.2e-9
volume = np.pi / 4 * length * width * thickness
h_k = 2 * 20 * k_b * 300 / (mu_0 * m_s * volume)
h_z = m_s * (0.934775 - 0.014083)
torque = 0.3 * (np.pi / 4 * length * width) / (100e-9 * 2e-9) * current * mu_b / (q * m_s * volume)
noise = np.sqrt(2 * alpha * k_b * temperature / (gamma * mu_0 * m_s * volume * dt))
stiffness = np.array([0.0, -h_k, -h_z])[:, None]
spin = np.array([1.0, 0.0, 0.0])[:, None]


def cross(a, b):
    return np.stack((a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]))


def slope(m, thermal, drive):
    w = gamma * (stiffness * m + thermal) + drive * cross(m, spin)
    p = cross(m, w)
    return -(p + alpha * cross(m, p)) / (1 + alpha**2)


def move(m, steps, drive):
    for _ in range(steps):
        thermal = noise * rng.standard_normal(m.shape)
        first = slope(m, thermal, drive)
        m = m + 0.5 * dt * (first + slope(m + dt * first, thermal, drive))
        m /= np.sqrt((m * m).sum(axis=0))
    return m


m = np.tile(np.array([-1.0, 1e-3, 0.0])[:, None], (1, trials))
# Three nanoseconds to reach equilibrium.
m = move(m, 6000, 0.0)
start = time.perf_counter()
m = move(m, 1000, torque * np.ones(trials))
m = move(m, 1500, 0.0)
seconds = time.perf_counter() - start
print(json.dumps({"steps": 2500 * trials, "seconds": seconds, "probability": float((m[0] > 0).mean()), "version": np.__version__}))
