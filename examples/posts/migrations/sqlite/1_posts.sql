-- sqlx writes times as RFC 3339 in UTC: as text they sort as they should.
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    comments INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    commented_at TEXT
);

-- One index for each order, sorted like it, and one for the filter that is used most.
CREATE INDEX posts_newest ON posts (created_at DESC, id DESC);
CREATE INDEX posts_title ON posts (title, id);
CREATE INDEX posts_most_commented ON posts (comments DESC, title, id);
CREATE INDEX posts_last_commented ON posts (commented_at DESC, id DESC);
CREATE INDEX posts_of_author ON posts (author, created_at DESC, id DESC);
