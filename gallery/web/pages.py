"""The blueprints of gallery, in one list."""

from flask import Blueprint

from gallery.web import exhibition, fairness, feeds, public, publication

PAGES: tuple[Blueprint, ...] = (
    public.blueprint,
    feeds.blueprint,
    fairness.blueprint,
    publication.blueprint,
    exhibition.blueprint,
)
