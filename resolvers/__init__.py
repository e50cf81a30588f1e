"""How each field gets its value: ask a scope, a loader or an action; decide nothing, write nothing."""
