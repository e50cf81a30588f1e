"""Everything that can be asked."""

import strawberry

from resolvers import areas as resolve_areas
from resolvers import audit as resolve_audit
from resolvers import break_glass as resolve_break_glass
from resolvers import decisions as resolve_decisions
from resolvers import events as resolve_events
from resolvers import followups as resolve_followups
from resolvers import members as resolve_members
from resolvers import nodes as resolve_nodes
from resolvers import policies as resolve_rights
from resolvers import policy_changes as resolve_policies
from resolvers import retention as resolve_log
from resolvers import rules as resolve_rules
from resolvers import summons as resolve_summons
from resolvers import tasks as resolve_tasks
from resolvers import units as resolve_units
from resolvers import webhooks as resolve_webhooks
from schema.areas import FILTERED, Area
from schema.audit import AuditEntry
from schema.break_glass import EmergencyAccess
from schema.co_building import CoBuilding
from schema.decisions import CalendarDay
from schema.events import EventConnection, EventLog
from schema.exports import ExportLists
from schema.fields import field
from schema.figures import FigureLists
from schema.followups import FollowUp
from schema.inspection_lists import InspectionLists
from schema.members import Grant, Member, Viewer
from schema.nodes import AFTER_EVENT, MINE, NO_OTHER, PAGED, Connection, Node
from schema.policies import PolicyCell, PolicyCheck, PolicyDiff, PolicySimulation, Right
from schema.policy_versions import PolicyVersion
from schema.publicity import Publicity
from schema.request_lists import RequestLists
from schema.rules import Decision, PolicyRule
from schema.summons import Summons
from schema.tasks import Task
from schema.units import DutyItem, Unit
from schema.webhooks import Webhook


