"""What it costs: `make bench` measures ours against a baseline in the same run, interleaved, and prints the table."""
