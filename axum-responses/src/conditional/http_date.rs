//! Dates as HTTP writes them (RFC 9110 §5.6.7).

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;

use super::preconditions::STRONG_AFTER;

/// The last second that four digits of a year can say: `Fri, 31 Dec 9999 23:59:59 GMT`.
const LAST: u64 = 253_402_300_799;

/// A date in whole seconds, between 1970 and 9999 (RFC 9110 §5.6.7).
///
/// On the wire: `Tue, 14 Nov 2023 22:13:20 GMT`. The two obsolete forms are read as well; other time zones, and a day
/// of the week that is not that of the date, are refused.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use axum_responses::HttpDate;
///
/// let date = HttpDate::new(UNIX_EPOCH + Duration::from_secs(1_700_000_000)).unwrap();
/// assert_eq!(date.to_string(), "Tue, 14 Nov 2023 22:13:20 GMT");
/// assert_eq!("Tue, 14 Nov 2023 22:13:20 GMT".parse(), Ok(date));
/// assert!(HttpDate::new(UNIX_EPOCH - Duration::from_secs(1)).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(u64);

impl HttpDate {
    /// The date of this time, the fraction of its second cut off; `None` before 1970 and after 9999,
    /// which a file's modification time may well be.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use axum_responses::HttpDate;
    ///
    /// let date = |milliseconds| HttpDate::new(UNIX_EPOCH + Duration::from_millis(milliseconds)).unwrap();
    /// assert_eq!(date(1999), date(1000));
    /// assert_eq!(date(1999).to_time(), UNIX_EPOCH + Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn new(time: SystemTime) -> Option<Self> {
        let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
        (seconds <= LAST).then_some(Self(seconds))
    }

    /// The date of this time, or the first or last one there is.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use axum_responses::HttpDate;
    ///
    /// let before = HttpDate::clamped(UNIX_EPOCH - Duration::from_secs(86_400));
    /// assert_eq!(before.to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
    /// let after = HttpDate::clamped(UNIX_EPOCH + Duration::from_secs(300_000_000_000));
    /// assert_eq!(after.to_header(), "Fri, 31 Dec 9999 23:59:59 GMT");
    /// ```
    #[must_use]
    pub fn clamped(time: SystemTime) -> Self {
        Self::new(time).unwrap_or(Self(if time < UNIX_EPOCH { 0 } else { LAST }))
    }

    /// The same as a time: the beginning of its second.
    #[must_use]
    pub fn to_time(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0)
    }

    /// Whether it is a strong validator at this time: what changed less than two seconds ago may change
    /// again within the same second (RFC 9110 §8.8.2.2). A date to come is none.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum_responses::HttpDate;
    ///
    /// let date: HttpDate = "Tue, 14 Nov 2023 22:13:20 GMT".parse().unwrap();
    /// assert!(!date.is_strong_at(date.to_time() + Duration::from_millis(1999)));
    /// assert!(date.is_strong_at(date.to_time() + Duration::from_secs(2)));
    /// assert!(!date.is_strong_at(date.to_time() - Duration::from_secs(60)));
    /// ```
    #[must_use]
    pub fn is_strong_at(self, now: SystemTime) -> bool {
        now.duration_since(self.to_time())
            .is_ok_and(|age| age >= STRONG_AFTER)
    }

    /// The value for a field such as `Last-Modified`: the form that is preferred, whatever was read.
    ///
    /// ```
    /// # use axum_responses::HttpDate;
    /// let old: HttpDate = "Sunday, 06-Nov-94 08:49:37 GMT".parse().unwrap(); // RFC 850's
    /// assert_eq!(old.to_header(), "Sun, 06 Nov 1994 08:49:37 GMT");
    /// assert_eq!("Sun Nov  6 08:49:37 1994".parse(), Ok(old)); // asctime's
    /// ```
    #[must_use]
    pub fn to_header(self) -> HeaderValue {
        HeaderValue::try_from(self.to_string()).unwrap_or(HeaderValue::from_static(""))
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        httpdate::HttpDate::from(self.to_time()).fmt(f)
    }
}

impl FromStr for HttpDate {
    type Err = InvalidHttpDate;

    /// The preferred form and the two obsolete ones, as RFC 9110 §5.6.7 asks of recipients.
    fn from_str(text: &str) -> Result<Self, InvalidHttpDate> {
        let parse = |text: &str| httpdate::parse_http_date(text).ok().and_then(Self::new);
        // RFC 9110 §5.6.7: the 60th second of a leap second is the first of the next minute.
        let leap = || {
            let before = parse(&text.replacen(":60 ", ":59 ", 1))?;
            (before.0 < LAST).then_some(Self(before.0 + 1))
        };
        parse(text).or_else(leap).ok_or(InvalidHttpDate)
    }
}

/// A text that is no HTTP date, or one that cannot be: before 1970.
///
/// ```
/// use axum_responses::{HttpDate, conditional::InvalidHttpDate};
///
/// for text in ["2023-11-14T22:13:20Z", "Tue, 14 Nov 2023 22:13:20 +0000", "Mon, 14 Nov 2023 22:13:20 GMT"] {
///     assert_eq!(text.parse::<HttpDate>(), Err(InvalidHttpDate));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHttpDate;

impl fmt::Display for InvalidHttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an HTTP date")
    }
}

impl std::error::Error for InvalidHttpDate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_rfc_9110_section_5_6_7_are_one_date() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(text.parse(), Ok(HttpDate(784_111_777)), "{text}");
        }
        assert_eq!(
            HttpDate(784_111_777).to_string(),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
    }

    #[test]
    fn a_leap_second_is_the_first_of_the_next_minute() {
        for (leap, next) in [
            (
                "Sat, 31 Dec 2016 23:59:60 GMT",
                "Sun, 01 Jan 2017 00:00:00 GMT",
            ),
            (
                "Saturday, 31-Dec-16 23:59:60 GMT",
                "Sun, 01 Jan 2017 00:00:00 GMT",
            ),
            ("Sat Dec 31 23:59:60 2016", "Sun, 01 Jan 2017 00:00:00 GMT"),
        ] {
            assert_eq!(leap.parse::<HttpDate>(), next.parse(), "{leap}");
        }
        for none in [
            "Sat, 31 Dec 2016 23:59:61 GMT",
            "Sat, 31 Dec 2016 23:60:00 GMT",
            "Fri, 31 Dec 9999 23:59:60 GMT",
        ] {
            assert_eq!(none.parse::<HttpDate>(), Err(InvalidHttpDate), "{none}");
        }
    }

    #[test]
    fn times_beyond_the_calendar_are_no_dates() {
        assert_eq!(
            HttpDate::new(UNIX_EPOCH + Duration::from_secs(LAST + 1)),
            None
        );
        assert_eq!(
            HttpDate::clamped(UNIX_EPOCH + Duration::from_secs(LAST + 1)).to_string(),
            "Fri, 31 Dec 9999 23:59:59 GMT"
        );
        assert_eq!(InvalidHttpDate.to_string(), "not an HTTP date");
        let first = HttpDate::clamped(UNIX_EPOCH);
        assert_eq!(first.to_time(), UNIX_EPOCH);
        assert_eq!(
            HttpDate::clamped(UNIX_EPOCH - Duration::from_secs(1)),
            HttpDate(0)
        );
        assert_eq!(
            "Sun, 06 Nov 1994 08:49:37 +0100".parse::<HttpDate>(),
            Err(InvalidHttpDate)
        );
    }
}
