"""Tencent's API, one file per chapter of its documentation."""
