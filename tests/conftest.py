"""Test run set-up: shapes in signatures are checked, compiled steps are kept between runs."""

import jax
from jaxtyping import install_import_hook

from worldorder.dynamics.devices import cache_folder

install_import_hook("worldorder.mechanisms", "beartype.beartype")
jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "compiled"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
