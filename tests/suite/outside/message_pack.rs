//! MessagePack: what other implementations read and write.

use serde_json::{Value, json};
use suite_support::outside::{NODE_MSGPACK, PYTHON_MSGPACK, present};
use suite_support::{Server, Version};
use tokio::process::Command;

use super::{ground, node, python, run, run_with, url};

/// How the clients spell what they see, so that JSON loses nothing of it: numbers in full, bytes in
/// hexadecimal, maps in their order.
fn seen(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float)
                if number.is_f64() && float.fract() == 0.0 && float.abs() < 2_f64.powi(53) =>
            {
                json!({"int": format!("{float:.0}")})
            }
            Some(float) if number.is_f64() => json!({"float": format!("{:016x}", float.to_bits())}),
            _ => json!({"int": number.to_string()}),
        },
        Value::Array(items) => items.iter().map(seen).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, item)| json!([key, seen(item)]));
            json!({"map": sorted(entries.collect())})
        }
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

/// The entries of a map by their names: `serde_json` does not keep their order.
fn sorted(mut entries: Vec<Value>) -> Vec<Value> {
    entries.sort_by_key(|entry| entry[0].to_string());
    entries
}

fn all_sorted(value: Value) -> Value {
    match value {
        Value::Object(mut members) => match members.remove("map") {
            Some(Value::Array(entries)) => {
                let entries = entries.into_iter().map(all_sorted).collect();
                json!({"map": sorted(entries)})
            }
            _ => Value::Object(members),
        },
        Value::Array(items) => items.into_iter().map(all_sorted).collect(),
        other => other,
    }
}

/// Both routes hold one value; JSON writes binary as a list of numbers.
async fn pair(server: &Server) -> (Value, Vec<u8>) {
    let json = server.ask(Version::Http1, "GET", "/pack/json", &[]).await;
    let pack = server
        .ask(Version::Http1, "GET", "/pack/msgpack", &[])
        .await;
    let mut value = seen(&json.json());
    for entry in value["map"].as_array_mut().unwrap() {
        if entry[0] == "binary" {
            let hex: String = (0..=255_u8).map(|byte| format!("{byte:02x}")).collect();
            entry[1] = json!({"bytes": hex});
        }
    }
    (value, pack.body.to_vec())
}

async fn sees_what_is_in_the_json(client: Command) {
    let server = ground().await;
    let (value, pack) = pair(&server).await;
    let client = all_sorted(run_with(client, &pack).await.json());
    let (client, value) = (client["map"].as_array(), value["map"].as_array());
    let (client, value) = (client.unwrap(), value.unwrap());
    assert_eq!(client.len(), value.len());
    for (client, value) in client.iter().zip(value) {
        assert!(client == value, "{}", value[0]);
    }
}

#[tokio::test]
async fn python_reads_the_value_of_the_json() {
    if present(&[PYTHON_MSGPACK]) {
        sees_what_is_in_the_json(python("message_pack_seen.py", &[])).await;
    }
}

#[tokio::test]
async fn node_reads_the_value_of_the_json() {
    if present(&[NODE_MSGPACK]) {
        sees_what_is_in_the_json(node("message_pack_seen.cjs", &[])).await;
    }
}

#[tokio::test]
async fn what_python_writes_comes_back_and_what_is_no_value_is_refused() {
    if present(&[PYTHON_MSGPACK]) {
        let server = ground().await;
        let echo = url(&server, "/pack/echo");
        run(python("message_pack_echo.py", &[&echo])).await.well();
    }
}
