"""The same free layer under a thermal field and a damping-like torque in cmtj (C++), its stochastic Heun solver.

Argument: steps. Prints JSON: steps, seconds.
"""
import json
import math
import sys
import time

import cmtj
from cmtj import CVector, Junction, Layer, ScalarDriver, SolverMode

steps = int(sys.argv[1])
step = 0.5e-12


def run(mode, count):
    layer = Layer.createSOTLayer(
        id="free",
        mag=CVector(-1, 1e-3, 0),
        anis=CVector(1, 0, 0),
        Ms=1.2566,
        thickness=1.2e-9,
        cellSurface=math.pi / 4 * 100e-9 * 40e-9,
        demagTensor=[CVector(0.0141, 0, 0), CVector(0, 0.0511, 0), CVector(0, 0, 0.9348)],
        damping=0.0122,
        fieldLikeTorque=0,
        dampingLikeTorque=20000,
    )
    layer.setReferenceLayer(CVector(1, 0, 0))
    layer.setTemperatureDriver(ScalarDriver.getConstantDriver(300))
    junction = Junction([layer])
    total = count * step
    start = time.perf_counter()
    # One log entry only: logging is not what we compare.
    junction.runSimulation(total, step, total, False, False, mode)
    return time.perf_counter() - start


results = {}
for name, mode in (("Heun", SolverMode.Heun), ("EulerHeun", SolverMode.EulerHeun)):
    run(mode, steps // 10)
    results[name] = steps / run(mode, steps)
best = max(results, key=results.get)
print(json.dumps({"rates": results, "best": best, "version": getattr(cmtj, "__version__", "")}))
