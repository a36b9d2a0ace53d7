"""The views, one blueprint a file."""
