"""Mutations of villages' lists: items entered and offered, claimed, done, verified."""

import strawberry

from models import ListKind
from resolvers import list_items as resolve
from resolvers.ids import AreaCode
from schema.changes import Guarded, Repeatable, change
from schema.fields import given, needed
from schema.inputs import ID, NOTE, REASON

TITLE = "What it is, in a few words; 1 to 200 characters."
TEXT = "More about it; at most 20,000 characters."
CATEGORY = "The entry of a menu it stands under, of the village's or one further up."


@strawberry.input(description="A need or a resource of a village (新增清单事项).")
class CreateListItemInput(Repeatable):
    area: AreaCode = needed("Code of the village whose list it stands on.")
    kind: ListKind = needed("NEED or RESOURCE; a service is offered by whoever does it.")
    title: str = needed(TITLE)
    text: str | None = given(TEXT)
    request_category: ID | None = given(CATEGORY)


@strawberry.input(description="A service for a village (申报服务项目).")
class OfferServiceInput(Repeatable):
    area: AreaCode = needed("Code of the village that it is offered to; each gets an offer of its own.")
    request_category: ID = needed(CATEGORY)
    title: str = needed(TITLE)
    text: str | None = given(TEXT)
    unit: ID | None = given(
        "The unit that offers it, which is paired with the village; the caller themself when left out."
    )


@strawberry.input(description="A change of one item; what is left out stays (修改清单事项).")
class ChangeListItemInput(Guarded):
    item: ID = needed("Id of the item that is to change.")
    title: str | None = given(TITLE)
    text: str | None = given(TEXT)
    request_category: ID | None = given(CATEGORY)


@strawberry.input(description="An item that is not there any more, and why (关闭清单事项).")
class CloseListItemInput(Guarded):
    item: ID = needed("Id of the item that is to close.")
    reason: str = needed(REASON)


@strawberry.input(description="An item that the caller takes on (认领).")
class ClaimListItemInput(Repeatable):
    item: ID = needed("Id of the need or resource.")
    unit: ID | None = given("The unit in whose name it is claimed; the caller themself when left out.")


@strawberry.input(description="A change of one claim.")
class ClaimInput(Guarded):
    claim: ID = needed("Id of the claim that is to change.")


@strawberry.input(description="A claim that was done, and how (完成认领).")
class CompleteClaimInput(ClaimInput):
    text: str = needed("How it was done; 1 to 20,000 characters.")


@strawberry.input(description="A claim that is given back, and why (退回认领).")
class DropClaimInput(ClaimInput):
    reason: str = needed(REASON)


@strawberry.input(description="A done claim that the village finds well done (验收认领).")
class VerifyClaimInput(ClaimInput):
    note: str | None = given(NOTE)


@strawberry.type
class ListItemChanges:
    create_list_item = change(
        "item",
        CreateListItemInput,
        resolve.create_item,
        "Enter a need or a resource of the village (新增清单事项). For its cadres.",
    )
    change_list_item = change(
        "item",
        ChangeListItemInput,
        resolve.change_item,
        "Change an open item (修改清单事项). For the village, and for whoever offers it.",
    )
    close_list_item = change(
        "item",
        CloseListItemInput,
        resolve.close_item,
        "Close an item (关闭清单事项) once nobody has a claim to it that is not verified.",
    )
    offer_service = change(
        "item",
        OfferServiceInput,
        resolve.offer_service,
        "Offer a service (申报服务项目): for a paired unit by its liaison, or for oneself where one is registered. "
        "Orders that ask for it can then be claimed.",
    )
    claim_list_item = change(
        "claim",
        ClaimListItemInput,
        resolve.claim_item,
        "Take on a need, which one can have, or a resource (认领). For part-time committee members and paired units.",
    )
    complete_claim = change(
        "claim", CompleteClaimInput, resolve.complete_claim, "Say that what one claimed is done (完成认领)."
    )
    drop_claim = change(
        "claim", DropClaimInput, resolve.drop_claim, "Give a claim back (退回认领); others may claim it then."
    )
    verify_claim = change(
        "claim",
        VerifyClaimInput,
        resolve.verify_claim,
        "Find a done claim well done (验收认领). For the village; nobody verifies their own.",
    )
