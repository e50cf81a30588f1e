"""Everything that changes data: one function, one transaction, and its rows in the event log."""
