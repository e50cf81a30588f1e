"""Who may do what. Only this folder decides; every other folder asks `policies.guard` and `policies.scopes`."""
