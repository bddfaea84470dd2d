"""The blueprints of gallery, in one list."""

from flask import Blueprint

from gallery.web import exhibition, feeds, public, publication

PAGES: tuple[Blueprint, ...] = (
    public.blueprint,
    feeds.blueprint,
    publication.blueprint,
    exhibition.blueprint,
)
