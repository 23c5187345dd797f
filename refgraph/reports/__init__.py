"""SEVERAL RESULTS -> ONE REPORT: pages and tables made of several answers."""
