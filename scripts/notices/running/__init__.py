"""How a build runs: its inputs, worker processes, cache, lock."""
