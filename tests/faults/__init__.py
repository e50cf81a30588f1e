"""Faults: what happens to a service under load, and the proofs that nothing is lost by it."""
