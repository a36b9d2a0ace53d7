"""What a learner uses beside the verdict: hints now, and what is remembered between two uses."""
