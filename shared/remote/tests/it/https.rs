//! The real transport against a server of this machine: what goes out, and what is read of what comes back.

use std::time::Duration;

use domain::Private;
use remote::{
    Broken, Https, HttpsError, Method, Post, PostAnswer, PostTransport as _, Request, Transport as _,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Answers one request with these bytes; returns what the client made of them, and what the client had sent.
async fn exchange(answer: &'static str) -> (Result<PostAnswer, Broken>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql.json", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut received = Vec::new();
        while !received.ends_with(b"{\"query\":1}") {
            assert_ne!(socket.read_buf(&mut received).await.unwrap(), 0);
        }
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(received).unwrap()
    });
    let answer = Https::new(None).unwrap().post(post(&url)).await;
    (answer, server.await.unwrap())
}

fn post(url: &str) -> Post {
    Post {
        url: url.parse().unwrap(),
        headers: vec![("x-shopify-access-token", Private::new("shpat_hush".to_owned()))],
        body: Private::new(b"{\"query\":1}".to_vec()),
        time_out: Duration::from_secs(5),
    }
}

#[tokio::test]
async fn a_request_goes_out_with_its_headers_and_the_answer_comes_back() {
    let (answer, received) = exchange("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    assert_eq!(answer.unwrap().body.expose(), b"{}");
    assert!(
        received.starts_with("POST /graphql.json") && received.contains("x-shopify-access-token: shpat_hush")
    );
}

#[tokio::test]
async fn a_status_that_says_everything_is_not_lost_with_its_body() {
    let (answer, _) =
        exchange("HTTP/1.1 429 Too Many\r\nRetry-After: 2.0\r\nContent-Length: 999\r\n\r\n<").await;
    let expected = PostAnswer { status: 429, retry_after: Some("2.0".into()), body: Private::default() };
    assert_eq!(answer, Ok(expected));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (answer, _) =
        exchange("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(answer.unwrap().status, 302);
}

#[tokio::test]
async fn what_breaks_is_told_by_whether_anything_was_sent() {
    let (answer, _) = exchange("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{").await;
    assert_eq!(answer, Err(Broken::BrokenOff));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let nobody = Https::new(None).unwrap().post(post(&format!("http://{address}/"))).await;
    assert_eq!(nobody, Err(Broken::NoConnection));
    let mut broken = post(&format!("http://{address}/"));
    broken.headers = vec![("x-shopify-access-token", Private::new("line\nbreak".to_owned()))];
    assert_eq!(Https::new(None).unwrap().post(broken).await, Err(Broken::NotMade));
}

#[tokio::test]
async fn only_the_headers_and_bodies_that_are_wanted_are_read() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/order?Page=1", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut received = Vec::new();
        while !received.ends_with(b"\r\n\r\n") {
            assert_ne!(socket.read_buf(&mut received).await.unwrap(), 0);
        }
        let answer = b"HTTP/1.1 422 No\r\nTotal-Pages: 3\r\nX-Other: 1\r\nContent-Length: 2\r\n\r\n{}";
        socket.write_all(answer).await.unwrap();
        String::from_utf8(received).unwrap()
    });
    let Post { headers, time_out, .. } = post(&url);
    let (url, body) = (url.parse().unwrap(), Private::default());
    let (wanted, telling) = (["total-pages", "next-page"].as_slice(), [422].as_slice());
    let request = Request { method: Method::Get, url, headers, body, time_out, wanted, telling };
    let answer = Https::new(None).unwrap().send(request).await.unwrap();
    assert_eq!((answer.status, answer.body.expose().as_slice()), (422, b"{}".as_slice()));
    assert_eq!(answer.headers, [("total-pages", "3".to_owned())]);
    assert!(server.await.unwrap().starts_with("GET /order?Page=1 HTTP/1.1"));
}

#[tokio::test]
async fn nothing_travels_in_plain_words_to_another_machine() {
    for url in ["http://192.0.2.1/", "http://127.0.0.1.example.com/", "ftp://127.0.0.1/"] {
        assert_eq!(Https::new(None).unwrap().post(post(url)).await, Err(Broken::NotMade), "{url}");
    }
}

#[test]
fn an_authority_that_is_no_certificate_is_told() {
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "not PEM", damaged] {
        let error = Https::new(Some(pem)).unwrap_err();
        assert_eq!(error, HttpsError::NoCertificate);
        assert!(error.to_string().contains("certificate_authority"), "{error}");
    }
}
