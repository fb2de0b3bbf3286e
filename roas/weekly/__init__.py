"""One week's report: what changed and why, what is alarming, how decisions turned out."""
