"""Ids of rows: ULIDs, so that they sort by time and two databases never make the same one."""

from ulid import ULID

from models import clock


def new_id() -> str:
    """26 characters, e.g. ``01JD3Y0V0ZK5Q4T7W2X8N6M1PB``; later ids sort later (to the millisecond)."""
    return str(ULID.from_datetime(clock.now()))
