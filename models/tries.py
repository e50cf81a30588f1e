"""How often strangers tried: counted for all processes of the service, and kept no longer than it counts."""

from tortoise import fields
from tortoise.models import Model


class RatingTry(Model):
    """In one window of time. `id` is a keyed hash of who tried and of the window, so that it tells nobody who."""

    id = fields.CharField(max_length=44, primary_key=True)
    tries = fields.IntField()
    ends = fields.BigIntField(db_index=True, description="of the window, in seconds since 1970")

    class Meta:
        table = "rating_try"
