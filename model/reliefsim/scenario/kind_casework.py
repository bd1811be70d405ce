"""Casework, as a scenario file states it: workers with several open cases each."""

from __future__ import annotations

from typing import Literal

from .quantities import PositiveCount, Quantity, Share
from .service_base import Duration, ServiceBase, Workers


class Casework(ServiceBase):
    """Workers with several open cases each."""

    kind: Literal["casework"]
    workers: Workers | None = None  # permanent and free of charge; [teams] adds paid ones
    cases_per_worker: PositiveCount = Quantity(value=1)
    duration: Duration
    wished_outcome_share: Share = Quantity(value=1)
