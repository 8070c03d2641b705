"""Everything that signs and sends. The keys stay with Ape's accounts."""
