"""Every SELECT that answers a question of a reader."""
