"""Text PDFs: characters to lines, lines to paragraphs, by geometry."""
