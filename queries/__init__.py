"""What it amounts to: the model, the metrics and the one way to measure them."""
