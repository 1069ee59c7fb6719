//! The sentences that others do not follow, each in a few words of ours.

pub(super) const ALL_LINES: &str =
    "§5.2: the lines of a field are one value, and a list may come in several";
pub(super) const EMPTY_ELEMENTS: &str =
    "§5.6.1.2: whoever reads a list must put up with empty elements";
pub(super) const WHITE_SPACE: &str = "§5.6.1: white space may stand on both sides of a comma";

pub(super) const LATER_DATES: &str =
    "§13.1.3: a date at or after the last modification should get 304";
pub(super) const ONE_DATE: &str = "§13.1.3: a value of several members must be ignored";
pub(super) const ONE_UNMODIFIED_DATE: &str = "§13.1.4: what is a list of dates must be ignored";
pub(super) const NO_DATE: &str = "§13.1.4: what is no date must be ignored";
pub(super) const BESIDE_IF_MATCH: &str =
    "§13.1.4: beside If-Match, If-Unmodified-Since must be ignored";
pub(super) const BESIDE_IF_NONE_MATCH: &str =
    "§13.1.3: beside If-None-Match, If-Modified-Since must be ignored";
pub(super) const OTHER_METHODS: &str =
    "§13.2.1: a method without a selected representation has no preconditions";

pub(super) const OTHER_VALIDATOR: &str =
    "§13.1.5: without a match of If-Range, Range must be ignored";
pub(super) const GET_ALONE: &str = "§14.2: Range must be ignored for every method but GET";
pub(super) const OTHER_UNIT: &str =
    "§14.2: a unit that is not understood must be ignored with its ranges";
pub(super) const UNIT_CASE: &str = "§14.1: names of units know no large and small letters";
pub(super) const SEVERAL: &str =
    "§14.2: ranges that there are should be sent; to be several is no reason to refuse";

pub(super) const DIGITS: &str = "§14.1.1: a position is digits, as many as there are";
pub(super) const LARGE_NUMBERS: &str =
    "§14.1.2: numbers may exceed any integer, which must not become an error";
pub(super) const LONG_SUFFIX: &str = "§14.1.2: a suffix longer than the content is all of it";
pub(super) const NOT_THERE: &str =
    "§14.1.2: a first position not below the length cannot be satisfied";
pub(super) const NO_ANSWER: &str =
    "§14.1.2: a suffix that is not 0 can be satisfied, by all of nothing";
