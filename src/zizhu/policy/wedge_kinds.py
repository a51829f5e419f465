"""The kinds of raw wedges: what each changes, in which unit, on which target, within which limits.

Ranges are limits on what can be meant and catch slips of the pen; they are assumptions, not
evidence about what is likely.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from zizhu.policy.wedge_units import (
    BILLION_USD,
    LOG_PERCENT,
    MILLION_USD,
    PERCENT,
    POINTS,
    TIME,
    Unit,
)

SIZE, YEARS, AGAINST = "size", "years", "against"
# Keys in the order in which help texts show them.
_ORDER = ("region", AGAINST, "of", "from", "to", "sector", "node", "firm", SIZE, YEARS)


@dataclass(frozen=True)
class WedgeKind:
    """One kind of raw wedge.

    title     what it changes
    unit      of its size
    field     of `PathWedges`
    axes      keys of the targets, in the order of the array's axes after the year
    example   a text that works in a path from 2022 to 2030 or longer
    range     least and most that one size may be: fractions, bn USD or years
    sentence  what it does, with its targets in braces; the size follows
    defaults  keys that may be left out, with what stands for them
    """

    title: str
    unit: Unit
    field: str
    axes: tuple[str, ...]
    example: str
    range: tuple[float, float]
    sentence: str
    defaults: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys that it takes; `years` and those with a default may be left out."""
        return tuple(key for key in _ORDER if key in (*self.axes, *self.defaults, SIZE, YEARS))

    @property
    def limits(self) -> str:
        """Its range in words."""
        least, most = self.range
        return f"{self.unit.say(least).split(' ')[0]} to {self.unit.say(most)}"


_FLOW = ("from", "sector", "to")
_CELL = ("region", "sector")
_REGION = ("region",)
_NODE = ("node", "region")

