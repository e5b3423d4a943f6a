"""From a clean document to its structure: `structure.parse` is the whole order."""
