"""worldorder calibrate: parameters by gradients through time, and whether known ones come back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worldorder.cli.start import start

if TYPE_CHECKING:
    import pandas as pd

    from worldorder.inference.calibration.fit import Calibrated
    from worldorder.inference.calibration.positions import Observed


def calibrate_parameters(
    check: Annotated[
        bool, typer.Option("--check", help="Check gradients and recover known parameters.")
    ] = False,
    score: Annotated[
        bool,
        typer.Option(
            "--score", help="Score calibrations beside the values before them, later years."
        ),
    ] = False,
    to: Annotated[int, typer.Option(help="Last year that may be known.")] = 2024,
    first: Annotated[
        int | None, typer.Option(help="First year of the panel; 1990, or 24 years before --to.")
    ] = None,
    horizons: Annotated[str, typer.Option(help="Years ahead, with commas between.")] = "1,5",
    worlds: Annotated[int, typer.Option(help="Synthetic worlds of each estimator.")] = 100,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("calibration"),
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Calibrate positions, their spread and answers to cuts by gradients through time.

    A stopped calibration or check goes on.
    """
    from worldorder.data.vintage import FIRST_ORIGIN
    from worldorder.errors import InputError
    from worldorder.inference.calibration.panel import enough_years, observed
    from worldorder.inference.calibration.position_fit import first_year
    from worldorder.inference.door.estimates import Sources
    from worldorder.results.files import usable_folder

    if not FIRST_ORIGIN <= to <= 2024:
        raise InputError(
            f"--to {to} lies outside the record", f"Give a year from {FIRST_ORIGIN} to 2024."
        )
    first = first_year(to) if first is None else first
    enough_years(first, to)
    if score:
        _score(usable_folder(out), quiet)
        return
    ahead = _horizons(horizons, to - first)
    start(1)
    panel, folder = observed(Sources(to), first), usable_folder(out)
    if check:
        _check(panel, ahead, worlds, folder, quiet)
    else:
        _calibrate(panel, ahead, folder, quiet)


def _horizons(text: str, years: int) -> list[int]:
    from worldorder.errors import InputError
    from worldorder.inference.calibration.positions import BURN_IN

    longest = years - BURN_IN - 1
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"{text!r} are no years", "Write for example 1,5.") from None
    if not all(1 <= h <= longest for h in found):
        raise InputError(
            f"--horizons {text} lie outside the panel", f"Give years from 1 to {longest}."
        )
    return found


def _calibrate(panel: Observed, horizons: Sequence[int], folder: Path, quiet: bool) -> None:
    from worldorder.inference.calibration import compensation, position_fit
    from worldorder.inference.calibration.fit import Likelihood, calibrated
    from worldorder.inference.calibration.page import calibrated_table
    from worldorder.inference.door import alignment
    from worldorder.inference.door.estimates import Estimates, Sources

    to, unfinished = int(panel.year[-1]), folder / f"unfinished-{_years(panel)}.json"
    found: list[Calibrated] = []
    made: list[Estimates] = []
    with _telling(quiet) as tell:
        for horizon in horizons:
            form = f"{horizon} year{'s' * (horizon > 1)} ahead"

            def say(count: int, level: float, form: str = form) -> None:
                tell(f"{form}: {count} gradients, log L {level:.1f}")

            likelihood = Likelihood.of(panel, horizon)
            found.append(calibrated(likelihood, form, progress=say, kept=unfinished))
        yearly = alignment.yearly(Sources(to))
        found.append(position_fit.fitted(panel, yearly.parameters, tell))
        made.append(position_fit.estimates(found[-1], yearly, (int(panel.year[0]), to)))
        if to >= compensation.FIRST + 4:
            tell(compensation.FORM)
            rows = compensation.rows_known(to)
            found.append(compensation.fitted(rows))
            made.append(compensation.estimates(found[-1], rows, to))
    table = calibrated_table(found)
    _write_csv(table, folder / "calibrated.csv")
    for one in found:
        _write_covariance(one, folder)
    _write_parameters(made, folder / f"{to}.yaml", to)
    unfinished.unlink(missing_ok=True)
    _print(table)
    typer.echo(f"Written to {folder}: calibrated.csv, {to}.yaml and covariances.")


