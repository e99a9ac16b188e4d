"""The page of terms: what each source asks of those who use its figures."""

from __future__ import annotations

from worldorder.data.sources import Source, sources

OWN = "worldorder"
HEAD = """# Terms of the data

The code is under Apache-2.0. The panel in `src/worldorder/data/built` holds figures derived from
the sources below; each keeps its publisher's terms. Cite the source of what you use: every cell
names it. No publisher's file is part of this project. `worldorder data sources` prints the terms
by variable; `worldorder data docs` writes this page.

What is marked "cite" is published for free use with citation, without a licence text that we
could read; of those, only derived state-year or dyad-year figures are shipped. V-Dem's index is
under CC BY-SA 4.0, and so is V-Party: the regime scores, the ideology of parties in office, and
what you derive from them, stay under it. Pew Research Center bears no responsibility for the
interpretations here.
"""


def source_entry(name: str, source: Source) -> str:
    """Publisher, citation and terms of a source, as Markdown."""
    return f"""
## {source.title}

- id: `{name}`, vintage {source.vintage}
- publisher: {source.publisher} ({source.address})
- cite: {source.citation}
- terms: {source.licence}
- shipped: {source.ships}
"""


def terms_page() -> str:
    """Every source with its citation and terms, as Markdown."""
    return HEAD + "".join(source_entry(n, source) for n, source in sources().items() if n != OWN)