@strawberry.type(
    description="Everything that can be asked. What the caller may not read is not there: it is null, or missing."
)
class Query(ExportLists, FigureLists, InspectionLists, Publicity, RequestLists, CoBuilding):
    viewer: Viewer | None = field(
        resolve_members.viewer, "The caller, with what they hold and what waits for them."
    )
    node: Node | None = field(
        resolve_nodes.node, f"Any object by its id; {MINE}", id="Id of an object of any type."
    )
    nodes: list[Node | None] | None = field(
        resolve_nodes.nodes,
        "Several objects by their ids, in the order asked for; null in the place of each that is not there.",
        ids="Ids of objects of any types, at most 100.",
    )
    area: Area | None = field(
        resolve_areas.area, f"An area by its code; {MINE}", code="National code of the area."
    )
    areas: Connection[Area] | None = field(
        resolve_areas.areas,
        "Areas anywhere in the country, by code.",
        area="Only this area and those below it.",
        level="Only areas of this level.",
        name="Only areas with these words in their name; at most 200 characters.",
        **PAGED,
    )
    calendar: list[CalendarDay] | None = field(
        resolve_decisions.calendar,
        "Days of an area's calendar that are unlike other Mondays to Fridays or weekends, by day, at most 366: the "
        "nearest area that says something of a day counts. Null when there is no such area.",
        area="Code of the area whose calendar it is.",
        from_="First day of the period.",
        to="Last day of the period, included; at most 366 days in all.",
    )
    unit: Unit | None = field(
        resolve_units.unit,
        f"A unit by its id; {MINE}",
        id=f"Id of the unit; {NO_OTHER}",
    )
    units: Connection[Unit] | None = field(
        resolve_units.units,
        "Open units, by name.",
        area="Only units that this area or one below it answers for.",
        level="Only units of this level of government.",
        name="Only units with these words in their name; at most 200 characters.",
        **PAGED,
    )
    member: Member | None = field(
        resolve_members.member,
        f"A member by their id; {MINE}",
        id=f"Id of the member; {NO_OTHER}",
    )
    members: Connection[Member] | None = field(
        resolve_members.members,
        "Members whom the caller may know of, by name; those who were shut out, too.",
        area="Only members who belong to this area or one below it.",
        name="Only members with these words in their name; at most 200 characters.",
        disabled="Only members who are shut out; false: only those who are not.",
        **PAGED,
    )
    grants: Connection[Grant] | None = field(
        resolve_members.all_grants,
        "Grants of roles (授权) that the caller may read, by their beginning, the ended ones too.",
        area="Only roles held at this area or one below it, or in a unit that one of them answers for.",
        role="Only grants of just this role, e.g. `village_secretary`.",
        **PAGED,
    )
    duty_items: Connection[DutyItem] | None = field(
        resolve_units.duty_items,
        "Lines of the duty lists (责任清单), by number.",
        area="Only duties of units that this area or one below it answers for, and those of every village.",
        unit="Only duties of this unit.",
        text="Only lines with these words in their title; at most 200 characters.",
        **PAGED,
    )
    summons: Summons | None = field(
        resolve_summons.summons,
        f"A summons by its id; {MINE}",
        id=f"Id of the summons; {NO_OTHER}",
    )
    summonses: Connection[Summons] | None = field(
        resolve_summons.summonses,
        "Summonses that the caller may read, newest first.",
        area="Only those issued in this area or below it.",
        **FILTERED,
    )
    task: Task | None = field(
        resolve_tasks.task,
        f"A task by its id; {MINE}",
        id=f"Id of the task; {NO_OTHER}",
    )
    tasks: Connection[Task] | None = field(
        resolve_tasks.tasks,
        "Tasks that the caller may read, due first; those without a limit come last.",
        area="Only those of summonses issued in this area or below it.",
        filter="Conditions that all must hold; every task the caller may read when left out.",
        order_by="How the list is sorted; due first when left out.",
        **PAGED,
    )
    follow_ups: Connection[FollowUp] | None = field(
        resolve_followups.follow_ups,
        "Follow-ups (回访) that the caller may read, due first.",
        area="Only those of summonses issued in this area or below it.",
        state="Only those in one of these states.",
        **PAGED,
    )
    events: EventConnection | None = field(
        resolve_events.events,
        "The event log in cursor order, as far as the caller may read it: the live stream, by polling.",
        area="Only events of this area or below it.",
        types="Only events of these types, e.g. `task.accepted`; an unknown name is refused.",
        **AFTER_EVENT,
    )
    event_log: EventLog | None = field(
        resolve_log.event_log, "How far back the event log (事件日志) can be read on, and where it ends."
    )
    policy_rules: list[PolicyRule] | None = field(
        resolve_rules.policy_rules,
        "The rules in force, in the order of the policy; a rule for several levels gives one row for each.",
        role="Only rules of just this role, not of those it inherits from.",
        type="Only rules about this type of object, e.g. `summons`.",
        action="Only rules about this action, e.g. `issue`.",
    )
    policy_versions: Connection[PolicyVersion] | None = field(
        resolve_policies.policy_versions,
        "Versions of the rules, newest first: those that were published, and drafts and proposals of the caller's "
        "place. Empty for whoever does not administer the rules.",
        area="Only versions whose changes are for this area or one below it.",
        **PAGED,
    )
    audit_entries: Connection[AuditEntry] | None = field(
        resolve_audit.audit_entries,
        "The audit log (审计日志), newest first; only what the caller may audit.",
        area="Only what happened in this area or below it.",
        actor="Only what this member did.",
        object="Only what was done to this object, by its id.",
        since="Only what happened at this moment or later.",
        until="Only what happened before this moment.",
        **PAGED,
    )
    emergency_accesses: Connection[EmergencyAccess] | None = field(
        resolve_break_glass.emergency_accesses,
        "Emergency accesses (应急访问), newest first: the caller's own, and those the caller audits.",
        area="Only those whose object lay in this area or below it.",
        reviewed="Only those that an auditor has reviewed, or has not.",
        **PAGED,
    )
    webhooks: Connection[Webhook] | None = field(
        resolve_webhooks.webhooks,
        "Webhooks (推送接口) that the caller manages, newest first; removed ones only by `node`.",
        area="Only those registered in this area or below it.",
        **PAGED,
    )
    policy_matrix: list[PolicyCell] | None = field(
        resolve_rights.policy_matrix,
        "The rules in force as a matrix (权限矩阵), inherited rules among them; at most 10,000 cells.",
        role="Only cells of this role.",
        type="Only cells about this type of object, e.g. `summons`.",
    )
    policy_diff: PolicyDiff | None = field(
        resolve_rights.policy_diff,
        "What changed from one version of the rules to another (策略比较); null when there is no such version. For "
        "those who compare the rules of the place the change is for.",
        from_="Number of the version to start from.",
        to="Number of the version to compare it with.",
    )
    check_policy: PolicyCheck | None = field(
        resolve_rights.check_policy,
        "Look a text of rules over (策略检查); nothing is stored. For those who write or simulate rules.",
        text="The whole text; beyond 1,000,000 characters only that is told.",
    )
    simulate_policy: PolicySimulation | None = field(
        resolve_rights.simulate_policy,
        "What a text of rules would change if it were in force (策略模拟): nothing is stored. For those who simulate "
        "changes of the place it is for: the one that its changed rows name, else the district.",
        text="The whole text, as for `draftPolicy`.",
        days="How many days of recorded decisions to decide again, 0 to 366.",
    )
    effective_rights: list[Right] | None = field(
        resolve_rights.effective_rights,
        "Every rule that counts for a member now, role by role (有效权限); at most 5,000. For the member, and for "
        "those who administer the member.",
        member="Whose rights: the member's id.",
    )
    explain: Decision | None = field(
        resolve_rules.explain,
        "May they, and why (not)? Null when the caller does not see the object.",
        member="About whom; the caller when left out. Others only where the caller administers them.",
        action="An action of `availableActions`, or of the policy for the object's type, e.g. `read`.",
        object="Id of the object the action is to be taken on.",
    )
    who_can: Connection[Member] | None = field(
        resolve_rules.who_can,
        "Who may take the action by the rules, by name, as far as the caller may know of them; null when the caller "
        "does not see the object.",
        action="An action of `availableActions`, or of the policy for the object's type, e.g. `read`.",
        object="Id of the object the action is to be taken on.",
        **PAGED,
    )
