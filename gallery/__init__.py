"""The results: announcement, gallery, exhibition."""
