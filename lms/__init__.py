"""Cadre: staff digital-skills learning for governments."""
