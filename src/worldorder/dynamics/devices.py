"""How JAX uses this machine. Called by entry points before the first array is made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import jax
from platformdirs import user_cache_path

from worldorder.errors import InputError

FLAGS: Final = (
    "--xla_cpu_multi_thread_eigen=false",
    # sums over two hundred states need no tree; its many small passes cost time and nothing is won
    "--xla_disable_hlo_passes=tree_reduction_rewriter",
    "--xla_cpu_prefer_vector_width=512",  # no wider than the processor has
)


def cache_folder() -> Path:
    """Where compiled steps are kept between sessions (WORLDORDER_CACHE overrides)."""
    chosen = os.environ.get("WORLDORDER_CACHE")
    return Path(chosen) if chosen else user_cache_path("worldorder")


def available_workers() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def configure(workers: int | None = None) -> None:
    """Let JAX use so many processors, and keep compiled steps in a folder.

    Where JAX has started already, the number of workers stays as it is. The figures do not depend
    on it: one worker takes the shares of two devices in turn, since a program for one device is
    another program and rounds differently.

    Raises:
        InputError: fewer than one worker.
    """
    used = available_workers() if workers is None else workers
    if used < 1:
        raise InputError(f"cannot work on {used} processors", "Give 1 or more, or leave it out.")
    os.environ.setdefault("XLA_FLAGS", " ".join(FLAGS))
    os.environ.setdefault("PJRT_NPROC", str(used))
    try:
        jax.config.update("jax_num_cpu_devices", max(used, 2))
    except RuntimeError:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
