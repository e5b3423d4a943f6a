"""The search: an index over a copy of the clauses in which each character is a word, and what stands beside it."""