WEDGES: dict[str, WedgeKind] = {
    "tariff": WedgeKind(
        "tariff of the buyer's region",
        POINTS,
        "tariff",
        _FLOW,
        "tariff from=USA to=CHN sector=C26 size=25% years=2025-2030",
        (-0.95, 10.0),
        "the tariff of {to} on {sector} from {from} changes by",
    ),
    "export_tax": WedgeKind(
        "export tax of the seller's region",
        POINTS,
        "export_tax",
        _FLOW,
        "export_tax from=CHN to=USA,JPN sector=B07_08 size=15% years=2023-",
        (-0.95, 10.0),
        "the export tax of {from} on {sector} sold to {to} changes by",
    ),
    "subsidy": WedgeKind(
        "production subsidy, share of cost",
        POINTS,
        "subsidy",
        _CELL,
        "subsidy region=CHN sector=C26 size=5%",
        (-0.95, 0.9),
        "the production subsidy of {region} for {sector}, as a share of cost, changes by",
    ),
    "iceberg": WedgeKind(
        "trade cost that nobody earns",
        LOG_PERCENT,
        "log_iceberg",
        _FLOW,
        "iceberg from=EU to=RUS sector=all size=10%",
        (-0.9, 100.0),
        "the cost of bringing {sector} from {from} to {to} changes by",
    ),
    "productivity": WedgeKind(
        "productivity",
        LOG_PERCENT,
        "log_productivity",
        _CELL,
        "productivity region=CHN sector=manufacturing size=0%..3% years=2024-2030",
        (-0.9, 9.0),
        "productivity of {sector} in {region} changes by",
    ),
    "labour": WedgeKind(
        "labour",
        LOG_PERCENT,
        "log_labour",
        _REGION,
        "labour region=JPN size=0%..-4% years=2023-2030",
        (-0.9, 9.0),
        "labour in {region} changes by",
    ),
    "home_preference": WedgeKind(
        "price advantage of home goods with the public buyer",
        LOG_PERCENT,
        "home_preference",
        _CELL,
        "home_preference region=CHN sector=goods size=20% years=2026-",
        (0.0, 10.0),
        "public buyers of {region} choose among {sector} as if foreign goods were dearer by",
    ),
    "deficit": WedgeKind(
        "trade deficit; `against` carries the other side in proportion to its GDP",
        MILLION_USD,
        "deficit",
        _REGION,
        "deficit region=USA against=CHN,EU size=-50bn years=2024-",
        (-5000.0, 5000.0),
        "the trade deficit of {region} against {against} changes by",
        defaults={AGAINST: "all"},
    ),
    "outlay": WedgeKind(
        "resources used without welfare",
        MILLION_USD,
        "outlay",
        _REGION,
        "outlay region=CHN size=20bn years=2024-2026",
        (0.0, 10_000.0),
        "resources used in {region} without adding to welfare rise by",
    ),
    "barred": WedgeKind(
        "part of sales of a node that is barred, of what controls of the base leave",
        PERCENT,
        "barred",
        ("node", "to", "from"),
        "barred from=NLD,JPN to=CHN node=semiconductors/lith_duv size=50% years=2023-",
        (0.0, 1.0),
        "of the sales of {node} from {from} to {to} that the base leaves, the part barred is",
    ),
    "barred_above": WedgeKind(
        "part of sales of a node above the threshold of export controls that is barred",
        PERCENT,
        "barred_above",
        ("node", "to", "from"),
        "barred_above from=USA to=CHN node=ai/accelerator size=90% years=2023-",
        (0.0, 1.0),
        "of the advanced sales of {node} from {from} to {to} the part barred is",
    ),
    "lifted": WedgeKind(
        "part of all bars on sales of a node that is lifted, those of the base year included",
        PERCENT,
        "lifted",
        ("node", "to", "from"),
        "lifted from=NLD,JPN to=CHN node=semiconductors/lith_duv size=100% years=2026-",
        (0.0, 1.0),
        "of the bars on sales of {node} from {from} to {to} the part lifted is",
    ),
    "node_money": WedgeKind(
        "money at work on a node, through no fund",
        BILLION_USD,
        "node_money",
        _NODE,
        "node_money region=CHN node=semiconductors/lith_euv size=3bn years=2023-",
        (0.0, 1000.0),
        "money at work on {node} in {region}, through no fund, rises by",
    ),
    "commitment": WedgeKind(
        "money that funds announce for a node in each of the years",
        BILLION_USD,
        "commitment",
        _NODE,
        "commitment region=CHN node=semiconductors/etch size=10bn years=2024",
        (0.0, 1000.0),
        "funds of {region} announce for {node}",
    ),
    "node_preference": WedgeKind(
        "price advantage of home supplies of a node with its buyers",
        LOG_PERCENT,
        "node_preference",
        _NODE,
        "node_preference region=CHN node=semiconductors/etch size=25% years=2023-",
        (-0.9, 10.0),
        "buyers of {node} in {region} choose as if foreign supplies were dearer by",
    ),
    "mandate": WedgeKind(
        "part of the buyers of a node that must buy at home",
        PERCENT,
        "mandate",
        _NODE,
        "mandate region=CHN node=software_stack/database size=30% years=2023-",
        (0.0, 1.0),
        "of the buyers of {node} in {region} the part that must buy at home is",
    ),
    "node_ability": WedgeKind(
        "ability of the makers of a node that comes from elsewhere, added in each of the years",
        LOG_PERCENT,
        "node_ability",
        _NODE,
        "node_ability region=CHN node=semiconductors/etch size=2% years=2023-",
        (-0.9, 10.0),
        "makers of {node} in {region} need in each of the years less for the same product by",
    ),
    "hoarding": WedgeKind(
        "purchases in advance in each of the years",
        TIME,
        "hoarding",
        _NODE,
        "hoarding region=CHN node=semiconductors/lith_duv size=0.5years years=2023",
        (0.0, 10.0),
        "buyers of {node} in {region} buy in advance what they normally buy in",
    ),
    "isolation": WedgeKind(
        "part of openness to people, patents and licences that is cut",
        PERCENT,
        "isolation",
        ("of", "from"),
        "isolation of=CHN from=USA size=100%",
        (0.0, 1.0),
        "of the openness of {of} to people, patents and licences of {from} the part cut is",
    ),
    "research": WedgeKind(
        "added research spending a year, real, net of relabelling",
        MILLION_USD,
        "research",
        _REGION,
        "research region=CHN size=50bn",
        (0.0, 5000.0),
        "real research spending in {region} rises by",
    ),
    "sector_effort": WedgeKind(
        "money at work on the abilities of makers in a sector a year",
        MILLION_USD,
        "sector_effort",
        _CELL,
        "sector_effort region=CHN sector=C26 size=5bn years=2023-",
        (0.0, 1000.0),
        "money at work on the abilities of makers of {sector} in {region} rises by",
    ),
    "graduates": WedgeKind(
        "places at universities",
        PERCENT,
        "graduates",
        _REGION,
        "graduates region=CHN size=10%",
        (-1.0, 10.0),
        "places at universities of {region} change, relative to the base, by",
    ),
    "stay_rate": WedgeKind(
        "share of graduates that stay",
        POINTS,
        "stay_rate",
        _REGION,
        "stay_rate region=USA size=-10% years=2025-",
        (-1.0, 1.0),
        "the share of graduates of {region} that stay changes by",
    ),
    "returnees": WedgeKind(
        "part of the stock abroad that returns in each of the years, on top of the base",
        PERCENT,
        "returnees",
        _REGION,
        "returnees region=CHN size=2% years=2024-2028",
        (0.0, 1.0),
        "of the talent of {region} abroad the part that returns, on top of the base, is",
    ),
    "density": WedgeKind(
        "cluster density",
        LOG_PERCENT,
        "density",
        _CELL,
        "density region=CHN sector=C26 size=20% years=2024-",
        (-0.9, 9.0),
        "cluster density of {sector} in {region} changes by",
    ),
    "support": WedgeKind(
        "effective support, share of output, that misallocates",
        POINTS,
        "support",
        _CELL,
        "support region=CHN sector=all size=-1% years=2025-",
        (-0.5, 0.5),
        "effective support of {sector} in {region}, as a share of output, changes by",
    ),
    "listed": WedgeKind(
        "part of the inputs of a listed firm that is barred",
        PERCENT,
        "listed",
        ("firm",),
        "listed firm=huawei size=100% years=2023-",
        (0.0, 1.0),
        "of the inputs of {firm} the part that is barred is",
    ),
}
