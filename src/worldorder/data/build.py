"""Build the panel from publishers' files: whole, or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from worldorder.data import dyad_tables, imputation, reconcile, start_build
from worldorder.data.builders import (
    alliance_bodies,
    alliances,
    bodies,
    body_tables,
    capabilities,
    coalitions,
    contiguity,
    currencies,
    democracy,
    disputes,
    favourability,
    funding,
    geography,
    gold,
    gold_reserves,
    government_party,
    ideal_points,
    imf_quotas,
    latent_gdp,
    maddison,
    memberships,
    nuclear,
    polities,
    reserves,
    rivalries,
    sanctions,
    swap_lines,
    tariffs,
    trade,
    trade_agreements,
    trade_fill,
    un_votes,
    us_tariffs,
    us_troops,
    wdi,
    weo,
)
from worldorder.data.files import (
    COMPACT,
    CSV,
    MANIFEST,
    START,
    built_folder,
    compact,
    file_of,
    rounded,
    write_arrays,
    write_csv,
    write_json,
    write_parquet,
)
from worldorder.data.flags import IMPUTED, OBSERVED
from worldorder.data.manifest import make_manifest
from worldorder.data.reference import monthly_income
from worldorder.data.sources import Raw
from worldorder.data.start import setting_of
from worldorder.errors import DataError

STATE_YEARS = (
    weo,
    wdi,
    capabilities,
    democracy,
    gold,
    gold_reserves,
    government_party,
    ideal_points,
    latent_gdp,
    maddison,
    nuclear,
    us_troops,
)
FIRST_CHANGE = "2025-01-01"


def _full_members(table: pd.DataFrame, body: str, date: str) -> list[str]:
    rows = table[(table["institution"] == body) & (table["status"] == "full")]
    rows = rows[(rows["until"] == "") | (rows["until"] > date)]
    return sorted(rows["iso3"])


def membership_changes(table: pd.DataFrame) -> pd.DataFrame:
    """Accessions and exits since January 2025: date, state, institution, change, source."""
    joined = table[table["since"] > FIRST_CHANGE].assign(change="accession")
    left = table[table["until"] > FIRST_CHANGE].assign(change="exit")
    rows = pd.concat([joined.assign(date=joined["since"]), left.assign(date=left["until"])])
    columns = ["date", "iso3", "institution", "change", "flag", "source"]
    return rows.sort_values(["date", "iso3", "institution"], ignore_index=True)[columns]


def withdrawals(institutions: pd.DataFrame) -> pd.DataFrame:
    """The 66 bodies: date of the memorandum, notice, and the date when membership ends."""
    rows = institutions[institutions["in_memorandum"]]
    begun = pd.to_datetime(rows["memorandum_date"])
    ends = [
        (date + pd.DateOffset(months=int(months))).strftime("%Y-%m-%d")
        for date, months in zip(begun, rows["notice_months"], strict=True)
    ]
    columns = ["id", "name", "un_system", "memorandum_date", "notice_months", "notice_status"]
    frame = rows[[*columns, "notice_source"]].rename(columns={"id": "institution"})
    flag = frame["notice_status"].map({"published": OBSERVED, "assumed": IMPUTED})
    frame = frame.assign(effective_date=ends, flag=flag, source="withdrawal-2026")
    return frame.reset_index(drop=True)


def _state_years(raw: Raw, pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """State-years, one value a cell, and how far their sources agree."""
    imf, bank, *others = [builder.build(raw) for builder in STATE_YEARS]
    parts = [imf, bank, *others, polities.major_powers(raw)]
    agreement = reconcile.overlaps(parts)
    parts[0] = reconcile.spliced(imf, bank, "population")
    observed = reconcile.preferred(parts)
    frame = imputation.complete(reconcile.burden_from_spending(observed), pairs)
    frame = frame.sort_values(["variable", "iso3", "year"], ignore_index=True)
    frame = frame.astype({"year": "int16"})
    return frame.assign(value=rounded(frame["value"])), agreement


def _tables(raw: Raw) -> dict[str, pd.DataFrame]:
    pairs = geography.build(raw)
    members = memberships.build(raw)
    money = funding.build(raw)
    state_year, state_agreement = _state_years(raw, pairs)
    at_2023 = state_year[(state_year["variable"] == "gdp") & (state_year["year"] == 2023)]
    gdp = at_2023.set_index("iso3")["value"]
    traded = dyad_tables.trade_tables(raw, trade_fill.filled(trade.flows(raw), raw, gdp))
    institutions = bodies.build(raw, money)
    union = _full_members(members, "EU", FIRST_CHANGE)
    groups = {body: _full_members(members, body, FIRST_CHANGE) for body in ("NATO", "SCO")}
    rates = us_tariffs.build(raw, union).assign(flag=OBSERVED, source=us_tariffs.SOURCE)
    shares = reserves.build(raw)
    announced = trade.liberation_day(raw).assign(flag=OBSERVED, source=trade.SOURCE)
    owed = alliances.build(raw, groups)
    allied = alliance_bodies.build(raw, members, owed)
    leaving = withdrawals(institutions)
    agreement = [
        state_agreement,
        dyad_tables.trade_overlaps(raw, traded["gross_trade"]),
        alliance_bodies.tied_shares(allied, owed),
        dyad_tables.security_overlaps(raw),
    ]
    return {
        "states": polities.build(raw),
        "state_year": state_year,
        **traded,
        "source_overlaps": pd.concat(agreement, ignore_index=True),
        "geography": pairs.assign(km=rounded(pairs["km"])),
        "contiguity": contiguity.build(raw),
        "border_distances": contiguity.border_distances(raw),
        "capitals": geography.capitals(raw),
        "rivalries": rivalries.build(raw),
        "disputes": disputes.build(raw),
        "trade_agreements": trade_agreements.build(raw, union),
        "applied_tariffs": tariffs.build(raw, union),
        "swap_lines": swap_lines.build(raw),
        "coalitions": coalitions.build(raw),
        "alliances": owed,
        "alliance_bodies": allied,
        "favourability": favourability.build(raw),
        "institutions": institutions,
        "memberships": members,
        "sanctions": sanctions.build(raw, members),
        "reserve_shares": shares.assign(value=rounded(shares["value"])),
        "funding": money.assign(value=rounded(money["value"])),
        "us_tariffs_2025_26": rates,
        "liberation_day_2025": announced,
        "withdrawals": leaving,
        "membership_changes": membership_changes(members),
        **body_tables.build(raw, members, leaving),
        "reserve_currencies": currencies.build_reserves(raw),
        "payment_currencies": currencies.build_payments(raw),
        "quotas": imf_quotas.build(raw),
        **un_votes.build(raw, built_folder()),
    }


def _write(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        write = write_csv if name in CSV else write_parquet
        write(compact(table) if name in COMPACT else table, folder / file_of(name))
    made = start_build.Tables(
        state_year=tables["state_year"],
        trade=tables["trade"][tables["trade"]["year"] == trade.YEAR],
        geography=tables["geography"],
        capitals=tables["capitals"],
        rivalries=tables["rivalries"],
        disputes=tables["disputes"],
        favourability=tables["favourability"],
        pacts=dyad_tables.defence_by_year(tables["alliances"]),
        institutions=tables["institutions"],
        memberships=tables["memberships"],
        funding=tables["funding"],
        us_tariffs=tables["us_tariffs_2025_26"],
        sanctions=tables["sanctions"],
        reserve_shares=tables["reserve_shares"],
        organizations=tables["organizations"],
        spells=tables["membership_spells"],
        quotas=tables["quotas"],
    )
    arrays = start_build.arrays(made)
    write_arrays(arrays | {"reference_income": _reference_income(arrays, made)}, folder / START)
    write_json(make_manifest(folder, tables), folder / MANIFEST)


def _reference_income(
    arrays: dict[str, np.ndarray], tables: start_build.Tables
) -> np.ndarray[Any, np.dtype[np.float32]]:
    codes = [str(code) for code in arrays["country"]]
    setting = setting_of(arrays | {"reference_income": np.ones((1, len(codes)))})
    income = monthly_income(setting, tables.us_tariffs, codes, start_build.LEADING_STATE)
    return income.round(start_build.DIGITS).astype(np.float32)


def build_panel(raw: Path | str, out: Path | str | None = None) -> Path:
    """Build the panel from a folder of raw files and put it in `out`, whole or not at all.

    Args:
        raw: folder with the publishers' files, in any subfolders.
        out: folder for the panel; its panel, if it has one, is replaced. None is the package's.

    Returns:
        The folder of the panel.

    Raises:
        DataError: a file is missing or altered, or `out` cannot be written.
    """
    folder = Path(out) if out is not None else built_folder()
    source = Raw.of(raw)
    tables = _tables(source)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".panel-") as scratch:
            made = Path(scratch) / "built"
            made.mkdir()
            write_json({"un-votes": un_votes.fingerprint(source)}, made / un_votes.MADE_FROM)
            _write(tables, made)
            if folder.exists():
                folder.rename(Path(scratch) / "old")
            made.rename(folder)
    except OSError as error:
        raise DataError(
            f"the panel cannot be written: {error.strerror}",
            fix="Give a folder that can be written, with 10 MB free, with --out.",
            file=folder,
        ) from error
    return folder
