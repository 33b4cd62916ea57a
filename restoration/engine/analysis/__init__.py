"""What is on a source: cadence, shots, damage, and what to do about it. The one door is `reel`."""
