"""Presets: how exports of known systems are read; one TOML file each, see ``data/preset.toml``."""
