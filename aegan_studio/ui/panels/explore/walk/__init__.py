"""The walk through the pins: strip, player, films."""
