"""The untrusted side: the processes in which a learner's program runs.

Nothing here decides anything. It may hang, crash or lie without harm: the other
side, `workbook.program`, keeps the deadlines, and the checks alone judge. So this
package imports nothing of the workbook but itself.
"""
