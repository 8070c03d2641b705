"""The rules of an agreement once more, in Python: from the prose, not from the contracts.

Money is an integer of minor units, a moment an integer of Unix seconds, a rate an integer of basis
points unless its name says otherwise. Participants are the 32 bytes of the registry, accounts are
checksummed addresses, so that model and contract can be compared without translation.
"""