def _write_parameters(made: Sequence[Any], path: Path, to: int) -> None:
    from worldorder.inference.calibration.page import write_page
    from worldorder.inference.door.write import parameter_text

    write_page(path, parameter_text(made, f"worldorder calibrate --to {to}"))


@contextlib.contextmanager
def _telling(quiet: bool) -> Generator[Callable[[str], None]]:
    """A line that says what is being done."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("Compiling", total=None)
        yield lambda text: progress.update(task, description=text)


def _score(folder: Path, quiet: bool) -> None:
    from worldorder.inference.calibration.judged import judged, judged_page
    from worldorder.inference.calibration.page import write_page

    start(1)
    with _telling(quiet) as tell:
        means, verdicts = judged(tell)
    _write_csv(means, folder / "calibration-scores.csv")
    write_page(folder / "calibration.md", judged_page(means, verdicts))
    _print(verdicts)
    typer.echo(f"Written to {folder}: calibration.md, calibration-scores.csv.")


def _years(panel: Observed) -> str:
    return f"{panel.year[0]}-{panel.year[-1]}"


def _write_covariance(found: Calibrated, folder: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(found.covariance, index=list(found.names), columns=list(found.names))
    frame.index.name = "quantity"
    name = found.form.replace(",", "").replace(" ", "-")
    _write_csv(frame.reset_index(), folder / f"calibrated-{name}-covariance.csv")


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    from worldorder.results.files import write_whole

    write_whole(path, lambda file: table.to_csv(file, index=False) and None)


def _check(
    panel: Observed, horizons: Sequence[int], worlds: int, folder: Path, quiet: bool
) -> None:
    import jax.numpy as jnp

    from worldorder.errors import InputError
    from worldorder.inference.calibration.cases import cases
    from worldorder.inference.calibration.fit import START
    from worldorder.inference.calibration.page import recovery_page, write_page
    from worldorder.inference.calibration.position_case import case, cut_case, spread_case
    from worldorder.inference.calibration.recovery import verdicts
    from worldorder.inference.calibration.sensitivity import sensitivities

    if worlds < 1:
        raise InputError(f"--worlds {worlds} are none", "Give 100 or more.")
    gradients = sensitivities(panel, jnp.asarray(START))
    _write_csv(gradients, folder / "gradients.csv")
    tested = [*cases(), *(case(panel, h) for h in horizons), cut_case(panel), spread_case(panel)]
    places = _recovered(tested, worlds, folder / f"places-{_years(panel)}.csv", quiet)
    judged = verdicts(places, tested)
    _write_csv(judged, folder / "recovery.csv")
    _draw(places, judged, folder / "recovery.svg")
    write_page(folder / "recovery.md", recovery_page(judged, gradients, "recovery.svg"))
    _print(judged[["case", "quantity", "worlds", "within_80", "within_95", "p_holm", "verdict"]])
    typer.echo(f"Written to {folder}: recovery.md, recovery.csv, recovery.svg, gradients.csv.")


def _recovered(tested: Sequence[Any], worlds: int, file: Path, quiet: bool) -> pd.DataFrame:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress

    from worldorder.inference.calibration.recovery import checked

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        tasks = {one.name: progress.add_task(one.name, total=worlds) for one in tested}
        try:
            return checked(tested, worlds, file, lambda n, k: progress.advance(tasks[n], k))
        except KeyboardInterrupt:
            typer.echo(f"Stopped. Finished worlds are in {file}; the same command goes on.")
            raise typer.Exit(130) from None


def _draw(places: pd.DataFrame, judged: pd.DataFrame, path: Path) -> None:
    from worldorder.plots.recovery import plot_recovery
    from worldorder.results.files import write_whole

    figure = plot_recovery(places, judged)
    write_whole(
        path, lambda file: figure.savefig(file, format="svg", metadata={"Date": None}) and None
    )


def _print(table: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table()
    for column in table.columns:
        shown.add_column(str(column))
    for row in table.itertuples(index=False):
        shown.add_row(*(f"{x:.4g}" if isinstance(x, float) else str(x) for x in row))
    Console().print(shown)
