"""Files for machines: tables, the corpus by clause, and the schema that describes the notices' data."""
