"""Who gets credit: journeys, attribution models and their intervals. Credit is not cause."""
