"""Pages filled in: one way to render a template, with the house's style inside the page."""

from __future__ import annotations

from importlib import resources
from typing import Any

from worldorder import __version__


def rendered(template: str, **content: Any) -> str:
    """A shipped template as HTML; the page loads nothing from elsewhere."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_keep_together,
        loader=FunctionLoader(_shipped),
    )
    page = environment.get_template(template)
    return page.render(style=_shipped("style.css"), version=__version__, **content)


def _shipped(name: str) -> str:
    return resources.files("worldorder.report").joinpath(name).read_text("utf-8")


def _keep_together(value: object) -> object:
    """A number and its per cent sign do not part at the end of a line."""
    return value.replace(" %", "\u00a0%") if isinstance(value, str) else value
