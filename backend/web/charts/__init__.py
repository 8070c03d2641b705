"""Charts, drawn here as SVG by matplotlib; nothing of it is sent to the reader but the picture."""
