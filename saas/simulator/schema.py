"""The tables of the simulator's own SQLite file."""

from __future__ import annotations

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    app_id TEXT PRIMARY KEY, original_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, app_secret TEXT NOT NULL, token TEXT NOT NULL,
    encoding_aes_key TEXT NOT NULL, mode TEXT NOT NULL, service_type TEXT NOT NULL, verified INTEGER NOT NULL,
    callback_url TEXT NOT NULL, faults TEXT NOT NULL DEFAULT '{}', limits TEXT NOT NULL DEFAULT '{}', direct INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, app_id TEXT NOT NULL, kind TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    dies_at INTEGER NOT NULL, component TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS tokens_of_account ON tokens (app_id, kind, issued_at);
CREATE TABLE IF NOT EXISTS fans (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, openid TEXT NOT NULL, unionid TEXT NOT NULL, name TEXT NOT NULL,
    subscribed INTEGER NOT NULL, subscribe_time INTEGER NOT NULL, subscribe_scene TEXT NOT NULL, qr_scene INTEGER NOT NULL,
    qr_scene_str TEXT NOT NULL, remark TEXT NOT NULL DEFAULT '', blocked INTEGER NOT NULL DEFAULT 0, seen_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (app_id, openid));
CREATE INDEX IF NOT EXISTS fans_following ON fans (app_id, subscribed, seq);
CREATE TABLE IF NOT EXISTS follows (
    app_id TEXT NOT NULL, day TEXT NOT NULL, source INTEGER NOT NULL, gained INTEGER NOT NULL, lost INTEGER NOT NULL,
    PRIMARY KEY (app_id, day, source));
CREATE TABLE IF NOT EXISTS tags (
    app_id TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (app_id, id), UNIQUE (app_id, name));
CREATE TABLE IF NOT EXISTS fan_tags (
    app_id TEXT NOT NULL, tag_id INTEGER NOT NULL, openid TEXT NOT NULL, PRIMARY KEY (app_id, tag_id, openid));
CREATE INDEX IF NOT EXISTS tags_of_fan ON fan_tags (app_id, openid);
CREATE TABLE IF NOT EXISTS codes (
    ticket TEXT PRIMARY KEY, app_id TEXT NOT NULL, action TEXT NOT NULL, scene TEXT NOT NULL, numeric INTEGER NOT NULL,
    expires_at INTEGER, url TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS codes_of_account ON codes (app_id, scene);
CREATE TABLE IF NOT EXISTS menus (
    menuid INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, buttons TEXT NOT NULL, matchrule TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS media (
    media_id TEXT PRIMARY KEY, app_id TEXT NOT NULL, type TEXT NOT NULL, filename TEXT NOT NULL, mimetype TEXT NOT NULL,
    content BLOB NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS allowances (
    app_id TEXT NOT NULL, openid TEXT NOT NULL, trigger TEXT NOT NULL, remaining INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (app_id, openid, trigger));
CREATE TABLE IF NOT EXISTS quotas (
    app_id TEXT NOT NULL, path TEXT NOT NULL, day TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (app_id, path, day));
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, openid TEXT NOT NULL, msg_type TEXT NOT NULL, event TEXT NOT NULL,
    msg_id TEXT NOT NULL, create_time INTEGER NOT NULL, request TEXT NOT NULL, sent TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'sending', tries TEXT NOT NULL DEFAULT '[]', count INTEGER NOT NULL DEFAULT 0,
    ms REAL, raw TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '', reply TEXT NOT NULL DEFAULT 'null', at REAL NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS deliveries_of_fan ON deliveries (app_id, openid, id);
CREATE TABLE IF NOT EXISTS chat (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, openid TEXT NOT NULL, origin TEXT NOT NULL, content TEXT NOT NULL,
    at REAL NOT NULL, delivery_id INTEGER);
CREATE INDEX IF NOT EXISTS chat_of_fan ON chat (app_id, openid, id);
CREATE TABLE IF NOT EXISTS typing (app_id TEXT NOT NULL, openid TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (app_id, openid));
CREATE TABLE IF NOT EXISTS articles (
    app_id TEXT NOT NULL, msgid TEXT NOT NULL, title TEXT NOT NULL, day TEXT NOT NULL, figures TEXT NOT NULL,
    PRIMARY KEY (app_id, msgid, day));
CREATE TABLE IF NOT EXISTS booked (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, openid TEXT NOT NULL, channel TEXT NOT NULL, at REAL NOT NULL,
    month TEXT NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL, client_msg_id TEXT NOT NULL, marker TEXT NOT NULL, msg_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS booked_of_fan ON booked (app_id, openid, channel, id);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, path TEXT NOT NULL, at REAL NOT NULL, ms REAL NOT NULL, errcode INTEGER,
    fault TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS calls_of_account ON calls (app_id, id);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, skip INTEGER NOT NULL,
    times INTEGER NOT NULL, errcode INTEGER NOT NULL, seconds REAL NOT NULL, booked INTEGER NOT NULL, seen INTEGER NOT NULL DEFAULT 0,
    hits INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS templates (
    template_id TEXT PRIMARY KEY, app_id TEXT NOT NULL, title TEXT NOT NULL, content TEXT NOT NULL, example TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS templates_of_account ON templates (app_id);
CREATE TABLE IF NOT EXISTS template_refusals (app_id TEXT NOT NULL, openid TEXT NOT NULL, PRIMARY KEY (app_id, openid));
CREATE TABLE IF NOT EXISTS mass_jobs (
    msg_id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL, clientmsgid TEXT NOT NULL, to_all INTEGER NOT NULL, at INTEGER NOT NULL,
    day TEXT NOT NULL, status TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS mass_of_account ON mass_jobs (app_id, clientmsgid, at);
CREATE TABLE IF NOT EXISTS components (
    app_id TEXT PRIMARY KEY, name TEXT NOT NULL, app_secret TEXT NOT NULL, token TEXT NOT NULL, encoding_aes_key TEXT NOT NULL,
    event_url TEXT NOT NULL, message_url TEXT NOT NULL, sets TEXT NOT NULL, rotate INTEGER NOT NULL, event_delay REAL NOT NULL,
    limits TEXT NOT NULL, changed_at REAL NOT NULL, ticket_at INTEGER NOT NULL DEFAULT 0, equal_codes INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tickets (ticket TEXT PRIMARY KEY, component TEXT NOT NULL, issued_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS preauth_codes (
    code TEXT PRIMARY KEY, component TEXT NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS auth_codes (
    code TEXT PRIMARY KEY, component TEXT NOT NULL, app_id TEXT NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS grants (
    component TEXT NOT NULL, app_id TEXT NOT NULL, sets TEXT NOT NULL, refresh_token TEXT NOT NULL, older_token TEXT NOT NULL DEFAULT '',
    authorised_at INTEGER NOT NULL, options TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (component, app_id));
CREATE INDEX IF NOT EXISTS grants_of_account ON grants (app_id);
"""
ADDED = (
    ("accounts", "direct", "INTEGER NOT NULL DEFAULT 1"),
    ("tokens", "component", "TEXT NOT NULL DEFAULT ''"),
    ("deliveries", "at", "REAL NOT NULL DEFAULT 0"),
    ("components", "equal_codes", "INTEGER NOT NULL DEFAULT 0"),
)
"""Columns that a file of an older simulator lacks: table, name, type."""


def prepare(connection: sqlite3.Connection) -> None:
    """Makes the tables that are missing, and the columns."""
    connection.executescript(SCHEMA)
    for table, name, kind in ADDED:
        if name not in {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
