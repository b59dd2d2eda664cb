// Improves pages that work without it. Each part starts only where its element is.
