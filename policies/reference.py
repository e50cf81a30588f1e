"""The oracle: Casbin itself, asked rule by rule. Milliseconds for each question, so never on a request's way."""

from functools import lru_cache

import casbin
from casbin.persist.adapters.string_adapter import StringAdapter
from casbin.rbac.default_role_manager import RoleManager

from policies import conditions
from policies.actor import Actor, LiveGrant
from policies.facts import Facts
from policies.holder import Holder
from policies.reading.syntax import BYTE_ORDER_MARK
from policies.relations import RELATION
from policies.rules import MODEL, held_at, rules
from policies.vocabulary import ROLES, UNIT_LEVEL


def enforce(actor: Actor, facts: Facts, type: str, action: str) -> bool:
    """What the rules in force say, without anything of ours in between but `holds` and `cond`."""
    return enforce_by(rules().text, actor, facts, type, action)


def enforce_by(text: str, actor: Actor, facts: Facts, type: str, action: str) -> bool:
    """What any text of rules says; the first question about a text costs a reading of it."""
    return bool(_enforcer(text).enforce(actor, facts, type, action))


@lru_cache(maxsize=4)
def _enforcer(text: str) -> casbin.Enforcer:
    """Casbin cuts inheritance off silently after nine links, unless told how many roles there are.

    It does not log here: it would write out who was denied what.
    """
    lines = "\n".join(line.strip() for line in text.removeprefix(BYTE_ORDER_MARK).splitlines())
    enforcer = casbin.Enforcer(str(MODEL), StringAdapter(lines or "#"))
    roles = RoleManager(len(ROLES) + 1)
    enforcer.set_role_manager(roles)
    enforcer.build_role_links()

    def holds(actor: Actor, role: str, at: str, relation: str, facts: Facts) -> bool:
        return any(
            roles.has_link(grant.role, role)
            and _counts(at, grant)
            and RELATION[relation].test(Holder(actor, (grant,)))(facts)
            for grant in actor.roles
        )

    enforcer.add_function("holds", holds)
    enforcer.add_function("cond", _cond)
    return enforcer


def _counts(at: str, grant: LiveGrant) -> bool:
    levels, inside = held_at(at)
    if inside and (grant.level == UNIT_LEVEL or not grant.path.startswith(inside)):
        return False
    return not levels or grant.level in levels


def _cond(when: str, actor: Actor, facts: Facts) -> bool:
    return conditions.holds(conditions.parse(when), actor.id, facts)
