use serde_json::{Value, json};

use super::*;

fn file() -> Value {
    json!({
        "ti": "ACME_TST", "cn": "ml-connector", "dt": "12", "ci": "ACME_TST~id", "cs": "client-secret",
        "iu": "https://mingle-ionapi.eu1.inforcloudsuite.com",
        "pu": "https://mingle-sso.eu1.inforcloudsuite.com:443/ACME_TST/as/",
        "oa": "authorization.oauth2", "ot": "token.oauth2", "or": "revoke_token.oauth2",
        "ev": "A1234567890", "v": "1.1", "saak": "ACME_TST#access-key", "sask": "secret-key"
    })
}

fn with(key: &str, value: Value) -> Value {
    let mut file = file();
    file[key] = value;
    file
}

fn parse(file: &Value) -> Result<IonApi, IonApiError> {
    IonApi::parse(&file.to_string(), &AllowedHosts::default())
}

#[test]
fn a_cloud_file_with_a_service_account_uses_the_password_grant() {
    let ion = parse(&file()).unwrap();
    assert!(matches!(ion.grant, Grant::Password { .. }));
    assert_eq!(ion.token_url.as_str(), "https://mingle-sso.eu1.inforcloudsuite.com/ACME_TST/as/token.oauth2");
    assert!(!format!("{ion:?}").contains("secret"));
}

#[test]
fn without_a_service_account_and_redirect_it_is_client_credentials() {
    let mut file = file();
    file.as_object_mut().unwrap().remove("saak");
    file.as_object_mut().unwrap().remove("sask");
    assert_eq!(parse(&file).unwrap().grant, Grant::ClientCredentials);
    file["ru"] = json!("http://localhost:8080");
    let error = parse(&file).unwrap_err();
    assert_eq!(error, IonApiError::NotABackendService);
    assert!(error.help().contains("Backend Service"));
}

#[test]
fn an_on_premises_file_needs_its_hosts_named() {
    let mut file = with("iu", json!("https://ion.acme.example:7443"));
    file["pu"] = json!("https://ion.acme.example/InforIntSTS/");
    file["ot"] = json!("connect/token");
    assert!(matches!(parse(&file), Err(IonApiError::HostNotAllowed { key: "iu", .. })));
    let allowed = AllowedHosts::new(["ION.acme.example".to_owned()]);
    let ion = IonApi::parse(&file.to_string(), &allowed).unwrap();
    assert_eq!(ion.token_url.as_str(), "https://ion.acme.example/InforIntSTS/connect/token");
    let other_port = AllowedHosts::new(["ion.acme.example:7443".to_owned()]);
    assert!(matches!(
        IonApi::parse(&file.to_string(), &other_port),
        Err(IonApiError::HostNotAllowed { key: "pu", .. })
    ));
}

/// Addresses steer requests that carry credentials: whatever leads elsewhere is refused.
#[test]
fn an_address_that_leads_elsewhere_is_refused() {
    let cases = [
        ("iu", "http://mingle-ionapi.inforcloudsuite.com", IonApiError::BadAddress("iu")),
        ("iu", "https://user@mingle-ionapi.inforcloudsuite.com", IonApiError::BadAddress("iu")),
        ("iu", "https://mingle.inforcloudsuite.com/?x=https://evil.example", IonApiError::BadAddress("iu")),
        ("iu", "not an address", IonApiError::BadAddress("iu")),
        ("iu", "", IonApiError::Missing("iu")),
        ("pu", "file:///etc/passwd", IonApiError::BadAddress("pu")),
        ("ti", "../admin", IonApiError::Missing("ti")),
        ("cs", "", IonApiError::Missing("cs")),
        ("sask", "", IonApiError::Missing("sask")),
    ];
    for (key, value, error) in cases {
        assert_eq!(parse(&with(key, json!(value))).unwrap_err(), error, "{key}={value}");
    }
    for host in
        ["169.254.169.254", "evil.example", "inforcloudsuite.com.evil.example", "evilinforcloudsuite.com"]
    {
        let error = parse(&with("iu", json!(format!("https://{host}")))).unwrap_err();
        assert!(matches!(error, IonApiError::HostNotAllowed { key: "iu", .. }), "{host}");
    }
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let error = IonApi::parse("{\n nope", &AllowedHosts::default()).unwrap_err();
    assert_eq!(error, IonApiError::Unreadable { line: 2, column: 2 });
}

#[test]
fn the_published_layouts_are_read() {
    let Some(fixtures) = testkit::fixtures() else { return };
    let hosts =
        ["mingle-ionapi.example.inforcloudsuite.invalid", "mingle-sso.example.inforcloudsuite.invalid"];
    let on_premises = ["inforostst.customer.invalid"];
    let allowed = AllowedHosts::new(hosts.into_iter().chain(on_premises).map(str::to_owned));
    let read = |name: &str| {
        let text = std::fs::read_to_string(fixtures.join("infor-m3/ionapi").join(name)).unwrap();
        IonApi::parse(&text, &allowed)
    };
    assert!(matches!(
        read("multitenant-backend.v1.1.placeholder.ionapi").unwrap().grant,
        Grant::Password { .. }
    ));
    assert_eq!(read("onprem-backend.v1.0.placeholder.ionapi").unwrap().tenant, "infor");
    let web = read("webapp-no-service-account.placeholder.ionapi").unwrap_err();
    assert_eq!(web, IonApiError::NotABackendService);
}
