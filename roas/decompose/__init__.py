"""Where a change of ROAS, or of revenue, came from.

Names are resolved on first use, so that importing the package stays fast.
"""
