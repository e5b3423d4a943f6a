"""Pages about the whole corpus, one module each."""
