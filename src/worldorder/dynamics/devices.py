"""How JAX uses this machine. Called by entry points before the first array is made."""

from __future__ import annotations

import os
from pathlib import Path

import jax
from platformdirs import user_cache_path


def cache_folder() -> Path:
    """Where compiled steps are kept between sessions (WORLDORDER_CACHE overrides)."""
    chosen = os.environ.get("WORLDORDER_CACHE")
    return Path(chosen) if chosen else user_cache_path("worldorder")


def available_workers() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def configure(workers: int | None = None) -> None:
    """Give JAX one host device a worker and a folder for compiled steps.

    Where JAX has started already, the number of devices stays as it is. The results do not depend
    on it.
    """
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    try:
        jax.config.update("jax_num_cpu_devices", workers or available_workers())
    except RuntimeError:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
