"""The pure engine: findings and a tumour type in, matched assertions with their reasons out."""
