"""`worldorder data members`: who belonged to a body in a year."""

from __future__ import annotations

from typing import Annotated

import typer

THIS_YEAR = 2026  # of the panel's last list


def print_members(
    body: Annotated[str, typer.Argument(help="Id, name or alias, for example NATO.")],
    year: Annotated[int, typer.Option(help="The members on 1 July of it.")] = THIS_YEAR,
    status: Annotated[str, typer.Option(help="full, associate or observer.")] = "full",
) -> None:
    """Print the members of an intergovernmental body in a year, 1945 to 2026."""
    from worldorder.data.institutions import body as body_of
    from worldorder.data.institutions import members

    found = members(body, year, status)
    typer.echo(f"{body_of(body)} in {year}: {len(found)} {status} members")
    if found:
        typer.echo(" ".join(found))
