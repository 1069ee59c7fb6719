CREATE TABLE posts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    comments BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL,
    commented_at TIMESTAMPTZ
);

-- One index for each order, sorted like it, and one for the filter that is used most. NULLs of a descending
-- column come first here unless the index says otherwise, as the order does.
CREATE INDEX posts_newest ON posts (created_at DESC, id DESC);
CREATE INDEX posts_title ON posts (title, id);
CREATE INDEX posts_most_commented ON posts (comments DESC, title, id);
CREATE INDEX posts_last_commented ON posts (commented_at DESC NULLS LAST, id DESC);
CREATE INDEX posts_of_author ON posts (author, created_at DESC, id DESC);
