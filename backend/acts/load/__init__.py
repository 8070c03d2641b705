"""Playing published contracts on the local chain, each payment on its date."""
