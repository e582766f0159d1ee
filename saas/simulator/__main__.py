"""`python -m saas.simulator play`: the simulator's commands without the product's database."""

from saas.simulator.day import simulator_cli

if __name__ == "__main__":
    simulator_cli()
