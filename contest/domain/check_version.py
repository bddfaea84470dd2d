"""The version of the checks: which program looked at a photograph, and whether this one might say otherwise."""

from __future__ import annotations

#: Raised with every change after which the same file may lead to another finding, or tell another mark of its
#: camera. 0: looked at before versions were kept. tests/architecture/test_check_version.py notices when what
#: decides has changed and this has not.
CHECK_VERSION = 5
