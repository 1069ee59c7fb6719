//! OpenAPI documents: what validators, linters and generators make of those of the example servers.

use std::path::{Path, PathBuf};

use suite_support::outside::{
    OPENAPI_TYPESCRIPT, PYTHON_CLIENT, REDOCLY, SCHEMATHESIS, SPEC_VALIDATOR, TYPESCRIPT,
    node_modules, present, python_with_packages, tools,
};
use suite_support::{Server, Version};
use tokio::process::Command;

use super::{client, folder, ground, ground_with, program, run, tour, url};

/// Conditions are made up by schemathesis: they fail (RFC 9110 §15.5.13), and one that is missing is a status of its
/// own (RFC 6585 §3). It expects neither unless it is told.
const SCHEMATHESIS_SETTINGS: &str = r#"
[[operations]]
include-operation-id = "items_update"
checks.positive_data_acceptance.expected-statuses = ["2xx", "404", "412"]
checks.missing_required_header.expected-statuses = ["404", "428"]
"#;

/// A folder with the documents of both servers for this tool.
async fn documents(tool: &str) -> [PathBuf; 2] {
    let documents = folder(tool);
    let write = async |name: &str, server: Server| {
        let document = server
            .ask(Version::Http1, "GET", "/openapi.json", &[])
            .await;
        assert_eq!(document.status, 200, "{document:?}");
        let path = documents.join(name);
        std::fs::write(&path, document.body).unwrap();
        path
    };
    [
        write("proving-ground.json", ground().await).await,
        write("tour.json", tour().await).await,
    ]
}

/// A program that a Python package brought.
fn from_python(name: &str) -> Command {
    program(tools().join("python/bin").join(name), &[])
}

/// A program that a Node.js package brought.
fn from_node(name: &str) -> Command {
    program(node_modules().join(".bin").join(name), &[])
}

fn in_folder_of(document: &Path, mut program: Command) -> Command {
    program.current_dir(document.parent().unwrap());
    program
}

#[tokio::test]
async fn documents_keep_to_the_specification() {
    if present(&[SPEC_VALIDATOR]) {
        for document in documents("validator").await {
            let mut validator = program(python_with_packages(), &["-m", "openapi_spec_validator"]);
            validator.arg(document);
            run(validator).await.well();
        }
    }
}

#[tokio::test]
async fn documents_keep_to_what_redocly_recommends() {
    if present(&[REDOCLY]) {
        for document in documents("redocly").await {
            let mut redocly = from_node("redocly");
            redocly
                .env("REDOCLY_TELEMETRY", "off")
                .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
                .args(["lint", "--format", "stylish", "--config"])
                .args([client("redocly.yaml"), document.clone()]);
            run(in_folder_of(&document, redocly)).await.well();
        }
    }
}

#[tokio::test]
async fn documents_are_types_of_typescript() {
    if present(&[OPENAPI_TYPESCRIPT, TYPESCRIPT]) {
        for document in documents("typescript").await {
            let types = document.with_extension("d.ts");
            let mut generator = from_node("openapi-typescript");
            generator.arg(&document).arg("--output").arg(&types);
            run(in_folder_of(&document, generator)).await.well();
            let mut compiler = from_node("tsc");
            compiler.args(["--strict", "--noEmit", "--target", "es2022"]);
            compiler.arg(types);
            run(in_folder_of(&document, compiler)).await.well();
        }
    }
}

#[tokio::test]
async fn documents_are_a_client_in_python() {
    if present(&[PYTHON_CLIENT]) {
        for document in documents("python-client").await {
            let package = document.with_extension("");
            let mut generator = from_python("openapi-python-client");
            // What it does not know, such as MessagePack, it leaves out of the client with a warning.
            // Formatting what is thrown away would need one more program.
            let settings = package.with_extension("yaml");
            std::fs::write(&settings, "post_hooks: []\n").unwrap();
            generator
                .args(["generate", "--meta", "none", "--path"])
                .arg(&document)
                .arg("--output-path")
                .arg(&package)
                .arg("--config")
                .arg(&settings);
            run(in_folder_of(&document, generator)).await.well();
            let mut compiler = program(python_with_packages(), &["-m", "compileall", "-q"]);
            compiler.arg(package);
            run(compiler).await.well();
        }
    }
}

#[tokio::test]
async fn the_proving_ground_answers_as_documented() {
    if present(&[SCHEMATHESIS]) {
        let folder = folder("schemathesis");
        // As in the example of the document.
        std::fs::write(folder.join("file.bin"), [0; 1000]).unwrap();
        let server = ground_with(&folder).await;
        std::fs::write(folder.join("schemathesis.toml"), SCHEMATHESIS_SETTINGS).unwrap();
        let mut schemathesis = from_python("schemathesis");
        schemathesis
            .args(["--config-file", "schemathesis.toml", "run"])
            .arg(url(&server, "/openapi.json"))
            .args(["--phases", "examples,coverage,fuzzing"])
            .args(["--max-examples", "10", "--seed", "1"])
            .arg("--generation-deterministic")
            .args(["--workers", "1", "--request-timeout", "20", "--no-color"])
            // It does not write MessagePack, and does not wait for the end of what has none.
            .args(["--exclude-path", "/pack/echo"])
            .args(["--exclude-path", "/sse-slow"])
            .current_dir(folder);
        run(schemathesis).await.well();
    }
}
