"""Control charts (控制图): which of a metric's months lie outside of what chance explains."""

from enum import StrEnum


class ChartKind(StrEnum):
    """How far chance carries a month from the mean."""

    P = "P"
    U = "U"


class Outlier(StrEnum):
    """On which side of the limits a month lies."""

    ABOVE = "ABOVE"
    BELOW = "BELOW"


class ChartGap(StrEnum):
    """Why a chart has no mean and no limits."""

    TOO_FEW_MONTHS = "TOO_FEW_MONTHS"
