"""A figure as an SVG element that can stand inside a page: named, quiet and self-contained."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Final

from worldorder.plots.style import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def svg(figure: Figure, name: str, title: str, description: str) -> str:
    """SVG of a figure with a title and a description for those who do not see it.

    `name` is unique in the page: it sets apart the ids inside. Nothing outside the page is
    referred to.
    """
    buffer = io.StringIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    text = buffer.getvalue()
    body = text[text.index(">", text.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = body.replace("url(#", f"url(#{name}-").replace('xlink:href="#', f'href="#{name}-')
    body = body.replace("xlink:href", "href")
    box = re.search(r'viewBox="([^"]+)"', text)
    return (
        f'<svg viewBox="{box.group(1) if box else "0 0 1 1"}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(description)}</desc>{body}'
    )
