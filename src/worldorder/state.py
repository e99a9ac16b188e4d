"""What a world is: the state that is stepped, what is derived from it, and what happens in a step.

Every record is a frozen pytree. Shapes: N states, I institutions. Units stand beside the fields.
Dyads have the acting state in the row and its partner in the column and are directed unless said
otherwise; trade flows have the exporter in the row and the importer in the column.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar, dataclass_transform

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from worldorder.typing import (
    ByCountry,
    ByDyad,
    ByHolder,
    ByHolding,
    ByInstitution,
    ByMembership,
    ByPower,
    ByTradeFlow,
    CountryMask,
    Flag,
    InstitutionMask,
    Scalar,
)

Record = TypeVar("Record")
MOST_FOUNDED: Final = 24  # bodies a year; more are as good as impossible at the estimated rate


@dataclass_transform(frozen_default=True)
def pytree(cls: type[Record]) -> type[Record]:
    """Make `cls` a frozen dataclass that JAX can map over."""
    return jax.tree_util.register_dataclass(dataclass(frozen=True)(cls))


@dataclass(frozen=True)
class Entities:
    """Names of the index sets, in array order. Not a pytree: it never enters a compiled step."""

    country: tuple[str, ...]  # ISO 3166-1 alpha-3, and XKX for Kosovo
    country_name: tuple[str, ...]
    institution: tuple[str, ...]  # short id, unique, for example "UNFCCC"
    institution_name: tuple[str, ...]
    institution_aliases: tuple[tuple[str, ...], ...]
    institution_area: tuple[str, ...]
    currency: tuple[str, ...]  # ISO 4217, the last one "other"
    holder: tuple[str, ...]  # groups of holders of reserves


@pytree
class Mandate:
    """Who holds office on what terms, by state."""

    years_in_office: ByCountry  # year, terms that count toward a limit
    pending: ByCountry  # 1 where an elected leader has yet to take office
    elected: ByCountry  # orientation of the last elected leader
    kept: ByCountry  # 1 where the last election kept the leader in office
    divided: ByCountry  # 1 where the other side holds the legislature
    income: ByCountry  # thousand USD a head at the last turn of the year
    exclusion: ByCountry  # share of world GDP that sanctioned the state at the start


@pytree
class NewBodies:
    """Bodies founded since the start: kind 0 with the leading state as a founder, 1 without.

    The first places are taken in order of founding; the sums are over bodies that have not ended.
    """

    count: Float[Array, " kind"]
    seats: Float[Array, "kind country"]  # number of them that the state founded
    founders: Bool[Array, "new_body country"]
    since: Float[Array, " new_body"]  # years from the start to the founding, inf: nobody's place
    ended: Bool[Array, " new_body"]
    size: Float[Array, " new_body"]  # members
    led: Float[Array, " new_body"]  # 1 where the leading state is a member
    shared: ByDyad  # number that row and column are both members of
    dues: ByCountry  # mn USD/year that the state would pay them at its start GDP
    votes: ByCountry  # sum of its shares of votes, one vote a member


@pytree
class Promises:
    """Promises of defence of a state that others remember, decaying counts, by state."""

    tested: ByCountry  # that were open
    failed: ByCountry  # that were not kept


@pytree
class Assessments:
    """The scale of assessments in force, and the incomes that the next will be made from."""

    scale: ByCountry  # share of common dues; all zero until a scale is known
    level: ByInstitution  # what keeps the sum of a body's dues as the scale divides them anew
    income: Float[Array, "past country"]  # bn USD/year, by year, the latest first
    people: Float[Array, "past country"]  # million persons, likewise


@pytree
class World:
    """Prognostic state: the least that must be carried from one step to the next."""

    underlying_gdp: ByCountry  # bn USD/year, at the reference trade costs of the growth path
    population: ByCountry  # million persons
    military_burden: ByCountry  # military spending, share of GDP
    ideal_point: ByCountry  # ideal point, first dimension of Assembly votes
    domestic_anchor: ByCountry  # ideal point to which home politics pulls
    settled_at: Scalar  # years since the start up to which all but economies and ideal points are
    trust_fast: ByDyad  # logit, row trusts column; part bound to the leader in office
    trust_slow: ByDyad  # logit, row trusts column; part bound to the state
    tariff: ByDyad  # ad valorem, added since December 2024; row imposes on goods of column
    aid: ByDyad  # bn USD/year, added by levers; row gives to column
    sanction: ByDyad  # share of a full embargo, 0 to 1; row sanctions column
    recruited: ByDyad  # part of `sanction` that row added by joining a campaign
    vote: ByCountry  # of the year's last vote on a target: 0 none, 1 yes, 2 neither, 3 no
    reserve_share: ByHolder  # share of a holder group's reserves in a currency; rows sum to 1
    approval: ByCountry  # share of the public that approves of the leader, 0 to 1
    orientation: ByCountry  # of the leader, -1 unilateralist to 1 internationalist
    mandate: Mandate
    ballot: Int[
        Array, " country"
    ]  # election held since the last turn: 0 none, 1 legislative, 2 executive
    new_leader: CountryMask  # true where a leader that was drawn takes office in the step
    membership: ByMembership  # row is a full member of column
    contribution: ByHolding  # mn USD/year that row would pay column of its own at its start GDP
    compensation: ByInstitution  # rise of the other payers since some cut, share of what they pay
    recent_exits: ByInstitution  # exits that the other members remember, a decaying count
    other_revenue: ByInstitution  # mn USD/year from payers that are not states, at start GDP
    reserve: ByInstitution  # mn USD
    capacity: ByInstitution  # capacity to work, 1 = at the start
    fate: ByInstitution  # 0 goes on, 1 another body has taken over its work, 2 has ended
    new_bodies: NewBodies
    vote_share: ByCountry  # share of votes in bodies that weigh them, sums to 1
    assessments: Assessments
    wage_change: ByCountry  # trade solver's last wage, new over baseline: where it starts next
    expenditure_change: ByCountry  # trade solver's last expenditure, new over baseline
    dependence: ByDyad  # trade of row with column over the GDP of row, as last solved
    defence_pact: ByDyad  # 1 where row owes column defence
    rivalry: ByDyad  # 1 where strategic rivals, symmetric
    dispute: ByDyad  # 0 none, 1 militarized dispute, 2 use of force, 3 war, symmetric
    peace_years: ByDyad  # year, since the last onset of a dispute, at most 40, symmetric
    sphere_recognition: ByDyad  # 0 to 1, row recognises column's sphere of influence
    consultation: ByDyad  # 0 to 1, row and column consult in a concert, symmetric
    veto: ByCountry  # 1 where the state may block force by those it consults with
    mediation: ByDyad  # 0 to 1, row mediates for column, with each other it mediates for
    menace: ByDyad  # 0 up, threats and exercises of column that row remembers
    promises: Promises
    pact_group: ByCountry  # number of the pact of many founded since the start, 0 for none


@pytree
class Diagnostics:
    """What follows from the state at one moment: recomputed each step, never carried."""

    real_income: ByCountry  # real income over that at the reference trade costs
    gdp: ByCountry  # bn USD/year
    exports: ByCountry  # bn USD/year, goods
    imports: ByCountry  # bn USD/year, goods
    dependence: ByDyad  # trade of row with column (both ways) over the GDP of row, share
    power_share: ByCountry  # share of world material capability
    trust: ByDyad  # share 0 to 1, row trusts column
    threat: ByDyad  # 0 to 1, row is threatened by column
    align: ByPower  # probability that the state aligns with the great power
    oppose: ByPower  # probability that the state opposes the great power
    doubt: ByCountry  # what the state adds to the log hazard that a bilateral pact of it ends
    payment: ByHolding  # mn USD/year that row pays to column
    new_payment: ByCountry  # mn USD/year that the state pays to bodies founded since the start
    revenue: ByInstitution  # mn USD/year
    wage_change: ByCountry  # wage over that of the baseline, where the solver starts next
    expenditure_change: ByCountry  # expenditure over that of the baseline, likewise
    trade_residual: Scalar  # largest relative excess demand left by the trade solver


@pytree
class Shocks:
    """What chance does to economies and positions in a step, whatever states do."""

    growth: ByCountry  # change of log GDP over the step
    ideal_point: ByCountry  # ideal point, change over the step


@pytree
class Events:
    """What is drawn or decided in one step."""

    growth_shock: ByCountry  # change of log GDP over the step
    ideal_point_shock: ByCountry  # ideal point, change over the step
    trust_fast_jump: ByDyad  # logit
    trust_slow_jump: ByDyad  # logit
    exit: ByMembership  # row ceases to be a member of column
    accession: ByMembership  # row becomes a member of column
    fate_change: ByInstitution  # what is added to `World.fate`
    foundings: Bool[Array, "founding country"]  # founders of each body founded in the step
    new_ends: Bool[Array, " new_body"]  # bodies founded since the start that end in the step
    vote_shift: ByCountry  # share, change of the shares of weighed votes
    reserve_shift: ByHolder  # share, change of the shares of currencies
    pact_change: ByDyad  # 1 where row comes to owe column defence, -1 where it ceases to
    burden_change: ByCountry  # change of log military burden
    promise_change: Promises  # what is added to `World.promises`
    pact_founders: CountryMask  # founders of the pact of many founded in the step
    concert_ends: Flag  # those who consult cease to, and recognise no spheres
    menace_jump: ByDyad  # row is menaced by column
    dispute_change: ByDyad  # level, symmetric
    peace_change: ByDyad  # year, symmetric
    recruitment: ByDyad  # share of a full embargo, row adds against column
    vote: ByCountry  # cast in the step, coded as in `World`
    sanction_change: ByDyad  # share of a full embargo, of sanctions that begin or end by themselves
    approval_shift: ByCountry  # share
    orientation_shift: ByCountry  # score
    mandate_shift: Mandate  # change of each part


@pytree
class Tendency:
    """Rates of change a year. Mechanisms' tendencies add, so their order cannot matter."""

    underlying_gdp: ByCountry  # bn USD/year, a year
    population: ByCountry  # million persons a year
    ideal_point: ByCountry  # ideal point/year
    domestic_anchor: ByCountry  # ideal point/year
    trust_fast: ByDyad  # logit/year
    trust_slow: ByDyad  # logit/year
    menace: ByDyad  # 1/year
    compensation: ByInstitution  # share/year
    recent_exits: ByInstitution  # 1/year
    reserve: ByInstitution  # mn USD/year
    capacity: ByInstitution  # 1/year


