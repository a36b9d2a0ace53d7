"""Grades a class: submissions in, a gradebook, feedback and a report out. Runs no learner's code itself."""
