"""Real income of a year as a function of what the scenario changes: one static solve a coalition.

A year's equilibrium is a function of the wedges, productivity, factors and outlays of that year.
In a coalition S of channels, these are the scenario's for the channels in S and the baseline's for
all others; ln W(S) is real income in that equilibrium.

`sourcing` is what buyers gain by turning to other suppliers. Relative to the baseline (lambda, and
all changes from it), the price of sector k for use g in region n is

    ln P_kng  =  sum_i lambda_ikng ln m_ikng  -  gain_kng
    gain_kng  =  sum_i lambda_ikng ln m_ikng + (1/theta_k) ln sum_i lambda_ikng m_ikng^-theta_k

with m the landed price; gain is 0 or more and 0 in the baseline. Cheaper inputs make cheaper
goods: at given wages, incomes, duties and scale the gains lower prices by D, which solves the
linear system

    D_kng  =  gain_kng + sum_i lambda_ikng (1 - beta_ik) sum_l gamma_lik D_li0

(0 is intermediate use), and raise ln real income by G_n = sum_kf mu_nf alpha_knf D_kng(f). The
worth of S without sourcing is ln W(S) - G(S). With Cobb-Douglas nests (the default) this is exact:
ln W(S) at the same wages and incomes, were shares of origin those of the baseline. Otherwise beta,
gamma and alpha are those of the baseline, a first-order approximation of G; what it misses stays
with the other channels, and sums stay exact. Gains are those of a buyer who chooses by the price
paid: what a public buyer's home preference costs stays with `prices`.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.path_inputs import YearWedges
from zizhu.model.path_record import Record
from zizhu.model.program import Program
from zizhu.model.shock import NoShock
from zizhu.model.walk import solve_year


class Trade(NamedTuple):
    """Wedges of one year between prices; units as in `YearWedges`."""

    tariff: Float[Array, "i k i"]
    export_tax: Float[Array, "i k i"]
    subsidy: Float[Array, "i k"]
    log_iceberg: Float[Array, "i k i"]
    home_preference: Float[Array, "i k"]
    deficit: Float[Array, " i"]


class Inputs(NamedTuple):
    """What the equilibrium of one year is a function of, by channel.

    ideas, research, scale, bottleneck, other  [n,k] log productivity
    outlay   [n] million, at this year's prices
    factors  [n] log labour and capital
    """

    prices: Trade
    ideas: Float[Array, "n k"]
    research: Float[Array, "n k"]
    scale: Float[Array, "n k"]
    bottleneck: Float[Array, "n k"]
    outlay: Float[Array, " n"]
    factors: Float[Array, " n"]
    other: Float[Array, "n k"]


class Reference(NamedTuple):
    """The baseline's year, relative to which sourcing changes.

    log_landed  ln of price, iceberg cost and taxes [i,k,n]
    origins     lambda[i,k,n,g]
    direct      [n,k,g] what a gain in a sector's price is worth to final spending of n
    indirect    [n,k,i] the same through what inputs of i's sectors cost
    """

    log_landed: Float[Array, "i k n"]
    origins: Float[Array, "i k n g"]
    direct: Float[Array, "n k g"]
    indirect: Float[Array, "n k i"]


class Worth(NamedTuple):
    """What a coalition is worth to each region.

    income    ln W(S) [n]
    sourcing  G(S) [n], the part that is there because buyers turn to other suppliers
    """

    income: Float[Array, " n"]
    sourcing: Float[Array, " n"]
    unknowns: Float[Array, " d"]
    residual: Float[Array, ""]


def inputs_of(record: Record, wedges: YearWedges, year: int) -> Inputs:
    """Inputs of the equilibrium of the year at a place of a path's record."""
    by, given = (
        record.productivity,
        {name: np.asarray(getattr(wedges, name))[year] for name in Trade._fields},
    )
    spent = np.sum([np.asarray(kind[year]) for kind in record.outlay], axis=0)
    found = {
        "prices": Trade(**given),
        "ideas": by.ideas[year],
        "research": np.broadcast_to(by.research[year][:, None], by.ideas[year].shape),
        "scale": by.scale[year],
        "bottleneck": by.chains[year] + by.ceiling[year] + by.firms[year],
        "outlay": spent * np.exp(record.stocks.price_level[year]),
        "factors": record.factors[year] + np.asarray(wedges.log_labour)[year],
        "other": by.support[year] + by.other[year],
    }
    return Inputs(**jax.device_put(jax.tree.map(np.asarray, found)))


