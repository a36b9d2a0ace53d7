"""Wires the workbook's fixtures and words into pytest."""

from workbook.checking import plugin


def pytest_addoption(pluginmanager):
    """Brings the plugin in, with its options, where `learn.py` has not already done so."""
    if not pluginmanager.is_registered(plugin):
        pluginmanager.register(plugin, "workbook")
