"""The blueprints of judging, in one list."""

from flask import Blueprint

PAGES: tuple[Blueprint, ...] = ()
