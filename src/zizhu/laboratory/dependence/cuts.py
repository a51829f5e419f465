"""What is lost if a supplier's products are cut: by accounting, and in the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from zizhu.errors import NotConverged, ZizhuError
from zizhu.indicators import extraction
from zizhu.laboratory.dependence.accounts import Accounts, Numbers
from zizhu.laboratory.extraction import equilibrium_extraction

CUT = 0.9


class Loss(NamedTuple):
    """Losses of one cut, in percent; not a number where the model was not asked or not solved."""

    stopped: float
    content: float
    final_use: float
    seller_income: float
    user_real_income: float
    seller_real_income: float


class Cuts:
    """Losses of cuts in the same products, one supplier and one user at a time."""

    def __init__(
        self,
        accounts: Accounts,
        sectors: list[str],
        progress: Callable[[str], None],
        *,
        equilibrium: bool,
    ) -> None:
        self.accounts = accounts
        self.sectors = sectors
        self.progress = progress
        self.equilibrium = equilibrium
        self.model: dict[str, str | float] = {}
        self.notes: list[str] = []

    def loss(self, supplier: str, user: str) -> Loss:
        """What user and supplier lose if the user's imports from the supplier are cut."""
        table = self.accounts.world
        flows = self.accounts.flows.sel(supplier=supplier, user=user, sector=self.sectors)
        if float(flows.sum()) <= 0:
            return Loss(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        self.progress(f"cutting {user}'s imports from {supplier}")
        found = extraction(
            self.accounts.system, suppliers=supplier, users=user, sectors=self.sectors, cut=CUT
        )
        weight = table.output[table.regions.index(user)]
        here = found.sel(region=user)
        return Loss(
            float((here.stopped_output.values * weight).sum() / weight.sum()),
            float((here.cut_content.values * weight).sum() / weight.sum()),
            float(here.final_use_cut),
            float(found.region_value_added_lost.sel(region=supplier)),
            *self._in_equilibrium(supplier, user),
        )

    def _in_equilibrium(self, supplier: str, user: str) -> tuple[float, float]:
        missing = (float("nan"), float("nan"))
        if not self.equilibrium:
            return missing
        try:
            found = equilibrium_extraction(
                self.accounts.world,
                suppliers=supplier,
                users=user,
                sectors=self.sectors,
                cut=CUT,
            )
        except ZizhuError as error:
            # Anything else than a hard case would be said again for every supplier.
            self.equilibrium = isinstance(error, NotConverged)
            self.notes.append(f"no equilibrium loss of {user} cut off from {supplier}: {error}")
            return missing
        residual = float(found.attrs["largest_residual"])
        known = float(self.model.get("largest_residual", 0.0))
        self.model = {**found.attrs, "largest_residual": max(residual, known)}
        loss = found.real_income_loss
        return float(loss.sel(region=user)), float(loss.sel(region=supplier))

    @property
    def what(self) -> str:
        """The products that are cut, in words."""
        if len(self.sectors) == 1:
            return f"products of {self.sectors[0]}"
        return "all goods" if self.sectors == self.accounts.goods else "these products"

    def columns(self, suppliers: list[str], user: str) -> dict[str, Numbers]:
        """Columns of losses, a row per supplier."""
        losses = [self.loss(supplier, user) for supplier in suppliers]
        error = [self.accounts.inputs_error(user, [one], face=True) for one in suppliers]
        return dict(zip(LOSS_NAMES, self._columns(losses, error), strict=True))

    def _columns(self, losses: list[Loss], error: list[float]) -> list[Numbers]:
        values = np.array(losses).reshape(-1, len(Loss._fields)).T
        cut = f"if its imports of {self.what} from the supplier fall by {100 * CUT:.0f} percent"
        model = "zizhu model, `equilibrium_extraction`" + (
            f", elasticities {self.model['elasticities']}, scale {self.model['scale']}; the share "
            "that is cut is an assumption"
            if self.model
            else ""
        )
        texts = [
            (
                "percent of output",
                f"output of the region that stops at once {cut}, nothing is "
                "replaced and every product is needed: an upper bound, accounting",
            ),
            (
                "percent of output",
                f"value of what is missing in output, all tiers, {cut}; accounting",
            ),
            ("percent of final use", f"final use that is missing {cut}; accounting"),
            (
                "percent of value added",
                "value added of the supplier that hangs on these sales; "
                f"the user buys nothing instead {cut}; accounting",
            ),
            (
                "percent of real income",
                f"real income lost by the region {cut}, when buyers and "
                "prices adjust; negative is a gain",
            ),
            (
                "percent of real income",
                f"real income lost by the supplier {cut} (the user's "
                "imports), when buyers and prices adjust; negative is a gain",
            ),
        ]
        return [
            # What the model loses rests on flows and elasticities, not on who uses an input.
            Numbers(column, unit, text, error if place < 3 else None, model if place >= 4 else "")
            for place, (column, (unit, text)) in enumerate(zip(values, texts, strict=True))
        ]


LOSS_NAMES = (
    "stopped_output",
    "missing_content",
    "missing_final_use",
    "supplier_income_exposed",
    "real_income_loss",
    "supplier_real_income_loss",
)
