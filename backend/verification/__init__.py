"""The check of the index against the chain, by another way than the index was made.

Nothing here uses projections or indexer: logs are taken from receipts that are proven against the
headers, decoded with the ABIs, and each agreement's money is worked out anew by the rules of the
contracts.
"""
