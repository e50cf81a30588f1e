"""The oracle: Casbin itself, asked rule by rule. Milliseconds for each question, so only tests ask it."""

import logging
from functools import cache

import casbin

from policies import conditions
from policies.actor import Actor
from policies.facts import Facts
from policies.holder import Holder
from policies.relations import RELATION
from policies.rules import MODEL, POLICY, held_at


def enforce(actor: Actor, facts: Facts, type: str, action: str) -> bool:
    """What model.conf and policy.csv say, without anything of ours in between but `holds` and `cond`."""
    return bool(_enforcer().enforce(actor, facts, type, action))


@cache
def _enforcer() -> casbin.Enforcer:
    enforcer = casbin.Enforcer(str(MODEL), str(POLICY))
    logging.getLogger("casbin").disabled = True  # it writes the whole subject and object of every denial
    role_manager = enforcer.get_role_manager()

    def holds(actor: Actor, role: str, at: str, relation: str, facts: Facts) -> bool:
        levels, inside = held_at(at)
        for grant in actor.roles:
            if not role_manager.has_link(grant.role, role) or (levels and grant.level not in levels):
                continue
            if grant.path.startswith(inside) and RELATION[relation].test(Holder(actor, (grant,)))(facts):
                return True
        return False

    def cond(when: str, actor: Actor, facts: Facts) -> bool:
        return conditions.holds(conditions.parse(when), actor.id, facts)

    enforcer.add_function("holds", holds)
    enforcer.add_function("cond", cond)
    return enforcer