@pytree
class Setting:
    """Evidence that a run does not change. Shared by all runs."""

    trade_share: ByTradeFlow  # exporter's share in the importer's expenditure; columns sum to 1
    expenditure: ByCountry  # bn USD/year, expenditure at the baseline of the trade model
    growth_rate: Float[Array, "year country"]  # real growth a year from the start year, 1/year
    population_growth_rate: Float[Array, "year country"]  # 1/year
    reference_income: Float[Array, "step country"]  # real income in the growth path's own tariffs
    currency_area: Float[
        Array, "currency country"
    ]  # 1 where the state uses the currency as its own
    start_reserve_share: ByHolder  # shares of currencies at the start
    start_exports: ByCountry  # bn USD/year at baseline shares
    start_imports: ByCountry  # bn USD/year, likewise
    start_dependence: ByDyad  # trade of row with column over GDP of row, likewise
    start_reserve_pull: ByHolder  # logit, pull of currencies at the start, set for each run
    burden_at_rest: ByCountry  # log a year, keeps burdens as at the start, set for each run
    issuer: Int[Array, " currency"]  # state that issues a currency; N, which no state has, for none
    holder_group: Int[Array, " country"]  # group of holders that a state belongs to
    reserve_weight: ByCountry  # share of world foreign exchange reserves
    distance: ByDyad  # km, population weighted
    log_distance: ByDyad  # log of 1,000 km, of no less than 50 km
    contiguity: ByDyad  # 1 where land border, symmetric
    regime: ByCountry  # electoral democracy, 0 to 1
    start_ideal_point: ByCountry  # ideal point at the start
    start_sanction: ByDyad  # share of a full embargo at the start, the harder side's, symmetric
    start_war: ByDyad  # 1 where at war at the start, symmetric
    trust_baseline: ByDyad  # logit, slow trust of row in column that start affinity implies
    start_gdp: ByCountry  # bn USD/year at the start
    start_membership: ByMembership  # row is a full member of column at the start
    members_known: InstitutionMask  # false where at most one member is known
    founder: ByMembership  # row was a member within two years of the founding of column
    founding_age: ByInstitution  # year, since the founding at the start
    neighbour_share: ByHolding  # share of row's nearest states that are members of column at start
    budget_class: Int[Array, " institution"]  # like bodies for unknown budgets, `BudgetClass`
    area: Float[Array, "area institution"]  # 1 where the body works in the area
    first_review: Scalar  # year, from the start to the end of the first review of weighed votes
    like_body: Int[Array, " new_body"]  # listed body that a place for a new one is like, by run
    like_paid: Float[Array, " new_body"]  # mn USD/year that states would pay it, likewise
    start_revenue: ByInstitution  # mn USD/year; NaN where unknown
    start_contribution: ByHolding  # mn USD/year; NaN where unknown
    assessed: ByHolding  # part of `start_contribution` that the scale of assessments divides
    start_scale: ByCountry  # share of the scale of assessments that the start's money follows
    least_developed: CountryMask  # true where the United Nations count the state as such
    first_scale: Scalar  # year, from the start until a scale of assessments comes into force
    secretariat: Float[Array, " institution"]  # 1 where the body has money of its own to spend
    sent_sanction: ByDyad  # share of a full embargo at the start, row sanctions column
    bloc: Int[Array, ""]  # institution whose members act as one
    assembly: Int[Array, ""]  # institution whose members vote on resolutions
    regional_body: Int[Array, " regional_body"]  # indices of bodies that sanction their members
    set_sanction: ByDyad  # true where a lever sets the sanctions of row on column
    calendar: CountryMask  # true where elections of the executive fall on known days
    leading_state: CountryMask  # true for the one state whose order is in question
    near_states: ByDyad  # 1/k for the k states nearest to the row, 0 for others
    multilateral_tie: ByDyad  # 1 where a pact of many without a body in the list binds both
    start_dispute: ByDyad  # level of open disputes at the start
    unrecorded_years: Scalar  # years before the start without a record of disputes
    great_power: Int[Array, " power"]  # indices of the great powers
    defence_body: Int[Array, " defence_body"]  # indices of bodies whose members owe defence


