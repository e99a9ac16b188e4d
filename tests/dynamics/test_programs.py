"""Compiled programs kept between sessions: found again, and never trusted blindly."""

import subprocess
import sys

import pytest

FIND = """
import jax, jax.numpy as jnp
from worldorder.dynamics import programs
programs.use_store()
arguments = (jnp.arange({size}, dtype=jnp.float32),)
kept = programs.program("double", jax.jit(lambda x: {{"twice": 2 * x}}), arguments)
made = programs.program("double", jax.jit(lambda x: {{"twice": 3 * x}}), arguments)
print(float(kept(*arguments)["twice"].sum()), float(made(*arguments)["twice"].sum()))
"""


@pytest.fixture
def find(tmp_path, monkeypatch):
    """What a session of its own finds for arrays of a size, with a store in `tmp_path`."""
    monkeypatch.setenv("WORLDORDER_CACHE", str(tmp_path))

    def session(size=4, script=FIND):
        done = subprocess.run(
            [sys.executable, "-c", script.format(size=size)],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    return session


def test_a_program_is_found_by_its_name_and_shapes(find, tmp_path):
    assert find() == ["12.0", "12.0"]
    changed = FIND.replace("2 * x", "5 * x")
    assert find(script=changed) == ["12.0", "12.0"]
    assert find(script=changed, size=5) == ["50.0", "50.0"]
    assert len(list((tmp_path / "programs").rglob("*.pickle"))) == 2


JAX_FIRST = """
import jax, jax.numpy as jnp
from worldorder.dynamics import devices, programs
jax.config.update("jax_compilation_cache_dir", str(devices.cache_folder() / "compiled"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
double = jax.jit(lambda x: {{"twice": jnp.sort(jnp.sin(x) @ jnp.cos(x).T, axis=0)}})
arguments = (jnp.ones(({size}, 30)),)
if {store}:
    programs.use_store()
    double = programs.program("double", double, arguments)
print(float(double(*arguments)["twice"].sum()) > 0)
"""


def test_code_that_jax_has_in_its_own_store_is_not_stored_again(find):
    plain = JAX_FIRST.replace("{store}", "False")
    stored = JAX_FIRST.replace("{store}", "True")
    assert [find(script=script) for script in (plain, stored, stored)] == 3 * [["True"]]


def test_a_damaged_program_is_made_anew(find, tmp_path):
    find()
    (file,) = (tmp_path / "programs").rglob("*.pickle")
    file.write_bytes(file.read_bytes()[:100])
    assert find() == ["12.0", "12.0"]
