"""The command line: read options, one call into the library, print."""
