"""Pure code of the figures: the metrics, what counts as what, and how a tree's figures are added."""
