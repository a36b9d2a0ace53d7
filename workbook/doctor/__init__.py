"""`learn.py doctor`: tries what the workbook needs of this machine, and what programs may do to it."""
