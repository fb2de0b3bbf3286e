"""The cards of the week, and the sheet that they are drawn on."""
