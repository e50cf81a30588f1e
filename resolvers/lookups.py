"""What loaders look up, by the key or another column; each query is made once for each actor."""

from models import (
    Appeal,
    Area,
    Attendance,
    Claim,
    CoIssuer,
    Credential,
    Decline,
    Evaluation,
    FollowUp,
    FollowUpGroup,
    FollowUpGroupMember,
    Grant,
    Honour,
    Objection,
    PolicyVersion,
    Proposal,
    ProposalState,
    Publication,
    PublicationState,
    RankingEntry,
    Reporter,
    Request,
    RequestCategory,
    ResidentLink,
    Task,
    TaskScore,
    WorkOrder,
)
from policies.scopes import readable, whole
from resolvers.plan import Lookup

READABLE_BELOW = Lookup("parent_id", lambda actor: readable(Area, actor).order_by("code"))
ALL_BELOW = Lookup("parent_id", lambda actor: whole(Area).order_by("code"))
GRANTS_OF_MEMBER = Lookup("member_id", lambda actor: readable(Grant, actor).order_by("since", "id"))
DELEGATIONS_OF_GRANT = Lookup("source_id", lambda actor: readable(Grant, actor).order_by("since", "id"))
CREDENTIALS_OF_MEMBER = Lookup(
    "member_id", lambda actor: readable(Credential, actor).order_by("-created_at", "-id")
)
CO_ISSUERS_OF_SUMMONS = Lookup("summons_id", lambda actor: CoIssuer.all().order_by("area_id"))
TASKS_OF_SUMMONS = Lookup(
    "summons_id", lambda actor: readable(Task, actor).order_by("-lead", "created_at", "id")
)
ATTENDANCES_OF_TASK = Lookup("task_id", lambda actor: Attendance.all().order_by("arrived_at", "id"))
DECLINES_OF_TASK = Lookup("task_id", lambda actor: Decline.all().order_by("declined_at", "id"))
OPEN_PROPOSALS_OF_TASK = Lookup(
    "task_id", lambda actor: Proposal.filter(state=ProposalState.OPEN).order_by("proposed_at", "id")
)
EVALUATIONS_OF_TASK = Lookup(
    "task_id", lambda actor: readable(Evaluation, actor).filter(voided_at=None).order_by("submitted_at", "id")
)
APPEALS_OF_EVALUATION = Lookup("evaluation_id", lambda actor: Appeal.all())
RATINGS_OF_TASK = Lookup(
    "task_id",
    lambda actor: ResidentLink.filter(rated_at__isnull=False, voided_at=None).order_by("rated_at", "id"),
)
FOLLOWUPS_OF_SUMMONS = Lookup("summons_id", lambda actor: readable(FollowUp, actor).order_by("round"))
FOLLOWUP_GROUPS_OF_AREA = Lookup("area_id", lambda actor: readable(FollowUpGroup, actor).order_by("id"))
SEATS_OF_GROUP = Lookup("group_id", lambda actor: FollowUpGroupMember.all().order_by("id"))
REQUESTS_OF_SUMMONS = Lookup(
    "summons_id", lambda actor: readable(Request, actor).order_by("created_at", "id")
)
CATEGORIES_BELOW = Lookup(
    "parent_id", lambda actor: readable(RequestCategory, actor).filter(closed_at=None).order_by("name", "id")
)
MERGED_INTO_REQUEST = Lookup(
    "merged_into_id", lambda actor: readable(Request, actor).order_by("created_at", "id")
)
ORDERS_OF_REQUEST = Lookup(
    "request_id", lambda actor: readable(WorkOrder, actor).order_by("created_at", "id")
)
REPORTERS_OF_REQUEST = Lookup("request_id", lambda actor: Reporter.all().order_by("created_at", "id"))
SCORES_OF_TASK = Lookup("task_id", lambda actor: readable(TaskScore, actor).order_by("round"))
OBJECTIONS_OF_PUBLICATION = Lookup(
    "publication_id", lambda actor: readable(Objection, actor).order_by("number")
)
CORRECTION_OF_PUBLICATION = Lookup(
    "corrects_id", lambda actor: readable(Publication, actor).order_by("edition")
)
RANKING_OF_PUBLICATION = Lookup("publication_id", lambda actor: RankingEntry.all().order_by("id"))
HONOURS_OF_PUBLICATION = Lookup("publication_id", lambda actor: Honour.all().order_by("place"))
HONOURS_BY_HAND = Lookup(
    "path", lambda actor: Honour.filter(publication_id=None).order_by("-month", "honoured_at", "id")
)
PUBLISHED_BY_AREA = Lookup(
    "area_id",
    lambda actor: readable(Publication, actor).filter(state=PublicationState.PUBLISHED).order_by("-month"),
)
POLICIES_BY_HASH = Lookup("hash", lambda actor: readable(PolicyVersion, actor).order_by("number"))
CLAIMS_OF_ITEM = Lookup("item_id", lambda actor: readable(Claim, actor).order_by("claimed_at", "id"))
