"""Wires the workbook's fixtures and words into pytest."""

from workbook.checking import plugin


def pytest_addoption(parser):
    """Gives plain pytest the plugin's options, where `learn.py` has not already done so."""
    if "program" not in parser.parse_known_args([]):
        plugin.pytest_addoption(parser)


def pytest_configure(config):
    """Brings the plugin in, once."""
    if not config.pluginmanager.is_registered(plugin):
        config.pluginmanager.register(plugin, "workbook")
