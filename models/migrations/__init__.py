"""Steps from one schema to the next, written by `tortoise makemigrations` and applied in order."""
