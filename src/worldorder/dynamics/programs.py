"""Compiled programs kept between sessions: a second start neither traces nor compiles.

JAX keeps compiled code too, but has to trace and lower a program before it finds it again, which
takes longer than a small ensemble runs. Here a program is found by the package's own source, the
versions, the machine and the shapes of its arguments.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pickle
import platform
import threading
from collections.abc import Callable, Generator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import jax
from jax.experimental import serialize_executable

import worldorder
from worldorder.dynamics.devices import cache_folder

MOST_KEPT: Final = 24  # of about 2 MB each

Program = Callable[..., dict[str, jax.Array]]

_PROGRAMS: Final[dict[Path, Program]] = {}  # of this process
_EARLY: Final[list[threading.Thread]] = []  # loading ahead of need; empty: no store is used


@functools.cache
def _folder() -> Path:
    """Where the programs of this source, these versions and this machine are kept.

    What another source made must not even be read: its records have other fields.
    """
    digest = hashlib.sha256()
    for file in sorted(Path(worldorder.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    machine = (*platform.uname(), os.environ.get("XLA_FLAGS"), len(jax.local_devices()))
    digest.update(repr((jax.__version__, version("jaxlib"), machine)).encode())
    return cache_folder() / "programs" / digest.hexdigest()[:16]


def _file(name: str, arguments: tuple[Any, ...]) -> Path:
    leaves, tree = jax.tree.flatten(arguments)
    shapes = [(leaf.shape, str(leaf.dtype), getattr(leaf, "weak_type", False)) for leaf in leaves]
    digest = hashlib.sha256(repr((name, str(tree), shapes)).encode()).hexdigest()[:16]
    return _folder() / f"{digest}.pickle"


def _load(file: Path) -> Program:
    program = serialize_executable.deserialize_and_load(*pickle.loads(file.read_bytes()))
    file.touch()  # the longest unused is dropped first
    return program


def _by_age(folder: Path) -> list[Path]:
    """The programs kept under a folder, the longest unused first."""
    return sorted(folder.rglob("*.pickle"), key=lambda kept: kept.stat().st_mtime)


def use_store() -> None:
    """Keep programs between sessions from now on, and begin to load the one that was used last.

    For commands: a program that has been changed in a session, as tests and notebooks do, must not
    be found in the store. The next run is often one of the last one's shapes. A second call in a
    session changes nothing.
    """
    if _EARLY:
        return

    def load() -> None:
        with contextlib.suppress(Exception):  # as in `_stored`; then it is loaded when it is needed
            latest = _by_age(_folder())[-1]
            _PROGRAMS[latest] = _load(latest)

    _EARLY.append(threading.Thread(target=load))  # a daemon would be cut off at an early end
    _EARLY[0].start()


@contextlib.contextmanager
def _not_kept_by_jax() -> Generator[None]:
    """Code that JAX has read from its own store cannot be stored again: it must not be there."""
    option = "jax_persistent_cache_min_compile_time_secs"
    usual = getattr(jax.config, option)
    jax.config.update(option, float("inf"))
    try:
        yield
    finally:
        jax.config.update(option, usual)


def _keep(file: Path, program: jax.stages.Compiled) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(f".{os.getpid()}")
    written.write_bytes(pickle.dumps(serialize_executable.serialize(program)))
    written.replace(file)
    for old in _by_age(_folder().parent)[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


def program(name: str | None, function: Any, arguments: tuple[Any, ...]) -> Program:
    """The jitted `function`, compiled for `arguments` or, where the store is in use, found again.

    A store that cannot be read or written costs time and nothing else.

    Args:
        name: what `function` depends on besides the source of this package; None where that
            cannot be told.
        function: a jitted function, which returns a dict.
        arguments: those of this call.
    """
    if name is None or not _EARLY:
        return function
    file = _file(name, arguments)
    _EARLY[0].join()
    if file not in _PROGRAMS:
        _PROGRAMS[file] = _stored(file) or _compiled(file, function, arguments)
    return _PROGRAMS[file]


def _stored(file: Path) -> Program | None:
    with contextlib.suppress(Exception):  # unpickling and XLA each raise their own kinds
        return _load(file)
    return None


def _compiled(file: Path, function: Any, arguments: tuple[Any, ...]) -> Program:
    def kept_program(*given: Any) -> Any:  # its name sets it apart from `function` in JAX's store
        return function(*given)

    with _not_kept_by_jax():
        compiled = jax.jit(kept_program).lower(*arguments).compile()
    with contextlib.suppress(OSError):
        _keep(file, compiled)
    return compiled
