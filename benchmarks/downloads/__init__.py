"""What it takes to make downloads of a million payments."""
