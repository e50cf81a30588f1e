"""Which roles service accounts may hold, and where: whoever has a key has these rights."""

from actions.turn import Faults
from models import Area, Member

SERVICE_ONLY = frozenset({"integration_client"})
"""Roles that no person holds."""
FOR_SERVICES = SERVICE_ONLY | {"observer"}


def check_service_role(faults: Faults, member: Member, role: str, territory: Area | None) -> None:
    """Never wider than the account's own area: whoever manages members there can make a key for it."""
    if member.service_since is None:
        if role in SERVICE_ONLY:
            faults.add("ROLE_FOR_SERVICE_ONLY", "role")
    elif role not in FOR_SERVICES:
        faults.add("ROLE_NOT_FOR_SERVICE", "role")
    elif territory is not None and not territory.path.startswith(member.area_path):
        faults.add("BEYOND_ACCOUNT", "holder")