@pytree
class Calls:
    """Campaigns called for in a step; unused places have the index N, which no state has."""

    sender: Int[Array, " call"]
    target: Int[Array, " call"]
    intensity: Float[Array, " call"]  # share of a full embargo, 0 to 1
    pressure: Float[Array, " call"]  # on those who stay away, 0 to 1


@pytree
class Breaches:
    """Promises of defence ended without agreement; unused places have the index N."""

    actor: Int[Array, " breach"]
    partner: Int[Array, " breach"]


@pytree
class Conduct:
    """What the levers do in a step: read by mechanisms, set by `dynamics.levers`."""

    tariff_rise: ByDyad  # ad valorem, row raises on column in this step
    threat: ByDyad  # intensity 0 to 1, row threatens column in this step
    sanction_rise: ByDyad  # share of a full embargo, row adds against column in this step
    exercise: ByDyad  # intensity 0 to 1, row exercises or deploys against column in this step
    recognition: ByDyad  # strength 0 to 1, row recognises column's sphere in this step
    aid: ByDyad  # bn USD/year, row gives to column from now on
    withdrawal: ByMembership  # row gives notice to column in this step
    breaches: Breaches  # promises of defence that levers break in this step
    calls: Calls  # campaigns called for in this step
    leader_change: CountryMask  # a new leader takes office in this step
    inauguration: CountryMask  # a term begins, of a new leader or the same
    election: Int[Array, " country"]  # 0 none, 1 legislative, 2 executive
    election_ahead: ByCountry  # 1 where an election falls in the year that begins with this step
    acts: Flag  # false where nobody does anything to anybody in this step


