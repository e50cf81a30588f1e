"""Actors for the tests of rules, from short words: ``actor_of("x", "village_secretary@440606106004")``."""

from policies.actor import ANONYMOUS, Actor, LiveGrant

LEVELS = {2: "PROVINCE", 4: "CITY", 6: "DISTRICT", 9: "TOWN", 12: "VILLAGE"}


def path_of(code: str) -> str:
    """``44.4406.440606.`` for 440606."""
    ends = [*(end for end in (2, 4, 6, 9, 12) if end < len(code)), *range(15, len(code), 3), len(code)]
    return "".join(f"{code[:end]}." for end in ends) if code else ""


def grant_of(text: str) -> LiveGrant:
    """``village_secretary@440606106004``, ``unit_head@U-ZR-JA``, or ``platform_admin@`` for the whole tree."""
    role, _, place = text.partition("@")
    if place.startswith("U-"):
        return LiveGrant(role, "UNIT", f"{place}.", unit_id=place)
    if not place:
        return LiveGrant(role, "SYSTEM", "")
    return LiveGrant(role, LEVELS.get(len(place), "GRID"), path_of(place), area_id=place)


def actor_of(name: str, *grants: str, unit: str = "") -> Actor:
    if grants == ("public@",):
        return ANONYMOUS
    held = tuple(grant_of(grant) for grant in grants)
    return Actor(name, unit_id=unit or None, unit_line=f"{unit}." if unit else None, grants=held)
