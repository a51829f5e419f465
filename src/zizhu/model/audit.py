"""Independent audit of a solution: every market again, in levels, by code of its own.

Nothing here is shared with the solver: plain NumPy, landed prices formed flow by flow, CES
indices in levels. Only wages, unit costs, production, income and limit costs are taken from the
solution; everything else is recomputed and compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from zizhu.errors import NotConverged
from zizhu.model.economy import Economy
from zizhu.model.elasticities import Elasticities
from zizhu.model.equilibrium import Solution
from zizhu.model.shock import Shock

Values = Float[np.ndarray, "..."]


@dataclass(frozen=True)
class Audit:
    """Largest relative residual of each kind of condition.

    unit_costs      cost of producing against prices of wages and inputs
    goods_markets   production of every (region, sector) against its sales
    factor_markets  wage bill of every region against factor payments
    sector_wages    bound labour: wage of every sector against its bill (0 if labour is mobile)
    budgets         income of every region against its sources
    trade_balances  imports less exports against the deficit, relative to the region's value added
                    (relative to trade it would say nothing where trade all but stops)
    limits          limited flows above their limit, or limited in vain
    reported        what the solution reports (real income, prices, flows, revenues, public costs)
                    against the same recomputed
    walras          value of all excess demands together, relative to world value added
    numeraire       world value added against its base value
    """

    unit_costs: float
    goods_markets: float
    factor_markets: float
    sector_wages: float
    budgets: float
    trade_balances: float
    limits: float
    reported: float
    walras: float
    numeraire: float

    @property
    def largest(self) -> float:
        """Worst residual of all; NaN if any condition could not be computed."""
        return float(np.max(list(vars(self).values())))

    @property
    def worst(self) -> str:
        """Name of the condition with the worst residual."""
        return max(vars(self), key=lambda name: np.nan_to_num(vars(self)[name], nan=np.inf))

    def require(self, largest_residual: float) -> None:
        """Raise `NotConverged` unless every residual is below `largest_residual`."""
        if not self.largest <= largest_residual:
            raise NotConverged(
                f"the solution does not solve its own equations: {self.worst.replace('_', ' ')} "
                f"miss by {self.largest:.1e}, {largest_residual:.0e} is allowed; try smaller "
                "shocks or a smaller scale elasticity"
            )


def _ces(weights: Values, prices: Values, elasticity: float, axis: int) -> Values:
    if elasticity == 1.0:
        return np.asarray(np.exp(np.sum(weights * np.log(prices), axis=axis)))
    power = 1.0 - elasticity
    total = np.sum(weights * prices**power, axis=axis)
    return np.where(total > 0, np.where(total > 0, total, 1.0) ** (1.0 / power), 1.0)


def _worst(found: Values, expected: Values, size: Values) -> float:
    gap = np.abs(found - expected) / np.where(size > 0, size, 1.0)
    return float(np.max(gap[size > 0])) if np.any(size > 0) else 0.0


def _by_group(by_use: Values, economy: Economy) -> Values:
    return by_use[..., :1] if economy.pooled else by_use


def audit(
    economy: Economy,
    elasticities: Elasticities,
    shock: Shock,
    solution: Solution,
    *,
    bound_labour: bool = False,
    limits: bool = False,
) -> Audit:
    """Recompute every market of `solution` and report by how much each misses."""
    get = np.asarray
    lam, gamma, beta = map(
        get, (economy.origin_shares, economy.input_shares, economy.value_added_share)
    )
    alpha, mu = get(economy.final_sector_shares), get(economy.final_use_shares)
    cost0, income0, wages0 = get(economy.cost), get(economy.income), get(economy.wage_bill)
    theta, psi = get(elasticities.trade), get(elasticities.scale)
    sigma, epsilon, rho, kappa, funds, by_labour = (
        float(get(getattr(elasticities, name)))
        for name in (
            "inputs",
            "value_added",
            "final",
            "wage_response",
            "public_funds",
            "scale_of_labour",
        )
    )
    regions, sectors, uses = cost0.shape[0], cost0.shape[1], 1 + mu.shape[1]
    abroad = ~np.eye(regions, dtype=bool)
    # Where all uses choose alike, the public buyer's wish counts by its part of spending.
    inputs0 = np.einsum("knj,nj->kn", gamma, (1 - beta) * cost0)[..., None]
    spent = np.concatenate([inputs0, alpha * (mu * income0[:, None])], axis=2)
    public = np.ones((sectors, regions))
    if economy.pooled and economy.public_use is not None:
        whole = spent.sum(axis=2)
        public = spent[:, :, 1 + economy.public_use] / np.where(whole > 0, whole, 1.0)
    t0, e0, s0 = get(economy.tariff), get(economy.export_tax), get(economy.subsidy)
    t1 = t0 + np.where(abroad[:, None, :], get(shock.tariff), 0.0)
    e1 = e0 + np.where(abroad[:, None, :], get(shock.export_tax), 0.0)
    s1 = s0 + get(shock.subsidy)
    labour = np.exp(get(shock.log_labour))
    limit_cost = np.exp(get(solution.log_limit_cost)).transpose(1, 0, 2)

    wage = np.exp(get(solution.log_wage))
    sector_wage = np.exp(get(solution.log_sector_wage))
    unit_cost = np.exp(get(solution.log_cost))
    cost1, income1 = get(solution.cost), get(solution.income)
    made = cost0 > 0

    # Producer prices.
    growth = np.where(made, cost1 / np.where(made, cost0, 1.0), 1.0)
    # Change of the share of value added, which a sector without any has as well.
    moved = (sector_wage / unit_cost) ** (1.0 - epsilon)
    beta1 = beta * moved
    used_labour = moved * growth / sector_wage
    size = used_labour if by_labour == 1.0 else growth / unit_cost
    price = unit_cost * (1 - s1) / (1 - s0) / (np.exp(get(shock.log_productivity)) * size**psi)
    price = np.where(made, price, 1.0)

    # Landed prices, sector prices and sourcing, use by use.
    sector_price = np.ones((sectors, regions, uses))
    unbiased_price = np.ones((sectors, regions, uses))
    bought_share = np.zeros((regions, sectors, regions, uses))
    for use in range(uses):
        if economy.pooled and use > 0:
            # All uses choose alike.
            for table in (sector_price, unbiased_price, bought_share):
                table[..., use] = table[..., 0]
            continue
        group = 0 if economy.pooled else use
        landed = price[:, :, None] * limit_cost * np.exp(get(shock.log_iceberg)[..., group])
        landed = landed * ((1 + e1) * (1 + t1)) / ((1 + e0) * (1 + t0))
        bias = np.zeros((sectors, regions))
        if economy.public_use is not None and (economy.pooled or use == 1 + economy.public_use):
            bias = public * get(shock.home_preference).T
        premium = np.exp(bias[None] * abroad[:, None, :])
        base = lam[..., group]
        # Relative to the cheapest seen price, so that high powers do not overflow.
        seen = np.where(base > 0, landed * premium, np.inf)
        least = np.min(seen, axis=0)
        known = np.isfinite(least)
        weight = base * np.where(base > 0, seen / np.where(known, least, 1.0), 1.0) ** (
            -theta[None, :, None]
        )
        total = np.where(known, weight.sum(axis=0), 1.0)
        perceived = np.where(known, least, 1.0) * total ** (-1.0 / theta[:, None])
        chosen = weight / total
        paid = np.where(known, (chosen / premium).sum(axis=0), 1.0)
        sector_price[:, :, use] = np.where(known, perceived * paid, 1.0)
        plain = np.where(base > 0, base, 1.0) * np.where(base > 0, landed, np.inf) ** (
            -theta[None, :, None]
        )
        plain = np.where(known, plain.sum(axis=0), 1.0)
        unbiased_price[:, :, use] = np.where(known, plain, 1.0) ** (-1.0 / theta[:, None])
        bought_share[..., use] = chosen / premium / paid

    # Unit costs and shares.
    input_price = np.broadcast_to(sector_price[:, :, :1], gamma.shape)
    buys = gamma.sum(axis=0) > 0  # a sector that buys no inputs has a bundle price of one
    bundle = np.where(buys, _ces(gamma, input_price, sigma, axis=0), 1.0)
    nest = np.stack([beta, 1 - beta]), np.stack([sector_wage, bundle])
    expected_cost = _ces(*nest, epsilon, axis=0)
    gamma1 = gamma * (input_price / bundle) ** (1 - sigma)
    final_price = _ces(alpha, sector_price[:, :, 1:], rho, axis=0)  # n f
    alpha1 = alpha * (sector_price[:, :, 1:] / final_price) ** (1 - rho)

    # Spending, flows, duties.
    outlay = get(shock.outlay)
    subsidies = (s1 * cost1).sum(axis=1)
    resources = outlay + (funds - 1) * (subsidies - (s0 * cost0).sum(axis=1) + outlay)
    inputs = (gamma1 * ((1 - beta1) * cost1)[None]).sum(axis=2)
    final = alpha1 * mu[None] * (income1 + resources)[None, :, None]
    spending = np.concatenate([inputs[:, :, None], final], axis=2)
    flow = (bought_share * spending[None]).sum(axis=3) / ((1 + e1) * (1 + t1))
    duty = (flow * t1 * (1 + e1)).sum(axis=(0, 1))
    export_duty = (flow * e1).sum(axis=(1, 2))

    wage_bill = wage * labour * wages0
    sources = wage_bill + get(economy.deficit) + get(shock.deficit) + duty + export_duty
    sources = sources - subsidies - resources
    factor = (beta1 * cost1).sum(axis=1)
    # Deficits are at prices before tariffs of the importer, after export taxes of the exporter.
    imports = (flow * (1 + e1) * abroad[:, None, :]).sum(axis=(0, 1))
    exports = (flow * (1 + e1) * abroad[:, None, :]).sum(axis=(1, 2))
    balance = get(economy.deficit) + get(shock.deficit)
    excess_goods = flow.sum(axis=2) - (1 - s1) * cost1
    world = wages0.sum()

    wage_gap = 0.0
    if bound_labour:
        bill = moved * growth / labour[:, None]
        follows = wage[:, None] ** (1 - kappa) * bill**kappa
        wage_gap = _worst(sector_wage, follows, np.where(made, sector_wage, 0.0))
    limit_gap = 0.0
    if limits:
        by_group = spent.sum(axis=2, keepdims=True) if economy.pooled else spent
        base_flow = (lam * by_group[None]).sum(axis=3) / ((1 + e0) * (1 + t0))
        held = np.isfinite(get(shock.log_flow_limit)) & (base_flow > 0)
        allowed = base_flow * np.exp(np.where(held, get(shock.log_flow_limit), 0.0))
        over = np.where(held, flow / np.where(held, allowed, 1.0) - 1.0, 0.0)
        in_vain = np.where(held & (limit_cost > 1.0 + 1e-9), np.abs(over), 0.0)
        limit_gap = float(max(np.max(over), np.max(in_vain), 0.0))

    price_level = np.prod(final_price**mu, axis=1)
    saved = 1.0 - unbiased_price / sector_price
    preference = np.zeros(regions)
    if economy.public_use is not None and not economy.pooled:
        use = 1 + economy.public_use
        preference = (saved[:, :, use] * spending[:, :, use]).sum(axis=0)
    claims: list[tuple[Values, Values, Values]] = [
        (np.exp(get(solution.log_real_income)), income1 / income0 / price_level, np.ones(regions)),
        (np.exp(get(solution.log_final_price)), price_level, price_level),
        (get(solution.flow).transpose(1, 0, 2).sum(axis=1), flow.sum(axis=1), flow.sum(axis=1)),
        (np.exp(get(solution.log_price)), price, np.where(made, price, 0.0)),
        (get(solution.value_added_share), beta1, np.where(made, 1.0, 0.0)),
        (get(solution.input_shares), gamma1 * buys, np.where(buys, 1.0, 0.0) + 0 * gamma1),
        (
            np.exp(get(solution.log_sector_price)),
            _by_group(sector_price, economy),
            _by_group(sector_price, economy),
        ),
        (get(solution.spending), spending, spending.sum(axis=(0, 2))[None, :, None] + 0 * spending),
        (get(solution.origin_shares), _by_group(bought_share, economy), 0 * lam + 1),
        (get(solution.tariff_revenue), duty, income1),
        (get(solution.export_tax_revenue), export_duty, income1),
        (get(solution.subsidy_cost), subsidies, income1),
        (get(solution.resource_cost), resources, income1),
        (get(solution.preference_cost), preference, income1),
    ]

    return Audit(
        unit_costs=_worst(expected_cost, unit_cost, np.where(made, unit_cost, 0.0)),
        goods_markets=_worst(flow.sum(axis=2), (1 - s1) * cost1, cost1),
        factor_markets=_worst(factor, wage_bill, wage_bill),
        sector_wages=wage_gap,
        budgets=_worst(sources, income1, income1),
        trade_balances=_worst(imports - exports, balance, wage_bill),
        limits=limit_gap,
        reported=max(_worst(*claim) for claim in claims),
        walras=float(
            np.abs(excess_goods.sum() + (factor - wage_bill).sum() + (income1 - sources).sum())
            / world
        ),
        numeraire=float(np.abs(wage_bill.sum() / world - 1.0)),
    )