@pytree
class Now:
    """All that a mechanism may look at besides the state and its own parameters."""

    step: Scalar  # number of the step, from 0
    years: Scalar  # years since the start
    step_years: Scalar  # length of the step in years
    conduct: Conduct
    diagnostics: Diagnostics
    setting: Setting
    on: Flag | bool = True  # whether the mechanism that looks is switched on
    elapsed: Scalar | float = 0.0  # years since the world was last settled


def no_conduct(world: World) -> Conduct:
    """Conduct of a step in which nobody acts; aid already granted goes on."""
    dyad = jnp.zeros_like(world.tariff)
    nobody = jnp.zeros_like(world.ideal_point, dtype=bool)
    notices = jnp.zeros_like(world.membership)
    idle = jnp.zeros((), bool)
    none = jnp.zeros(nobody.shape, jnp.int32)
    calm = jnp.zeros_like(world.ideal_point)
    state = jnp.full(1, nobody.shape[0], jnp.int32)
    return Conduct(
        tariff_rise=dyad,
        threat=dyad,
        sanction_rise=dyad,
        exercise=dyad,
        recognition=dyad,
        aid=world.aid,
        withdrawal=notices,
        breaches=Breaches(state, state),
        calls=Calls(state, state, jnp.zeros(1), jnp.zeros(1)),
        leader_change=nobody,
        inauguration=nobody,
        election=none,
        election_ahead=calm,
        acts=idle,
    )


