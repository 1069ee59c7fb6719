//! Mistakes that the compiler tells, in words that say what to write instead.

#[cfg(feature = "openapi")] // the compiler lists what implements a trait
#[test]
fn mistakes_in_literals_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
