"""Plays a whole contest through its URLs, as its people would; knows nothing of the program but its pages."""
