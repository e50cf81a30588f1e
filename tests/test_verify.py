"""Decisions asked of Casbin again, beside the requests: a fault in what decides is told in the log."""

import logging
from dataclasses import replace

import pytest
from actors import actor_of, path_of

from baodao.asgi import app, lifespan
from baodao.settings import read_settings, settings
from models import NotAllowed
from policies import verify
from policies.actor import ANONYMOUS, SYSTEM, Actor
from policies.compile import scope_of
from policies.facts import Facts
from policies.guard import decide, may, require
from policies.verify import Verified, verified

THERE = Facts(area_path=path_of("440606106004"), issuer_path=path_of("440606106004"))
ELSEWHERE = Facts(area_path=path_of("440606104219"), issuer_path=path_of("440606104219"))


@pytest.fixture
def watch():
    verify.start(1)
    yield verify.watch
    verify.stop()


def secretary() -> Actor:
    actor = actor_of("who-1", "village_secretary@440606106004")
    return replace(actor, name="王小明", login="wang.xiaoming")


def test_sound_decisions_are_asked_again_and_nothing_is_told(watch, caplog):
    actor = secretary()
    assert may(actor, "summons", "read", THERE) and not may(actor, "summons", "read", ELSEWHERE)
    assert decide(actor, "task", "urge", THERE).allowed
    require(actor, "summons", "issue", THERE)
    with pytest.raises(NotAllowed):
        require(ANONYMOUS, "summons", "issue", THERE)
    watch.settle()
    assert verified() == Verified(asked=5, differing=0, dropped=0)
    assert [record for record in caplog.records if record.name == "policies.verify"] == []


def test_a_fault_in_what_decides_is_told_without_names(watch, caplog):
    actor = secretary()
    sound = scope_of(actor, "summons", "issue")
    actor.scopes["summons", "issue"] = replace(sound, grounds=())  # as if the rule had been lost
    assert not may(actor, "summons", "issue", THERE)
    watch.settle()
    assert verified() == Verified(asked=1, differing=1, dropped=0)
    [record] = [record for record in caplog.records if record.name == "policies.verify"]
    told = record.getMessage()
    assert record.levelno == logging.ERROR
    assert all(
        word in told
        for word in ("'summons'", "'issue'", "who-1", "village_secretary at VILLAGE", "issuer_path")
    )
    assert "'compiled': False, 'casbin': True" in told
    assert "王小明" not in told and "wang" not in told


def test_the_rules_that_decided_are_told(watch, caplog):
    actor = secretary()
    sound = scope_of(actor, "summons", "issue")
    everywhere = replace(sound.grounds[0], test=lambda facts: True)
    actor.scopes["summons", "issue"] = replace(sound, grounds=(everywhere,))
    assert decide(actor, "summons", "issue", ELSEWHERE).allowed
    watch.settle()
    assert "village_secretary, village, summons, issue, issuer, True, allow" in caplog.text


def test_casbin_is_asked_about_the_rules_the_decision_was_taken_by(watch, caplog):
    actor = secretary()
    older = "p, village_secretary, *, summons, issue, any, True, deny"
    actor.scopes["summons", "issue"] = replace(scope_of(actor, "summons", "issue"), grounds=(), text=older)
    assert not may(actor, "summons", "issue", THERE)
    watch.settle()
    assert verified() == Verified(asked=1, differing=0, dropped=0)


def test_what_casbin_cannot_answer_is_told_and_the_watch_goes_on(watch, caplog):
    actor = secretary()
    actor.scopes["summons", "issue"] = replace(scope_of(actor, "summons", "issue"), text="p, broken")
    may(actor, "summons", "issue", THERE)
    may(actor, "summons", "read", THERE)
    watch.settle()
    assert verified() == Verified(asked=2, differing=1, dropped=0)


def test_timers_are_not_asked_about(watch):
    assert may(SYSTEM, "summons", "issue", THERE)
    watch.settle()
    assert verified().asked == 0


def test_what_cannot_wait_is_dropped_and_counted(caplog):
    watch = verify.Watch(1)
    watch.stop()
    sample = verify.Sample(ANONYMOUS, "task", "read", THERE, scope_of(ANONYMOUS, "task", "read"), False)
    for _ in range(verify.WAITING + 7):
        watch.note(sample)
    assert watch.counts() == Verified(asked=0, differing=0, dropped=7)


def test_off_is_off_and_a_share_is_a_share():
    assert verify.watch is None
    verify.start(0)
    assert verify.watch is None and verified() == Verified(0, 0, 0)
    assert read_settings({}).verify == 0
    assert read_settings({"BAODAO_VERIFY": "0.25"}).verify == 0.25
    watch = verify.Watch(0.25)
    watch.stop()
    sample = verify.Sample(ANONYMOUS, "task", "read", THERE, scope_of(ANONYMOUS, "task", "read"), False)
    for _ in range(2_000):
        watch.note(sample)
    assert 350 < watch._samples.qsize() < 650


async def test_the_service_watches_as_it_is_told_and_counts_at_its_end(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("BAODAO_DATA", str(tmp_path))
    monkeypatch.setenv("BAODAO_VERIFY", "1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.cache_clear()
    try:
        async with lifespan(app):
            assert may(secretary(), "summons", "read", THERE)
            assert verify.watch is not None
            verify.watch.settle()
    finally:
        settings.cache_clear()
    assert verify.watch is None
    assert "decisions asked of Casbin again: Verified(asked=1, differing=0, dropped=0)" in caplog.text
