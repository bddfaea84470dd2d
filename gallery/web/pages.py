"""The blueprints of gallery, in one list."""

from flask import Blueprint

PAGES: tuple[Blueprint, ...] = ()
