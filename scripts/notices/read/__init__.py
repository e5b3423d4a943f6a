"""From a file in raw/ to a Document: `document.load`, the only stage besides writing that touches the disk."""
