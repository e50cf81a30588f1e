"""Appointments: rows of several kinds carry one."""

from models import Proposal, Summons, Task
from resolvers.plan import reads

Row = Summons | Task | Proposal


@reads("appointment_from", "appointment_to", "appointment_place")
def appointment(root: Row) -> Row | None:
    """The row itself, which carries its own appointment; None until one was made."""
    return root if root.appointment_from else None
