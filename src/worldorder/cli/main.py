"""Entry of the command line: one app, its commands, and what leaves as an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from worldorder import __version__
from worldorder.cli.bargain import print_settlement
from worldorder.cli.batch import run_batch
from worldorder.cli.blocs import print_blocs
from worldorder.cli.bodies import bodies
from worldorder.cli.calibrate import calibrate_parameters
from worldorder.cli.causes import attribute
from worldorder.cli.claims import judge_claims
from worldorder.cli.compare import compare_scenarios
from worldorder.cli.data import data
from worldorder.cli.decide import decide_levers
from worldorder.cli.estimate import estimate_mechanisms
from worldorder.cli.evidence import print_evidence
from worldorder.cli.export import export_job
from worldorder.cli.hindcast import hindcast_origins
from worldorder.cli.history import print_history
from worldorder.cli.leadership import print_leadership
from worldorder.cli.report import write_report_page
from worldorder.cli.run import rerun_result, run_scenario
from worldorder.cli.scenarios import scenarios
from worldorder.cli.sensitivity import analyse_sensitivity
from worldorder.cli.survival import print_survival
from worldorder.cli.sweep import branch_result, sweep_levers
from worldorder.cli.trace import trace_state
from worldorder.cli.trade import trade
from worldorder.errors import WorldOrderError

INTERRUPTED = 130  # as a shell reports a program ended by Ctrl-C

app = typer.Typer(
    name="worldorder",
    help="An open simulator of the international order.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


app.command("run")(run_scenario)
app.command("rerun")(rerun_result)
app.command("bargain")(print_settlement)
app.command("blocs")(print_blocs)
app.command("calibrate")(calibrate_parameters)
app.command("claims")(judge_claims)
app.command("compare")(compare_scenarios)
app.command("branch")(branch_result)
app.command("batch")(run_batch)
app.command("sweep")(sweep_levers)
app.command("decide")(decide_levers)
app.command("causes")(attribute)
app.command("sensitivity")(analyse_sensitivity)
app.command("trace")(trace_state)
app.command("history")(print_history)
app.command("estimate")(estimate_mechanisms)
app.command("evidence")(print_evidence)
app.command("export")(export_job)
app.command("hindcast")(hindcast_origins)
app.command("report")(write_report_page)
bodies.command("survival")(print_survival)
bodies.command("leadership")(print_leadership)
app.add_typer(bodies, name="bodies")
app.add_typer(data, name="data")
app.add_typer(scenarios, name="scenarios")
app.add_typer(trade, name="trade")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"worldorder {__version__}")
        raise typer.Exit


@app.callback()
def worldorder(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """An open simulator of the international order."""


def main() -> None:
    """Run the command line; an input that cannot be used is one message and exit code 2."""
    try:
        app()
    except WorldOrderError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
