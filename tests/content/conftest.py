"""The option that writes the expected diagnostics of case files anew."""


def pytest_addoption(parser):
    """`pytest tests/content --refresh-cases`: case files take over what the loader says now; review the diff."""
    parser.addoption("--refresh-cases", action="store_true", help="write the expected part of case files anew")