def reference_of(baseline: Record, theirs: Inputs, economy: Economy, year: int) -> Reference:
    """What `Worth.sourcing` needs of the baseline; one dense linear system."""
    solution = baseline.solution
    origins = np.asarray(solution.origin_shares[year])  # i k n g
    spending = np.asarray(solution.spending[year])[:, :, 1:]  # k n f
    inputs = np.asarray(solution.input_shares[year])  # k n j
    bought = 1 - np.asarray(solution.value_added_share[year])
    regions, sectors = bought.shape
    total = spending.sum(axis=0)
    alpha = np.divide(spending, total, out=np.zeros_like(spending), where=total > 0)
    final = (alpha * np.asarray(economy.final_use_shares)).transpose(1, 0, 2)  # n k f
    direct = np.zeros((regions, sectors, origins.shape[3]))
    if economy.pooled:
        direct[:, :, 0] = final.sum(axis=2)
    else:
        direct[:, :, 1:] = final
    # Worth of a fall of producer prices: z = y + B z with y of final users, B of sectors.
    used = np.einsum("jn,knj->njk", bought.T, inputs)  # (1 - beta) gamma
    sold = np.einsum("ikn,njk->iknj", origins[..., 0], used)  # i k n j
    system = np.eye(regions * sectors) - sold.reshape(regions * sectors, -1)
    final_sold = np.einsum("iknG,nkG->iknG", origins, direct).sum(axis=3)  # i k n
    worth = np.linalg.solve(system, final_sold.reshape(regions * sectors, -1))
    worth = worth.reshape(regions, sectors, regions)  # i j n
    return Reference(
        log_landed=_landed(jnp.asarray(solution.log_price[year]), theirs, economy),
        origins=jnp.asarray(origins),
        direct=jnp.asarray(direct),
        indirect=jnp.asarray(np.einsum("ijn,ijk->nki", worth, used)),
    )


def log_landed(
    log_price: Float[Array, "i k"], given: Inputs, economy: Economy
) -> Float[Array, "i k n"]:
    """Log landed price up to a constant of the base data; own sales carry no taxes."""
    foreign = 1.0 - jnp.eye(economy.regions)[:, None, :]
    trade = given.prices
    tariff = jnp.log1p(economy.tariff + foreign * trade.tariff)
    export_tax = jnp.log1p(economy.export_tax + foreign * trade.export_tax)
    return log_price[:, :, None] + trade.log_iceberg + tariff + export_tax


def log_gains(
    landed: Float[Array, "i k n"], reference: Reference, theta: Float[Array, " k"]
) -> Float[Array, "k n g"]:
    """Gain[k,n,g] of turning to other suppliers, given landed prices in logs; 0 or more."""
    change = (landed - reference.log_landed)[..., None]
    # Who sells nothing must not overflow.
    change = jnp.where(reference.origins > 0, change, 0.0)
    mean = jnp.sum(reference.origins * change, axis=0)
    power = theta[None, :, None, None]
    grown = jnp.sum(reference.origins * jnp.expm1(-power * (change - mean)), axis=0)
    return jnp.log1p(grown) / theta[:, None, None]


def worth_of(
    inside: Bool[Array, " players"],
    ours: Inputs,
    theirs: Inputs,
    *,
    reference: Reference,
    economy: Economy,
    elasticities: Elasticities,
    guess: Float[Array, "*s d"],
) -> Worth:
    """Worth of the coalition whose members `inside` marks, in the order of `Inputs`."""
    chosen, shock = _joined(inside, ours, theirs, economy)
    solution = solve_year(economy, elasticities, shock, guess)
    sourcing = _sourcing(solution.log_price, chosen, reference, economy, elasticities.trade)
    return Worth(solution.log_real_income, sourcing, solution.unknowns, solution.residual)


def _join(
    inside: Bool[Array, " players"], ours: Inputs, theirs: Inputs, economy: Economy
) -> tuple[Inputs, NoShock]:
    """Inputs of a coalition, and the changes from the base that they are."""
    chosen = Inputs(
        *(
            jax.tree.map(lambda one, other, pick=pick: jnp.where(pick, one, other), mine, yours)
            for pick, mine, yours in zip(inside, ours, theirs, strict=True)
        )
    )
    trade = chosen.prices
    return chosen, NoShock.of(economy)._replace(
        tariff=trade.tariff,
        export_tax=trade.export_tax,
        subsidy=trade.subsidy,
        log_iceberg=trade.log_iceberg[..., None],
        log_productivity=(
            chosen.ideas + chosen.research + chosen.scale + chosen.bottleneck + chosen.other
        ),
        log_labour=chosen.factors,
        home_preference=trade.home_preference,
        deficit=trade.deficit,
        outlay=chosen.outlay,
    )


def _gain_of_sourcing(
    log_price: Float[Array, "i k"],
    chosen: Inputs,
    reference: Reference,
    economy: Economy,
    theta: Float[Array, " k"],
) -> Float[Array, " n"]:
    gains = log_gains(log_landed(log_price, chosen, economy), reference, theta)
    return jnp.einsum("nkg,kng->n", reference.direct, gains) + jnp.einsum(
        "nki,ki->n", reference.indirect, gains[:, :, 0]
    )


# The equilibrium between them is that of the path, which is compiled already.
_joined = Program(_join)
_sourcing = Program(_gain_of_sourcing)
_landed = Program(log_landed)
