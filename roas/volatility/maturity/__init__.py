"""Days that are not over: how late sales are reported."""
