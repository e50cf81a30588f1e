"""What can be asked about requests (诉求), their menus, and work orders (工单)."""

import strawberry

from resolvers import menus as resolve_menus
from resolvers import orders as resolve_orders
from resolvers import requests as resolve_requests
from schema.fields import field
from schema.menus import RequestCategory
from schema.nodes import MINE, NO_OTHER, PAGED, Connection
from schema.orders import FlagEntry, WorkOrder
from schema.requests import Request


@strawberry.type
class RequestLists:
    request: Request | None = field(
        resolve_requests.request,
        f"A request by its id; {MINE}",
        id=f"Id of the request; {NO_OTHER}",
    )
    requests: Connection[Request] | None = field(
        resolve_requests.requests,
        "Requests that the caller may read, newest first.",
        area="Only those from this area or below it.",
        filter="Conditions that all must hold; every request the caller may read when left out.",
        order_by="How the list is sorted; newest first when left out.",
        **PAGED,
    )
    request_categories: Connection[RequestCategory] | None = field(
        resolve_menus.categories,
        "Open entries of the menu (诉求菜单) for requests from an area, by name: its own, and those further up.",
        area="Code of the area that the request is of.",
        parent="Only entries right below this one; the top of the menu when left out.",
        **PAGED,
    )
    order: WorkOrder | None = field(
        resolve_orders.order,
        f"A work order by its id; {MINE}",
        id=f"Id of the order; {NO_OTHER}",
    )
    orders: Connection[WorkOrder] | None = field(
        resolve_orders.orders,
        "Work orders that the caller may read, newest first.",
        area="Only those for requests from this area or below it.",
        filter="Conditions that all must hold; every order the caller may read when left out.",
        **PAGED,
    )
    flags: Connection[FlagEntry] | None = field(
        resolve_orders.flags,
        "Red flags (红旗) that the caller may know of, newest first; `totalCount` tells how many there are.",
        area="Only those earned in this area or below it.",
        member="Only those of this member.",
        **PAGED,
    )
