//! Values that are written one by one.

use super::*;

/// Serialises to its number, unless it is 13.
#[derive(Clone, Copy, Debug)]
struct Unlucky(u8);

impl Serialize for Unlucky {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            13 => Err(serde::ser::Error::custom("13 is refused")),
            number => serializer.serialize_u8(number),
        }
    }
}

#[tokio::test]
async fn a_record_that_fails_leaves_the_ones_before_it_whole() {
    async fn check(make: impl Fn(Counter) -> Response, sent: &str) {
        let errors = Counter::default();
        let answer = read(make(errors.clone())).await;
        assert_eq!((answer.text().as_str(), answer.complete), (sent, false));
        assert_eq!(errors.get(), 1);
    }
    let rows = || [1, 2, 13, 4].map(|number| [(Unlucky(number), Unlucky(number))]);
    let source = || [Ok(1), Ok(2), Err("gone"), Ok(4)];
    macro_rules! both {
        ($type:ident $item:ty, $items:expr, $sent:expr) => {
            check(
                |errors| {
                    $type::<$item>::new(polled($items, &Counter::default()))
                        .on_error(move |_| errors.up())
                        .into_response()
                },
                $sent,
            )
            .await;
            check(
                |errors| {
                    $type::<$item>::blocking($items)
                        .on_error(move |_| errors.up())
                        .into_response()
                },
                $sent,
            )
            .await;
        };
    }
    both!(NdJson [(Unlucky, Unlucky); 1], rows(), "[[1,1]]\n[[2,2]]\n");
    both!(JsonArray [(Unlucky, Unlucky); 1], rows(), "[[[1,1]],[[2,2]]");
    both!(Csv [(Unlucky, Unlucky); 1], rows(), "1,1\r\n2,2\r\n");
    both!(NdJson u8, source(), "1\n2\n");
    both!(JsonArray u8, source(), "[1,2");
    both!(Csv u8, source(), "1\r\n2\r\n");
}

#[tokio::test]
async fn records_that_are_ready_share_a_frame_up_to_its_size() {
    // 100 bytes a line
    let line = "x".repeat(97);
    let lines = || vec![line.clone(); 10_000];
    for response in [
        NdJson::<String>::new(stream::iter(lines())).into_response(),
        NdJson::<String>::blocking(lines()).into_response(),
    ] {
        let frames = frames(response).await;
        assert_eq!(frames.iter().sum::<usize>(), 1_000_000);
        let (last, full) = frames.split_last().unwrap();
        assert!(*last <= 16 * 1024 + 100);
        for length in full {
            // A job that ran out of its time sends what it has.
            assert!(*length <= 16 * 1024 + 100, "{length}");
        }
        assert!(frames.len() < 1000, "{}", frames.len());
    }
    let frames = frames(NdJson::<String>::new(stream::iter(lines())).into_response()).await;
    assert_eq!(frames[..60], [16_400; 60]);
    assert_eq!(frames.len(), 61);
}

#[tokio::test]
async fn a_record_does_not_wait_for_the_next_one() {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    let records = stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    let mut body = JsonArray::<u8>::new(records).into_response().into_body();
    let mut next = async || {
        let frame = body.frame().await?.unwrap();
        Some(frame.into_data().unwrap())
    };
    for (given, sent) in [(&[1][..], "[1"), (&[2, 3], ",2,3"), (&[4], ",4")] {
        given.iter().for_each(|item| sender.send(*item).unwrap());
        assert_eq!(next().await.unwrap(), sent);
    }
    drop(sender);
    assert_eq!(next().await.unwrap(), "]");
    assert_eq!(next().await, None);
}

#[derive(Serialize)]
struct Row<'a> {
    id: u32,
    name: &'a str,
    note: Option<f64>,
}

#[tokio::test]
async fn csv_is_quoted_where_it_must_be() {
    // RFC 4180 §2, rules 5 to 7
    for (cell, sent) in [
        ("", ""),
        ("plain", "plain"),
        ("a b", "a b"),
        (" a ", " a "),
        ("é", "é"),
        (r#"a "b", c"#, r#""a ""b"", c""#),
        (r#"""#, r#""""""#),
        ("a,b", "\"a,b\""),
        ("a\nb", "\"a\nb\""),
        ("a\r\nb", "\"a\r\nb\""),
        ("a;b", "a;b"),
    ] {
        let row = Row {
            id: 1,
            name: cell,
            note: None,
        };
        let csv = Csv::<Row<'static>>::new(stream::iter([row]));
        let answer = read(csv.into_response()).await;
        assert_eq!(
            answer.text(),
            format!("id,name,note\r\n1,{sent},\r\n"),
            "{cell:?}"
        );
    }
}

#[tokio::test]
async fn csv_has_one_header_or_none() {
    async fn check(make: impl Fn() -> Csv<Row<'static>>, header: &str) {
        let answer = read(make().into_response()).await;
        assert!(answer.complete);
        assert_eq!(
            answer.text(),
            format!("{header}7,a,0.5\r\n8,b,\r\n9,c,-1.0\r\n")
        );
    }
    let rows =
        || {
            [(7, "a", Some(0.5)), (8, "b", None), (9, "c", Some(-1.0))]
                .map(|(id, name, note)| Row { id, name, note })
        };
    let apart = || {
        stream::iter(rows()).then(async |row| {
            tokio::task::yield_now().await;
            row
        })
    };
    check(|| Csv::new(stream::iter(rows())), "id,name,note\r\n").await;
    check(|| Csv::new(Box::pin(apart())), "id,name,note\r\n").await;
    check(|| Csv::blocking(rows()), "id,name,note\r\n").await;
    check(|| Csv::new(stream::iter(rows())).without_header(), "").await;
    check(
        || Csv::blocking(rows()).header(["A", "B", "C"]),
        "A,B,C\r\n",
    )
    .await;
    check(|| Csv::blocking(rows()).header(["A"]).without_header(), "").await;

    let short = Csv::new(stream::iter(rows())).header(["A", "B"]);
    let answer = read(short.into_response()).await;
    assert_eq!((answer.text().as_str(), answer.complete), ("", false));
}
