//! Text between quotes: which bytes are escaped, found eight at a time.

const WORD: usize = 8;
const BLOCK: usize = 4 * WORD;

/// A word of this byte alone.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; WORD])
}

/// RFC 8259 §7: control characters, `"` and `\` are escaped, everything else stands as it is.
///
/// The highest bit of each byte that must be. The lowest mark is exact; those above it may be wrong,
/// because the subtractions borrow from the next byte (from marked bytes only).
const fn marks(word: u64) -> u64 {
    // With bit 1 turned over `"` is 0x20, next to the control characters, and no other byte joins them.
    let control_or_quote = (word ^ each(0x02)).wrapping_sub(each(0x21));
    let backslash = (word ^ each(b'\\')).wrapping_sub(each(0x01));
    // Bytes from 0x80 on are parts of UTF-8 sequences.
    (control_or_quote | backslash) & !word & each(0x80)
}

/// How many bytes stand before the first that is marked: 8 when none is.
const fn plain_bytes(word: u64) -> usize {
    marks(word).trailing_zeros() as usize / WORD
}

/// Fewer than eight bytes as a word, zero (which is marked) behind them.
#[inline]
fn padded(bytes: &[u8]) -> u64 {
    // Two loads that overlap where the length is odd.
    let at = |word: u64, from_end: usize| word << (8 * (bytes.len() - from_end));
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u64::from(u32::from_le_bytes(*first)) | at(u32::from_le_bytes(*last).into(), 4)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u64::from(u16::from_le_bytes(*first)) | at(u16::from_le_bytes(*last).into(), 2)
    } else {
        bytes.first().copied().map_or(0, u64::from)
    }
}

/// Whether this can be written as it stands.
///
/// Inlined where the text is a constant, this is a constant too. (Measured: with an iterator's `all` it is not.)
#[inline(always)]
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] < b' ' || bytes[index] == b'"' || bytes[index] == b'\\' {
            return false;
        }
        index += 1;
    }
    true
}

/// The text between its quotes.
///
/// Each piece is copied whole and cut back to what was meant: a copy of a known size is a few
/// instructions, one of any other size is a call.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let rest = whole_words(out, text);
    let last = padded(rest);
    // The closing quote is the first mark when nothing in front of it has to be escaped.
    let closed = last | u64::from(b'"') << (8 * rest.len());
    if plain_bytes(closed) == rest.len() {
        piece(out, closed, rest.len() + 1);
    } else {
        escaped(out, last, rest.len());
        out.push(b'"');
    }
}

/// The text without quotes: a part of a longer one.
pub(super) fn fragment(out: &mut Vec<u8>, text: &str) {
    let rest = whole_words(out, text);
    escaped(out, padded(rest), rest.len());
}

/// Writes all but what is shorter than a word, which it gives back.
#[inline(always)]
fn whole_words<'a>(out: &mut Vec<u8>, text: &'a str) -> &'a [u8] {
    let mut bytes = text.as_bytes();
    if bytes.len() >= BLOCK {
        bytes = whole_blocks(out, bytes);
    }
    let (words, rest) = bytes.as_chunks();
    words.iter().for_each(|word| whole_word(out, word));
    rest
}

/// The same with blocks. By itself, so that short text does not pay for its variables.
#[inline(never)]
fn whole_blocks<'a>(out: &mut Vec<u8>, bytes: &'a [u8]) -> &'a [u8] {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        let words = block.as_chunks().0;
        let all = |all, word: &[u8; WORD]| all | marks(u64::from_le_bytes(*word));
        if words.iter().fold(0, all) == 0 {
            out.extend_from_slice(block);
        } else {
            marked_block(out, block);
        }
    }
    rest
}

#[cold]
#[inline(never)]
fn marked_block(out: &mut Vec<u8>, block: &[u8; BLOCK]) {
    block
        .as_chunks()
        .0
        .iter()
        .for_each(|word| whole_word(out, word));
}

#[inline(always)]
fn whole_word(out: &mut Vec<u8>, word: &[u8; WORD]) {
    let bits = u64::from_le_bytes(*word);
    if marks(bits) == 0 {
        out.extend_from_slice(word);
    } else {
        escaped(out, bits, WORD);
    }
}

/// The first bytes of a word.
#[inline(always)]
fn piece(out: &mut Vec<u8>, word: u64, length: usize) {
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(out.len() - (WORD - length));
}

/// The first `length` bytes of a word that has zeros behind them.
#[cold]
#[inline(never)]
fn escaped(out: &mut Vec<u8>, mut word: u64, mut length: usize) {
    loop {
        let plain = plain_bytes(word).min(length);
        piece(out, word, plain);
        if plain == length {
            return;
        }
        word >>= 8 * plain;
        escape(out, word.to_le_bytes()[0]);
        word >>= 8;
        length -= plain + 1;
    }
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            let digit = |value: u8| b"0123456789abcdef"[usize::from(value & 15)];
            return out.extend_from_slice(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                digit(byte >> 4),
                digit(byte),
            ]);
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}
