"""What every route shares of HTTP: problems, bodies, negotiation, paging."""
