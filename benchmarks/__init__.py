"""How close the studio runs to the bare model: ratios, each measured side by side with its yardstick in one run."""
