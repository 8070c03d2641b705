"""Termin: procurement contracts that pay their milestones by themselves."""
