//! One walk over the bytes of a document, before serde sees them.
//!
//! `rmp-serde` takes trailing bytes, hands text that is not UTF-8 on as bytes, and trusts announced lengths.

use std::fmt;

use rmp::Marker;

/// As deep as serde_json goes.
const DEEPEST: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defect {
    EndsEarly,
    TrailingBytes,
    Reserved,
    TooDeep,
    TextIsNotUtf8,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EndsEarly => "it ends before the document does",
            Self::TrailingBytes => "there is more behind the document",
            Self::Reserved => "the byte 0xc1 is reserved",
            Self::TooDeep => "it is nested too deep",
            Self::TextIsNotUtf8 => "a text is not UTF-8",
        })
    }
}

/// Checks that `bytes` are one well-formed document.
///
/// Iterative, with one counter per level: the depth of the input is not that of our stack.
pub(super) fn check(bytes: &[u8]) -> Result<(), Defect> {
    let mut rest = bytes;
    let mut open: Vec<u64> = Vec::new(); // values still to come, per level
    loop {
        let children = value(&mut rest)?;
        if children > 0 {
            // Every value takes a byte at least: a longer container cannot be kept.
            if children > rest.len() as u64 {
                return Err(Defect::EndsEarly);
            }
            if open.len() == DEEPEST {
                return Err(Defect::TooDeep);
            }
            open.push(children);
            continue;
        }
        loop {
            match open.last_mut() {
                None if rest.is_empty() => return Ok(()),
                None => return Err(Defect::TrailingBytes),
                Some(1) => drop(open.pop()),
                Some(left) => {
                    *left -= 1;
                    break;
                }
            }
        }
    }
}

/// Takes one value, of a container only its head; tells how many values it holds.
fn value(rest: &mut &[u8]) -> Result<u64, Defect> {
    let marker = Marker::from_u8(take(rest, 1)?[0]);
    match marker {
        Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => {}
        Marker::U8 | Marker::I8 => drop(take(rest, 1)?),
        Marker::U16 | Marker::I16 => drop(take(rest, 2)?),
        Marker::U32 | Marker::I32 | Marker::F32 => drop(take(rest, 4)?),
        Marker::U64 | Marker::I64 | Marker::F64 => drop(take(rest, 8)?),
        Marker::FixStr(length) => text(rest, length.into())?,
        Marker::Str8 => length(rest, 1).and_then(|length| text(rest, length))?,
        Marker::Str16 => length(rest, 2).and_then(|length| text(rest, length))?,
        Marker::Str32 => length(rest, 4).and_then(|length| text(rest, length))?,
        Marker::Bin8 => skip(rest, 1, 0)?,
        Marker::Bin16 => skip(rest, 2, 0)?,
        Marker::Bin32 => skip(rest, 4, 0)?,
        // An extension has a byte for its type in front of its data.
        Marker::FixExt1 => drop(take(rest, 2)?),
        Marker::FixExt2 => drop(take(rest, 3)?),
        Marker::FixExt4 => drop(take(rest, 5)?),
        Marker::FixExt8 => drop(take(rest, 9)?),
        Marker::FixExt16 => drop(take(rest, 17)?),
        Marker::Ext8 => skip(rest, 1, 1)?,
        Marker::Ext16 => skip(rest, 2, 1)?,
        Marker::Ext32 => skip(rest, 4, 1)?,
        Marker::FixArray(length) => return Ok(length.into()),
        Marker::Array16 => return length(rest, 2),
        Marker::Array32 => return length(rest, 4),
        Marker::FixMap(length) => return Ok(2 * u64::from(length)),
        Marker::Map16 => return Ok(2 * length(rest, 2)?),
        Marker::Map32 => return Ok(2 * length(rest, 4)?),
        Marker::Reserved => return Err(Defect::Reserved),
    }
    Ok(0)
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8], Defect> {
    let length = usize::try_from(length).map_err(|_| Defect::EndsEarly)?;
    let (taken, left) = rest.split_at_checked(length).ok_or(Defect::EndsEarly)?;
    *rest = left;
    Ok(taken)
}

/// A length of `width` bytes, big-endian.
fn length(rest: &mut &[u8], width: u64) -> Result<u64, Defect> {
    Ok(take(rest, width)?
        .iter()
        .fold(0, |length, byte| length << 8 | u64::from(*byte)))
}

fn skip(rest: &mut &[u8], width: u64, more: u64) -> Result<(), Defect> {
    let length = length(rest, width)?;
    take(rest, length + more).map(drop)
}

fn text(rest: &mut &[u8], length: u64) -> Result<(), Defect> {
    std::str::from_utf8(take(rest, length)?)
        .map(drop)
        .map_err(|_| Defect::TextIsNotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_whole_document_passes() {
        let deep = |levels: usize| [vec![0x91; levels], vec![0x01]].concat();
        for (bytes, expected) in [
            (vec![0xc0], Ok(())),
            (
                vec![0x92, 0x01, 0x81, 0xa1, b'a', 0xc4, 0x02, 0, 255],
                Ok(()),
            ),
            (vec![0xd6, 0xff, 0, 0, 0, 1], Ok(())), // a timestamp
            (vec![0x90], Ok(())),
            (deep(DEEPEST), Ok(())),
            (deep(DEEPEST + 1), Err(Defect::TooDeep)),
            (vec![0x91; 100_000], Err(Defect::TooDeep)),
            (vec![], Err(Defect::EndsEarly)),
            (vec![0x82, 0xa1, b'a', 0x01], Err(Defect::EndsEarly)),
            (vec![0xd9, 0xff, b'a'], Err(Defect::EndsEarly)),
            (vec![0xdd, 0xff, 0xff, 0xff, 0xff], Err(Defect::EndsEarly)),
            (vec![0xc6, 0xff, 0xff, 0xff, 0xff], Err(Defect::EndsEarly)),
            (vec![0x01, 0x02], Err(Defect::TrailingBytes)),
            (vec![0xc1], Err(Defect::Reserved)),
            (vec![0xa2, 0xff, 0xfe], Err(Defect::TextIsNotUtf8)),
        ] {
            assert_eq!(
                check(&bytes),
                expected,
                "{:x?}",
                &bytes[..bytes.len().min(12)]
            );
        }
    }
}
