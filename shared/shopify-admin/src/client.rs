//! One call of the Admin API from beginning to end: pace, token, request, answer, and again where that is allowed.

use std::{fmt, sync::Arc, time::Duration};

use domain::Private;
use reqwest::Url;
use serde::Serialize;
use tokio::time::{Instant, sleep};

use crate::{
    AdminError, Credentials, Post, Shared, Transport, VERSION,
    answer::{self, Answer, lost},
    pace::Pace,
    query::Query,
    retry::Tries,
    token::Tokens,
};

/// How long one request may take, its answer included.
const TIME_OUT: Duration = Duration::from_secs(30);

/// The Admin API of one shop. Every call takes the moment at which it has to be over.
pub struct Admin {
    shop: String,
    graphql: Url,
    transport: Arc<dyn Transport>,
    tokens: Tokens,
    pace: Pace,
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin").field("shop", &self.shop).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Body<'a, V> {
    query: &'a str,
    #[serde(rename = "operationName")]
    name: &'a str,
    variables: V,
}

impl Admin {
    /// The Admin API of the shop `*.myshopify.com`. `base` replaces `https://{shop}`, for a simulated Shopify: it
    /// must be HTTPS, or HTTP to this machine itself.
    pub fn new(
        shop: &str,
        base: Option<&str>,
        credentials: Credentials,
        transport: Arc<dyn Transport>,
        shared: Arc<dyn Shared>,
    ) -> Result<Self, AdminError> {
        let shop = shop.trim().to_ascii_lowercase();
        let base = base_url(&shop, base)?;
        let unusable = |_| AdminError::Refused("the address of the Admin API cannot be made".into());
        let graphql = base.join(&format!("/admin/api/{VERSION}/graphql.json")).map_err(unusable)?;
        let token_url = base.join("/admin/oauth/access_token").map_err(unusable)?;
        let tokens = Tokens::new(&shop, token_url, credentials, transport.clone(), shared);
        Ok(Self { shop, graphql, transport, tokens, pace: Pace::default() })
    }

    /// The shop's own domain.
    pub fn shop_domain(&self) -> &str {
        &self.shop
    }

    /// Sends a query, again where that is allowed, until there is an answer or no time is left.
    pub(crate) async fn call(
        &self,
        query: &Query,
        variables: impl Serialize,
        deadline: Instant,
    ) -> Result<Answer, AdminError> {
        let body = Body { query: query.text, name: query.name, variables };
        let body = serde_json::to_vec(&body)
            .map_err(|_| AdminError::Refused("the query cannot be written".into()))?;
        let body = Private::new(body);
        let mut tries = Tries::default();
        loop {
            self.pace.admit(query, deadline).await?;
            let error = match self.send(query, &body, deadline).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let pause = tries.next(&error, fastrand::u32(0..1_000));
            let Some(pause) = pause.filter(|pause| Instant::now() + *pause < deadline) else {
                return Err(error);
            };
            tracing::debug!(query = query.name, %error, ?pause, "a call to the Admin API is sent again");
            sleep(pause).await;
        }
    }

    /// Sends a query with a token; once more with another one if the first is refused.
    async fn send(
        &self,
        query: &Query,
        body: &Private<Vec<u8>>,
        deadline: Instant,
    ) -> Result<Answer, AdminError> {
        let token = self.tokens.get(deadline).await?;
        match self.send_with(query, body, &token, deadline).await {
            Err(AdminError::Credentials(why)) => {
                if !self.tokens.drop_refused(&token).await? {
                    return Err(AdminError::Credentials(why));
                }
                let token = self.tokens.get(deadline).await?;
                self.send_with(query, body, &token, deadline).await
            }
            result => result,
        }
    }

    async fn send_with(
        &self,
        query: &Query,
        body: &Private<Vec<u8>>,
        token: &Private<String>,
        deadline: Instant,
    ) -> Result<Answer, AdminError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(AdminError::Unreachable("no time is left".into()));
        }
        let headers = vec![
            ("x-shopify-access-token", token.clone()),
            ("content-type", Private::new("application/json".to_owned())),
            ("accept", Private::new("application/json".to_owned())),
        ];
        let post =
            Post { url: self.graphql.clone(), headers, body: body.clone(), time_out: TIME_OUT.min(left) };
        let answer = self.transport.post(post).await.map_err(|broken| {
            if broken.is_unsent() {
                AdminError::Unreachable(broken.to_string())
            } else {
                lost(query.kind, broken.to_string())
            }
        })?;
        if answer.status == 401 {
            return Err(AdminError::Credentials("HTTP 401: the access token is not valid".into()));
        }
        let (cost, result) = answer::read(query.kind, &answer);
        if let Some(cost) = cost {
            self.pace.learn(query, &cost);
        }
        result
    }
}

/// Where the shop's API is. A token must not travel to anybody else, nor in plain words.
fn base_url(shop: &str, base: Option<&str>) -> Result<Url, AdminError> {
    let name = shop.strip_suffix(".myshopify.com").unwrap_or_default();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(AdminError::Refused("the shop's domain is not of the form name.myshopify.com".into()));
    }
    let Some(base) = base else {
        let url = Url::parse(&format!("https://{shop}"));
        return url.map_err(|_| AdminError::Refused("the shop's domain is no address".into()));
    };
    let url = Url::parse(base).map_err(|_| AdminError::Refused("the base address cannot be read".into()))?;
    let unsafe_base =
        || AdminError::Refused("the base address must be https, or http to this machine".into());
    remote::is_safe(&url).then_some(url).ok_or_else(unsafe_base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_shops_own_domain_and_a_safe_base_are_taken() {
        let url = base_url("demo-shop.myshopify.com", None).unwrap();
        assert_eq!(url.as_str(), "https://demo-shop.myshopify.com/");
        for shop in [
            "",
            "demo",
            ".myshopify.com",
            "a.b.myshopify.com",
            "demo.myshopify.com.evil.com",
            "a/b.myshopify.com",
        ] {
            assert!(base_url(shop, None).is_err(), "{shop}");
        }
        for (base, is_taken) in [
            ("https://admin.example.com", true),
            ("http://127.0.0.1:4000", true),
            ("http://localhost:4000", true),
            ("http://[::1]:4000", true),
            ("http://10.0.0.1", false),
            ("http://127.0.0.1.evil.com", false),
            ("ftp://127.0.0.1", false),
            ("nothing", false),
        ] {
            assert_eq!(base_url("demo.myshopify.com", Some(base)).is_ok(), is_taken, "{base}");
        }
    }
}
