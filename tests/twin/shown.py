"""The twin's books as tables of the model's layout, made whenever planner, donors or teams look at them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reliefsim.engine.delivery.services import Delivery

from .money import Books

Table = npt.NDArray[np.void]


class Shown(Delivery):
    """What the shared actors see of the twin's money."""

    books: Books | None = None

    @property
    def grants(self) -> Table:
        """Each grant as it stands."""
        for grant in self.books.grants if self.books else ():
            row = self._grants[grant.number]
            row["ends"], row["is_open"], row["received"] = grant.ends, grant.is_open, grant.received
            row["cash"], row["committed"], row["spent"] = grant.cash, grant.committed, grant.spent
            row["lapsed"], row["direct"], row["indirect"] = grant.lapsed, grant.direct, grant.indirect
        return self._grants

    @grants.setter
    def grants(self, table: Table) -> None:
        self._grants = table

    @property
    def lines(self) -> Table:
        """Each envelope as it stands."""
        for grant in self.books.grants if self.books else ():
            for row, envelope in zip(self._lines[:, grant.number], grant.envelopes, strict=True):
                row["left"], row["direct"] = envelope.left, envelope.direct
                row["committed"], row["spent"] = envelope.committed, envelope.spent
        return self._lines

    @lines.setter
    def lines(self, table: Table) -> None:
        self._lines = table

    @property
    def pay_order(self) -> npt.NDArray[np.int64]:
        """Who pays before whom."""
        return self._pay_order if self.books is None else np.array([grant.number for grant in self.books.in_order], np.int64)

    @pay_order.setter
    def pay_order(self, order: npt.NDArray[np.int64]) -> None:
        self._pay_order = order
