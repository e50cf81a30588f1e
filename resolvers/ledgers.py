"""The ledgers (台账): lists of the API as tables that can be exported, one entry of data for each.

What is in a cell is what the API answers for the field that the column names, so a ledger shows nobody more than the
list. The kind of a column and the words of its values follow from the field's type in the schema.
"""

from resolvers.ledgers_of_co_building import CO_BUILDING
from resolvers.ledgers_of_inspections import VISITS
from resolvers.ledgers_of_places import PLACES
from resolvers.ledgers_of_publicity import PUBLICITY
from resolvers.ledgers_of_records import RECORDS
from resolvers.ledgers_of_work import WORK

LEDGERS = {ledger.name: ledger for ledger in (*WORK, *PLACES, *RECORDS, *PUBLICITY, *VISITS, *CO_BUILDING)}
"""By the name of their field of Query."""
