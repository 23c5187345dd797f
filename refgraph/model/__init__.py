"""The values that all rooms exchange: tables, Dataset, Graph, answers, messages."""
