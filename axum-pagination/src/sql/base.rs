//! What can be told of a base query from its text.

/// Whether the database works the whole query out before it can search in it.
///
/// Such a query stands in the statement once: in two ranges it would be worked out twice.
pub(crate) fn is_whole(sql: &str) -> bool {
    const WHOLE: [&str; 9] = [
        "WITH",
        "DISTINCT",
        "GROUP",
        "HAVING",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "OVER",
        "LIMIT",
    ];
    // Most words are names, of other lengths.
    let may_be = |word: &&str| (4..=9).contains(&word.len());
    let mut words = top_level_words(sql).filter(may_be);
    words.any(|word| WHOLE.iter().any(|whole| word.eq_ignore_ascii_case(whole)))
}

/// The words outside of parentheses, quotes and comments.
///
/// It need not know every dialect: a word too many makes a statement slower, never wrong.
fn top_level_words(sql: &str) -> impl Iterator<Item = &str> {
    let mut rest = sql;
    let mut depth = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let length = match first {
                '\'' | '"' | '`' => quoted(rest, first),
                '-' if rest.starts_with("--") => until(rest, "\n"),
                '/' if rest.starts_with("/*") => until(rest, "*/"),
                _ if is_word(first) => rest.find(|next| !is_word(next)).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            let (token, after) = rest.split_at(length);
            rest = after;
            match first {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ if depth == 0 && is_word(first) => return Some(token),
                _ => {}
            }
        }
    })
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '$' || char == '.'
}

/// The length of what is quoted; a quote written twice is two that touch.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

fn until(text: &str, end: &str) -> usize {
    text[2..]
        .find(end)
        .map_or(text.len(), |at| 2 + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_is_worked_out_whole_is_known_by_its_words() {
        let check = |sql: &str, expected: bool| assert_eq!(is_whole(sql), expected, "{sql}");
        check("SELECT * FROM posts WHERE author = ?", false);
        check("select distinct a from posts", true);
        check("WITH x AS (SELECT 1) SELECT * FROM x", true);
        check("SELECT a, count(*) FROM posts\ngroup\nby a", true);
        check("SELECT a FROM x UNION ALL SELECT a FROM y", true);
        check("SELECT row_number() over (ORDER BY a) FROM x", true);
        check("SELECT * FROM posts LIMIT 5", true);
        check(
            "SELECT * FROM posts WHERE id IN (SELECT DISTINCT post FROM tags)",
            false,
        );
        check(
            "SELECT 'GROUP', \"LIMIT\", `WITH` FROM posts -- DISTINCT\n/* UNION */",
            false,
        );
        check("SELECT 'it''s GROUP' FROM posts", false);
        check("SELECT posts.limit, limits, groups FROM posts", false);
        check("SELECT * FROM posts WHERE a = 'open", false);
        check("-- open", false);
        check("/* open", false);
        check(")) SELECT DISTINCT é", true);
    }
}
