"""Links between notices and what they are made from."""
