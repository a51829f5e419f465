"""Technologies side by side: how far China supplies itself, by what definition."""

from __future__ import annotations

from scipy.stats import kendalltau

from zizhu.evidence.claims import Claim
from zizhu.evidence.settle.chain_numbers import home_share, supplier_share
from zizhu.evidence.settle.finding import Finding, Number, cited

# Technologies from the most to the least self-sufficient, as the claim's test expects; equal
# ranks are not ordered among themselves.
_EXPECTED: dict[str, tuple[int, str, str, str]] = {
    "trains": (1, "high_speed_rail", "hs_train", "local_content"),
    "batteries": (1, "batteries_nev", "cell", "home_market"),
    "vehicles": (1, "batteries_nev", "nev", "home_market"),
    "solar": (1, "solar_pv", "module", "home_market"),
    "robots": (2, "robots_cnc", "robot", "home_market"),
    "medicines": (3, "biotech_pharma", "therapy", "home_market"),
    "chips": (4, "semiconductors", "ic", "output_over_use"),
    "machine tools": (5, "robots_cnc", "machine_tool", "home_market"),
    "aircraft engines": (6, "commercial_aircraft", "engine", "installed_use"),
    "lithography": (7, "semiconductors", "lith_duv", "installed_use"),
    "design software": (7, "semiconductors", "eda", "home_market"),
}
# Where a figure is about a part of the node.
_SCOPES = {"machine tools": "five-axis machines"}
_OFFSHORE = ("shipbuilding", "offshore", "installed_use")
_LEADERS = ("trains", "vehicles", "solar")
LEAST_TAU = 0.7


def _shares() -> dict[str, Number]:
    return {
        name: home_share(chain, node, definition, scope=_SCOPES.get(name, ""))
        for name, (_, chain, node, definition) in _EXPECTED.items()
    }


def _tau(shares: dict[str, Number]) -> float:
    """Kendall's tau-b between the expected order and the shares."""
    expected = [-rank for rank, *_ in _EXPECTED.values()]
    return float(kendalltau(expected, [one.value for one in shares.values()]).statistic)


def self_sufficiency_order(claim: Claim) -> Finding:
    """Order of technologies by what China supplies to itself, of the chains' figures."""
    shares = _shares()
    order = sorted(shares, key=lambda name: -shares[name].value)
    third = round(len(order) / 3)
    if claim.id == "C074":
        leaders = [shares[name] for name in _LEADERS]
        world = [supplier_share(*_EXPECTED[name][1:3]) for name in _LEADERS]
        # Equal shares take the same place: fewer than a third of the others lie above.
        places = [sum(o.value > one.value for o in shares.values()) for one in leaders]
        return Finding(
            "self_sufficiency_order",
            claim.id,
            (*leaders, *world),
            f"Of {len(order)} technologies trains, electric vehicles and solar modules have "
            f"{', '.join(str(place) for place in places)} above them, with "
            f"{', '.join(f'{one.value:g}' for one in leaders)} percent supplied at home.",
            f"each among the first {third} of {len(order)} by home share; export shares are not in "
            "the tables, world market shares stand beside",
            all(place < third for place in places),
        )
    if claim.id == "C075":
        offshore = home_share(*_OFFSHORE)
        chips = shares["chips"]
        first = shares[order[third - 1]].value
        numbers: tuple[Number, ...] = (
            chips,
            offshore,
            home_share("shipbuilding", "ship", "home_market"),
        )
        return Finding(
            "self_sufficiency_order",
            claim.id,
            numbers,
            f"Chips have {chips.value:g} percent and offshore equipment {offshore.value:g} percent "
            f"supplied at home; the upper third of the technologies begins at {first:g}.",
            "both below the upper third (judgement); merchant ships stand apart",
            max(chips.value, offshore.value) < first,
        )
    tau = _tau(shares)
    weak = sum(one.source.endswith("confidence low") for one in shares.values())
    numbers = (
        Number(
            "Kendall's tau with the expected order",
            tau,
            "1",
            "own_computation",
            "the chains' files",
        ),
        *(shares[name] for name in order),
    )
    return Finding(
        "self_sufficiency_order",
        claim.id,
        numbers,
        f"By home share the order is {', '.join(order)}; it agrees with the expected one with a "
        f"tau of {tau:.2f}, across definitions that differ, and {weak} of the figures are of low "
        "confidence.",
        f"an order is expected with a tau of {LEAST_TAU:g} or more (judgement); the year 2035 is "
        "still open",
        None,
    )


def vehicle_and_battery_share(claim: Claim) -> Finding:
    """Chinese shares in electric vehicles and batteries, and the support over sales."""
    home = cited("F66", "domestic_share_h1_2024", "home_market", "vehicles, domestic makers")
    cells = supplier_share("batteries_nev", "cell")
    vehicles = supplier_share("batteries_nev", "nev")
    before = cited("F08", "share_of_sales_before_2017", "revenue", "support over sales, up to 2016")
    after = cited("F08", "share_of_sales_2023", "revenue", "support over sales")
    return Finding(
        "vehicle_and_battery_share",
        claim.id,
        (home, cells, vehicles, before, after),
        f"Domestic makers have {home.value:g} percent of the home market in vehicles, Chinese "
        f"firms {cells.value:g} percent of the world's batteries; support fell from over "
        f"{before.value:g} to {after.value:g} percent of sales.",
        "at least 85 percent at home, 65 to 75 percent of batteries (judgement), support falls",
        home.value >= 85 and 65 <= cells.value <= 75 and after.value < before.value,
    )
