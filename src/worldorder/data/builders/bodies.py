"""The institutions: what they are, the memorandum of January 2026, notice periods, revenue."""

from __future__ import annotations

import pandas as pd

from worldorder.data.flags import OBSERVED
from worldorder.data.own_tables import own_table
from worldorder.data.sources import Raw, expect

SOURCE = "withdrawal-2026"
MEMORANDUM = "2026-01-07"
TREATY_DEFAULT_MONTHS = 12
TREATY_DEFAULT = "Vienna Convention on the Law of Treaties, article 56: twelve months"
NO_TREATY = "No treaty binds members: participation ends when the state says so"


def with_notice(bodies: pd.DataFrame) -> pd.DataFrame:
    """Notice of withdrawal in months: the body's own clause, else by its legal form."""
    clauses = own_table("withdrawal_notice").set_index("institution")
    months = bodies["id"].map(clauses["months"].astype(float))
    treaty = bodies["legal_form"] == "treaty"
    assumed = treaty.map({True: float(TREATY_DEFAULT_MONTHS), False: 0.0})
    stated = months.notna()
    default = treaty.map({True: TREATY_DEFAULT, False: NO_TREATY})
    return bodies.assign(
        notice_months=months.fillna(assumed),
        notice_status=stated.map({True: "published", False: "assumed"}),
        notice_source=bodies["id"].map(clauses["clause"]).fillna(default),
    )


def with_memorandum(bodies: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Mark the 66 and add their stated budgets and US amounts."""
    facts = listed.assign(memorandum=listed["acronym"].fillna(listed["name"]))
    facts = facts.set_index("memorandum")
    marked = bodies["memorandum"] != ""
    return bodies.assign(
        in_memorandum=marked,
        memorandum_date=marked.map({True: MEMORANDUM, False: ""}),
        stated_budget=bodies["memorandum"].map(facts["annual_budget_usd"]) * 1e-6,
        stated_us_contribution=bodies["memorandum"].map(facts["us_contribution_usd"]) * 1e-6,
        stated_us_share=bodies["memorandum"].map(facts["us_share"]),
        stated_basis=bodies["memorandum"].map(facts["figure_basis"]).fillna(""),
    )


def with_revenue(bodies: pd.DataFrame, funding: pd.DataFrame) -> pd.DataFrame:
    """Revenue of 2024 in mn USD: what the Board reports, else the stated budget."""
    reported = funding[funding["year"] == 2024].groupby("institution")["value"].sum()
    reported = reported[reported > 0]
    revenue = bodies["id"].map(reported)
    source = revenue.notna().map({True: "un-system-funding", False: ""})
    silent = revenue.isna() & bodies["stated_budget"].notna()
    return bodies.assign(
        revenue=revenue.fillna(bodies["stated_budget"]),
        revenue_source=source.where(~silent, SOURCE),
        revenue_flag=OBSERVED,
    )


def build(raw: Raw, funding: pd.DataFrame) -> pd.DataFrame:
    """One row per institution."""
    listed = raw.table(SOURCE, "bodies")
    expect(SOURCE, "UN entities among the 66", (listed["un_entity"] == "yes").sum(), 31)
    bodies = with_notice(own_table("institutions"))
    bodies = with_revenue(with_memorandum(bodies, listed), funding)
    expect(SOURCE, "bodies matched to the list of institutions", bodies["in_memorandum"].sum(), 66)
    return bodies.drop(columns=["factbook", "cow", "ceb", "members", "memorandum"]).assign(
        un_system=bodies["un_system"] == "yes", secretariat=bodies["secretariat"] == "1"
    )
