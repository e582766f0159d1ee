"""The fault matrix: real processes killed at every step, while fans write; an accountant then compares all ledgers.

`rig` starts everything once, `driver` runs one *cell* after another (a step and what is killed there), `evidence` collects
what stands where, `accountant` judges it by invariants with two numbers each. The short form is a test; `python -m tests.faults
SEED` is the long one.
"""
