"""Mutations of work orders: claimed or accepted, done, verified."""

import strawberry

from resolvers import steps
from schema.changes import Guarded, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON


@strawberry.input(description="A change of one work order.")
class OrderInput(Guarded):
    order: ID = needed("Id of the work order that is to change.")


@strawberry.input(description="An order that the caller takes on of their own accord (认领).")
class ClaimOrderInput(OrderInput):
    note: str | None = given(NOTE)


@strawberry.input(description="An order that the caller takes on as they were asked to (接单).")
class AcceptOrderInput(OrderInput):
    note: str | None = given(NOTE)


@strawberry.input(description="An order that the caller does not do, and why (退单).")
class DeclineOrderInput(OrderInput):
    reason: str = needed(REASON)


@strawberry.input(description="An order that somebody else is asked to do (改派).")
class AssignOrderInput(OrderInput):
    assignee: ID | None = given(
        "The member who is to do it; left out, with no unit either: whoever fits may claim it."
    )
    unit: ID | None = given(
        "The unit that is to do it, of the village or paired with it; instead of a member."
    )
    note: str | None = given(NOTE)


@strawberry.input(description="An order that is done, and how (完成).")
class CompleteOrderInput(OrderInput):
    text: str = needed("What was done, in words; 1 to 20,000 characters.")
    evidence: list[str] | None = given("Addresses (https) of what proves it, at most 10 of 500 characters.")


@strawberry.input(description="A done order that the village finds well done (验收).")
class VerifyOrderInput(OrderInput):
    note: str | None = given(NOTE)


@strawberry.input(description="A done order that the village does not find done, and why (退回).")
class ReturnOrderInput(OrderInput):
    reason: str = needed(REASON)


@strawberry.input(description="An order that nobody need do any more, and why (撤单).")
class CancelOrderInput(OrderInput):
    reason: str = needed(REASON)


@strawberry.type
class OrderSteps:
    claim_order = change(
        "order",
        ClaimOrderInput,
        steps.of_order("claim"),
        "Take on an order that is open to all who fit (认领); of several who try, one has it.",
    )
    accept_order = change(
        "order", AcceptOrderInput, steps.of_order("accept"), "Take on an order that one is named for (接单)."
    )
    decline_order = change(
        "order",
        DeclineOrderInput,
        steps.of_order("decline"),
        "Give an order back (退单); unless somebody else is named within a working day, anybody who fits may claim it.",
    )
    assign_order = change(
        "order",
        AssignOrderInput,
        steps.of_order("assign"),
        "Name another member or a unit for an open order (改派), or let it be claimed.",
    )
    complete_order = change(
        "order",
        CompleteOrderInput,
        steps.of_order("complete"),
        "Say that an order is done (完成), with what proves it.",
    )
    verify_order = change(
        "order",
        VerifyOrderInput,
        steps.of_order("verify"),
        "Find an order well done (验收), not one's own: it earns a red flag, and the last one settles the request.",
    )
    return_order = change(
        "order",
        ReturnOrderInput,
        steps.of_order("returnOrder"),
        "Send a done order back to whoever did it (退回).",
    )
    cancel_order = change(
        "order", CancelOrderInput, steps.of_order("cancel"), "Take an order back that is not done yet (撤单)."
    )
