"""Whose loop a client of a database belongs to, told without a call of the system."""

from tortoise.backends.base.client import BaseDBAsyncClient


def is_at_home(client: BaseDBAsyncClient) -> bool:
    """Whether the loop that it was opened in runs, or it is not open yet.

    Tortoise looks for the running loop each time, for which Python 3.11 asks the system for the process: a thirtieth of
    a small query. No two loops of ours run at the same time.
    """
    loop = client._bound_loop
    return loop is None or loop.is_running()
