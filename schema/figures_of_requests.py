"""Figures of requests and work orders, as clients see them."""

from datetime import datetime

import strawberry

from models import Channel, MatterClass
from schema.fields import attribute


@strawberry.type(description="How many requests are of a class (三事分流).")
class ClassCount:
    matter_class: MatterClass | None = attribute("Whose matter they are; null for those not triaged yet.")
    count: int = attribute("Number of requests of that class; 1 or more.")


@strawberry.type(description="How many requests came in by a channel.")
class ChannelCount:
    channel: Channel = attribute("The way they came in.")
    count: int = attribute("Number of requests that came in by it; 1 or more.")


@strawberry.type(
    description=(
        "Figures of the requests reported in a period, and of the work orders made in it, from an area and everything "
        "below it, as they stand now. They count what the caller may read."
    )
)
class RequestFigures:
    received: int = attribute("Number of requests reported (收集), without those merged into others.")
    merged: int = attribute("Number of requests merged into others (合并).")
    settled: int = attribute(
        "Number of those received that are done or closed and were not taken back (办结)."
    )
    settling_rate: float | None = attribute("Settled ÷ received, 0.0 to 1.0; null when nothing came in.")
    by_class: list[ClassCount] = attribute("Those received, by class; at most 4.")
    by_channel: list[ChannelCount] = attribute("Those received, by channel; at most 11.")
    orders: int = attribute("Number of work orders made (派单).")
    verified: int = attribute("Number of those that the village found well done (验收).")
    members: int = attribute("Number of members who did those; whoever did several counts once.")
    order_rate: float | None = attribute("Verified ÷ made, 0.0 to 1.0; null when no order was made.")
    as_of: datetime = attribute(
        "The moment up to which was counted: the period's end, or now while it still runs."
    )
