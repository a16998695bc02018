//! Says hello over HTTP, and how many certificate authorities it could trust.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, fs, thread};

fn main() -> Result<()> {
    let listener = TcpListener::bind("0.0.0.0:8080")?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || answer(stream));
    }
    Ok(())
}

fn answer(mut stream: TcpStream) -> Result<()> {
    for line in BufReader::new(stream.try_clone()?).lines() {
        if line?.is_empty() {
            break;
        }
    }
    let body = format!("Hello from Rust, which knows {} authorities\n", count_authorities());
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        body.len(),
        body
    )
}

fn count_authorities() -> usize {
    let file = env::var("SSL_CERT_FILE").unwrap_or_default();
    let certificates = fs::read_to_string(file).unwrap_or_default();
    certificates.matches("-----BEGIN CERTIFICATE-----").count()
}
