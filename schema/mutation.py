"""Everything that can be changed."""

import strawberry

from schema.administration import Administration
from schema.appeals import Appeals
from schema.commitment_changes import CommitmentChanges
from schema.decision_changes import DecisionChanges
from schema.delegations import Delegations
from schema.emergencies import Emergencies
from schema.export_changes import ExportChanges
from schema.followup_changes import FollowUpChanges
from schema.honour_changes import HonourChanges
from schema.inspection_changes import InspectionChanges
from schema.list_item_changes import ListItemChanges
from schema.menu_changes import MenuChanges
from schema.metric_changes import MetricChanges
from schema.notice_changes import NoticeChanges
from schema.order_steps import OrderSteps
from schema.pairing_changes import PairingChanges
from schema.policy_changes import PolicyChanges
from schema.publication_steps import PublicationSteps
from schema.request_steps import RequestSteps
from schema.score_lock_changes import ScoreLockChanges
from schema.service_accounts import ServiceAccounts
from schema.summons_drafting import SummonsDrafting
from schema.summons_steps import SummonsSteps
from schema.task_answers import TaskAnswers
from schema.task_oversight import TaskOversight
from schema.template_changes import TemplateChanges
from schema.webhook_changes import WebhookChanges


@strawberry.type(
    description=(
        "Everything that can be changed. Each mutation is one transaction: all of it happens, with its events in the "
        "log, or nothing does and `problems` says why."
    )
)
class Mutation(
    SummonsDrafting,
    SummonsSteps,
    FollowUpChanges,
    TaskAnswers,
    TaskOversight,
    RequestSteps,
    OrderSteps,
    InspectionChanges,
    MenuChanges,
    PairingChanges,
    ListItemChanges,
    PublicationSteps,
    CommitmentChanges,
    NoticeChanges,
    HonourChanges,
    Administration,
    DecisionChanges,
    Delegations,
    Emergencies,
    ServiceAccounts,
    PolicyChanges,
    TemplateChanges,
    Appeals,
    ScoreLockChanges,
    WebhookChanges,
    MetricChanges,
    ExportChanges,
):
    pass
