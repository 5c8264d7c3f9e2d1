"""Diffusion and flow in numpy: schedules, samplers as functions over denoisers, noise, guidance, tiles, masks."""
