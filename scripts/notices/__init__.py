"""From scraped notices to published, citable clauses: see DESIGN in CONTRIBUTING.md."""