def neutral_diagnostics(world: World, setting: Setting) -> Diagnostics:
    """What the diagnostics are where no mechanism says otherwise: trade as at the start."""
    gdp = world.underlying_gdp
    nobody = jnp.zeros((gdp.shape[0], setting.great_power.shape[0]), gdp.dtype)
    return Diagnostics(
        real_income=jnp.ones_like(gdp),
        gdp=gdp,
        exports=setting.start_exports,
        imports=setting.start_imports,
        dependence=setting.start_dependence,
        power_share=gdp / gdp.sum(),
        trust=jax.nn.sigmoid(world.trust_fast + world.trust_slow),
        threat=jnp.zeros_like(world.dispute),
        align=nobody,
        oppose=nobody,
        doubt=jnp.zeros_like(gdp),
        payment=world.contribution,
        new_payment=world.new_bodies.dues,
        revenue=jnp.ones_like(gdp) @ world.contribution + world.other_revenue,
        wage_change=jnp.ones_like(gdp),
        expenditure_change=jnp.ones_like(gdp),
        trade_residual=jnp.zeros((), gdp.dtype),
    )


def no_events(world: World) -> Events:
    """Events of a step in which nothing happens."""
    country = jnp.zeros_like(world.ideal_point)
    dyad = jnp.zeros_like(world.trust_fast)
    nobody = jnp.zeros_like(world.membership)
    return Events(
        growth_shock=country,
        ideal_point_shock=country,
        trust_fast_jump=dyad,
        trust_slow_jump=dyad,
        exit=nobody,
        accession=nobody,
        fate_change=jnp.zeros_like(world.capacity),
        foundings=jnp.zeros((MOST_FOUNDED, country.shape[0]), bool),
        new_ends=jnp.zeros_like(world.new_bodies.ended),
        vote_shift=country,
        reserve_shift=jnp.zeros_like(world.reserve_share),
        pact_change=dyad,
        burden_change=country,
        promise_change=Promises(country, country),
        pact_founders=jnp.zeros_like(country, dtype=bool),
        concert_ends=jnp.zeros((), bool),
        menace_jump=dyad,
        dispute_change=dyad,
        peace_change=dyad,
        recruitment=dyad,
        vote=country,
        sanction_change=dyad,
        approval_shift=country,
        orientation_shift=country,
        mandate_shift=jax.tree.map(jnp.zeros_like, world.mandate),
    )


def no_tendency(world: World) -> Tendency:
    """Tendency of a world that stands still."""
    names = [field.name for field in fields(Tendency)]
    return Tendency(**{name: jnp.zeros_like(getattr(world, name)) for name in names})


def tendency_of(world: World, **rates: Any) -> Tendency:
    """Tendency with the given rates and zero elsewhere."""
    return replace(no_tendency(world), **rates)


def events_of(world: World, **drawn: Any) -> Events:
    """Events with the given draws and none elsewhere."""
    return replace(no_events(world), **drawn)
