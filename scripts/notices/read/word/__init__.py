"""Word documents: the text a reader of Word sees, numbering included."""
