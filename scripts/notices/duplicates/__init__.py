"""Which files are one notice, and which contradict each other."""
