"""Web pages: tokens, the body, what it is made of."""
