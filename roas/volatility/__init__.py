"""How unstable ROAS is, from what, and since when.

Names are resolved on first use, so that importing the package stays fast.
"""
