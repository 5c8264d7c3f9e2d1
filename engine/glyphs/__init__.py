"""Distance fields to crisp pictures of letters: numpy only."""
