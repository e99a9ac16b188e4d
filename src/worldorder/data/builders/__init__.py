"""One builder per source: raw files in, counted; tidy tables out."""
