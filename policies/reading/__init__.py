"""How a text of rules is read, judged and compared. Nothing here asks the database."""
