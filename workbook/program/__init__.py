"""A learner's program as a process of its own, seen from the side that judges.

`Program` is what the checks talk to. Nothing of a learner is imported or unpickled here.
"""
