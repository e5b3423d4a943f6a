"""Bytes to text: the encoding ladder, stretches of several encodings, mojibake undone."""
