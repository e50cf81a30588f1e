"""The audit log: one entry an event, by which right, before and after; and no change of it goes unseen."""

import pytest
from api import do
from matter import Matter
from tortoise import Tortoise
from unsealed import unsealed
from world import World, everything

from actions.audit import REQUEST_ID
from actions.audit_proof import prove_audit
from actions.record import TOGETHER, recording
from models import AuditEntry, Event
from policies.actor import SYSTEM

pytest_plugins = ["monday"]


async def run(sql: str) -> None:
    await Tortoise.get_connection("default").execute_query(sql)


async def forge(sql: str) -> None:
    async with unsealed("audit"):
        await run(sql)


@pytest.fixture
async def matter(world: World) -> Matter:
    return await (await Matter.issued(world, "zr")).bring("ASSIGNED", "zr")


async def test_every_event_has_its_entry_in_the_same_order(matter: Matter) -> None:
    events = await Event.all().order_by("pos")
    entries = await AuditEntry.all().order_by("seq")
    assert [entry.event_id for entry in entries] == [event.id for event in events]
    assert [entry.seq for entry in entries] == list(range(1, len(events) + 1))
    assert len(events) > 5


async def test_an_entry_tells_who_by_which_right_and_what_changed(matter: Matter, world: World) -> None:
    entry = await AuditEntry.get(event="task.accepted")
    assert (entry.actor_id, entry.on_behalf_of_id) == (world.members["zr.liaison"].id, None)
    assert (entry.type, entry.action, entry.role) == ("task", "accept", "unit_liaison")
    assert entry.rule == "unit_liaison, unit, task, accept, target_unit, True, allow"
    assert entry.policy is not None and len(entry.policy) == 64
    assert (entry.before["state"], entry.after["state"]) == ("PENDING", "ACCEPTED")
    assert entry.facts is not None and entry.facts["unit_ids"] == [world.units["zr"].id]


async def test_a_long_reason_is_not_told_either(world: World) -> None:
    long = "外出挂职，" * 100
    leaving = world.ids({"member": "zr.liaison", "reason": long})
    assert (await do("shunde.org", "disableMember", leaving))["problems"] == []
    entry = await AuditEntry.get(event="member.disabled")
    assert str(entry.reason).startswith("sha256:") and long not in str(vars(entry))


async def test_long_words_and_phones_are_not_told(world: World) -> None:
    long = "公园年久失修。" * 40
    await Matter.drafted(world, "zr", text=long)
    drafted = await AuditEntry.get(event="summons.drafted")
    assert str(drafted.after["text"]).startswith("sha256:") and long not in str(vars(drafted))
    member = world.ids({"member": "zr.liaison", "phone": "13800138000"})
    assert (await do("shunde.org", "updateMember", member))["problems"] == []
    updated = await AuditEntry.get(event="member.updated")
    assert (updated.before, updated.after) == ({}, {"phone": "(hidden)"})


async def test_an_entry_names_its_request_and_the_reason(world: World) -> None:
    told = REQUEST_ID.set("request-7")
    await do("shunde.policy", "revokeGrant", world.ids({"grant": "zr.liaison", "reason": "调离。"}))
    REQUEST_ID.reset(told)
    entry = await AuditEntry.get(event="grant.revoked")
    assert (entry.request_id, entry.reason, entry.role) == ("request-7", "调离。", "policy_admin")
    assert set(entry.after) >= {"until"}


async def test_a_refused_mutation_leaves_no_entry(world: World) -> None:
    matter = await Matter.issued(world, "zr")
    before = await everything()
    assert (await matter.do("zf.liaison", "acceptTask", "zr"))["problems"]
    assert await everything() == before


async def test_the_database_itself_refuses_to_change_it(matter: Matter) -> None:
    for sql in ("UPDATE audit_entry SET reason = ''", "DELETE FROM audit_entry WHERE seq = 1"):
        with pytest.raises(Exception, match="never changed"):
            await run(sql)
    assert (await prove_audit()).broken is None


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE audit_entry SET actor_id = 'somebody else' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE audit_entry SET after = '{}' WHERE seq = 2", "entry 2 was changed"),
        ("DELETE FROM audit_entry WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entry WHERE seq = 1", "entry 1 is missing"),
        ("UPDATE audit_entry SET previous = hash WHERE seq = 4", "entry 4 does not follow entry 3"),
    ],
)
async def test_the_first_broken_link_is_named(matter: Matter, sql: str, broken: str) -> None:
    await forge(sql)
    assert (await prove_audit()).broken == broken


async def test_what_is_cut_off_at_the_end_is_missed_by_whoever_kept_the_head(matter: Matter) -> None:
    whole = await prove_audit()
    await forge(f"DELETE FROM audit_entry WHERE seq = {whole.entries}")
    cut = await prove_audit(whole.head)
    assert (cut.broken, cut.entries, cut.seen) == (None, whole.entries - 1, False)
    assert (await prove_audit(cut.head)).seen


async def test_a_long_transaction_is_told_in_order(world: World) -> None:
    unit, area = world.units["zr"], world.areas["440606106"]
    begun = await Event.all().count()
    async with recording() as record:
        told = [
            record.tell_of_admin(unit, "unit.updated", SYSTEM, area, str(number))
            for number in range(2 * TOGETHER + 3)
        ]
        await unit.save()
    events = (await Event.all().order_by("pos"))[begun:]
    assert [event.note for event in events] == [str(number) for number in range(2 * TOGETHER + 3)]
    assert [event.pos for event in told] == [event.pos for event in events]
    proof = await prove_audit()
    assert (proof.entries, proof.broken) == (begun + len(told), None)
