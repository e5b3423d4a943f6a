"""Two plans beside each other: which pairs, tasks that answer each other, wording they share, numbers that differ."""
