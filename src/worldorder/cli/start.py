"""What every command that simulates does first."""

from __future__ import annotations


def start(workers: int | None = None) -> None:
    """Let JAX use so many processors, and keep compiled programs between sessions.

    To be called before the first array is made.
    """
    from worldorder.dynamics.devices import configure
    from worldorder.dynamics.programs import use_store

    configure(workers)
    use_store()
