"""Speed of the ensemble and of the first table: run-years a second, seconds cold and warm, memory.

Each figure is measured in a process of its own, so that one does not warm the next. Run it with
`make bench`; a table of past figures stands in docs/performance.md.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time

YEARS = 20
FIRST_TABLE = ("run", "withdrawal-2026", "--runs", "16", "--quiet")

ENSEMBLE = """
import json, resource, sys, time
from worldorder.dynamics.devices import configure
configure()
from worldorder.dynamics.ensemble import chunk_starts, run_chunk
from worldorder.results.run import prepare
from worldorder.scenarios import load_scenario
runs = int(sys.argv[1])
ensemble = prepare(load_scenario("withdrawal-2026"), runs, seed=1).ensemble
run_chunk(ensemble, 0)
begin = time.perf_counter()
for first in chunk_starts(runs):
    run_chunk(ensemble, first)
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mib": peak}))
"""


def _ensemble(runs: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", ENSEMBLE, str(runs)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _first_table(cache: str) -> float:
    out = tempfile.mkdtemp()
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "worldorder", *FIRST_TABLE, "--out", out],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "WORLDORDER_CACHE": cache},
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - begin
        process.stdout.read()
    shutil.rmtree(out)
    return seconds


def main() -> None:
    """Measure and print."""
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as cache:
        print(f"first table of 16 pairs, cold  {_first_table(cache):8.2f} s")
        for _ in range(3):
            print(f"first table of 16 pairs, warm  {_first_table(cache):8.2f} s")
    for runs in (1, 16, 256, 1024):
        figures = _ensemble(runs)
        rate = runs * YEARS / figures["seconds"]
        print(
            f"{runs:5d} runs  {figures['seconds']:8.2f} s  {rate:8.0f} run-years/s  "
            f"{1000 * figures['seconds'] / runs:7.2f} ms a run  {figures['peak_mib']:6.0f} MiB"
        )


if __name__ == "__main__":
    main()
