//! Answers one line of JSON for each line of JSON on standard input.
//!
//! `read`: "YAML text" -> [what serde_yaml reads]; `write`: any value -> ["YAML of serde_yaml"].
//! A line that cannot be answered gets {"error": "reason"}.

use std::error::Error;
use std::io::{stdin, stdout, BufRead, Write};

use serde_json::{json, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let mode = std::env::args().nth(1).unwrap_or_default();
    let answer = if mode == "read" { read } else { write };
    for line in stdin().lock().lines() {
        let result = answer(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        println!("{result}");
        stdout().flush()?;
    }
    Ok(())
}

fn read(line: &str) -> Result<Value, Box<dyn Error>> {
    let text: String = serde_json::from_str(line)?;
    Ok(json!([serde_yaml::from_str::<Value>(&text)?]))
}

fn write(line: &str) -> Result<Value, Box<dyn Error>> {
    let value: Value = serde_json::from_str(line)?;
    Ok(json!([serde_yaml::to_string(&value)?]))
}
