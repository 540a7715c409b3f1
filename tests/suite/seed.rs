//! The content of this repository: the built page contains every fact of Quantum SmartQR's compliance text, and no kinds of
//! facts that the text does not contain.

use std::path::Path;
use std::process::Command;

/// The provider, purpose, data categories and condition in each row of the page.
const PROVIDERS: [(&str, &str, &[&str], &str); 10] = [
    (
        "Microsoft Azure",
        "Application hosting, storage, networking, database, and core infrastructure",
        &["Account data", "Workspace data", "QR data", "Scan analytics data", "Operational data", "Security data"],
        "Always",
    ),
    (
        "Microsoft Azure Monitor / Application Insights",
        "Application diagnostics, telemetry, availability monitoring, and incident investigation",
        &["Operational logs", "Request metadata", "Error traces", "Pseudonymous identifiers"],
        "Always",
    ),
    (
        "Microsoft Graph",
        "Transactional email delivery",
        &["Email address", "Message metadata", "Transactional email content"],
        "Only with Microsoft email integration",
    ),
    (
        "Azure Communication Services",
        "Transactional email delivery",
        &["Email address", "Message metadata", "Transactional email content"],
        "Only with ACS email",
    ),
    (
        "SendGrid",
        "Transactional email delivery",
        &["Email address", "Message metadata", "Transactional email content"],
        "Only with SendGrid",
    ),
    (
        "Stripe",
        "Billing, checkout, invoices, subscription management, and payment processing",
        &[
            "Billing contact data",
            "Payment metadata",
            "Invoice data",
            "Subscription status",
            "Stripe-hosted payment details",
        ],
        "Always",
    ),
    (
        "Cloudflare Turnstile",
        "Signup and abuse-prevention challenge checks",
        &["Challenge token", "Browser and request metadata required for fraud prevention"],
        "Only with Cloudflare Turnstile",
    ),
    (
        "ipapi",
        "IP geolocation for scan analytics",
        &["Scanner IP address for geolocation lookup", "Returned approximate location metadata"],
        "Only with ipapi",
    ),
    (
        "Azure Maps",
        "IP geolocation for scan analytics",
        &["Scanner IP address for geolocation lookup", "Returned approximate location metadata"],
        "Only with Azure Maps",
    ),
    (
        "Redis / Azure Cache for Redis",
        "Caching, rate limiting, duplicate-scan filtering, abuse prevention, and short-lived coordination",
        &[
            "Session metadata",
            "Workspace metadata",
            "Request metadata",
            "Scan metadata",
            "Security metadata",
            "Pseudonymous identifiers where applicable",
        ],
        "Always",
    ),
];

/// Other statements that the page must contain. Facts of the source text are quoted verbatim.
const STATEMENTS: [&str; 22] = [
    "Trust & Compliance",
    "Security controls",
    "compliance documentation",
    "HTTPS/TLS transport security for application traffic",
    "Role-based access controls for workspace and platform administration",
    "Audit and operational logging of administrative actions",
    "MFA support and session controls for authenticated access",
    "Free tier",
    "Best effort",
    "Paid plans",
    "prioritized according to the plan",
    "Enterprise",
    "custom SLA terms",
    "Pricing page shows the current public support policy",
    "service provider",
    "Data Processing Addendum (DPA)",
    "your company name",
    "your workspace identifier",
    "vary by environment, feature enablement, and customer configuration",
    "2026-05-22",
    "payment, email, anti-abuse, telemetry, geolocation, and cache providers",
    "customer-specific DPA schedule",
];

#[test]
fn page_contains_every_fact_of_the_source_text() {
    let html = page("index.html");
    let text = text_of(&html);
    for statement in STATEMENTS {
        assert!(text.contains(statement), "the page does not contain {statement:?}");
    }
    assert!(html.contains("href=\"mailto:privacy@quantumtoolset.com\""));
    assert!(text.contains("General support Support"), "the support contact is missing");
    assert!(text.contains("Compliance and privacy requests privacy@quantumtoolset.com"));
}

#[test]
fn every_provider_has_a_row_with_purpose_data_and_condition() {
    for file in ["index.html", "subprocessors/index.html", "releases/2026-05-22/index.html"] {
        let html = page(file);
        let rows: Vec<&str> = html
            .split("<tr")
            .filter_map(|row| row.split("</tr>").next())
            .filter(|row| row.contains("scope=\"row\""))
            .collect();
        assert_eq!(rows.len(), PROVIDERS.len(), "{file}");
        for ((name, purpose, data, condition), row) in PROVIDERS.iter().zip(rows) {
            let text = text_of(&format!("<tr{row}"));
            assert!(text.starts_with(name), "{file}: {text:?} does not start with {name}");
            assert!(text.contains(purpose), "{file}, {name}: {purpose}");
            assert!(text.contains(condition), "{file}, {name}: {condition}");
            for category in *data {
                assert!(row.contains(&format!("<li>{category}</li>")), "{file}, {name}: {category}");
            }
            assert_eq!(row.matches("<li>").count(), data.len(), "{file}, {name}");
        }
    }
}

#[test]
fn change_log_contains_the_first_version() {
    let text = text_of(&page("changelog/index.html"));
    assert!(text.contains("2026-05-22"));
    assert!(text.contains("payment, email, anti-abuse, telemetry, geolocation, and cache providers"));
}

#[test]
fn content_contains_no_facts_beyond_the_source_text() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    for absent in ["data/certifications.yaml", "data/documents.yaml", "data/faq.yaml"] {
        assert!(!content.join(absent).exists(), "{absent} is not in the source text");
    }
    let subprocessors = std::fs::read_to_string(content.join("data/subprocessors.yaml")).expect("the list");
    for field in
        ["locations", "corporate_location", "transfer_mechanism", "website", "legal_name", "address", "dpa_url"]
    {
        assert!(!subprocessors.contains(&format!("{field}:")), "{field} is not in the source text");
    }
    let site = std::fs::read_to_string(content.join("site.yaml")).expect("site.yaml");
    assert!(site.contains("base_url: https://trust.example.com"), "the URL is not the reserved example domain");
}

/// Builds the site of this repository and returns one page.
fn page(file: &str) -> String {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().join("dist");
    let status = Command::new(env!("CARGO_BIN_EXE_candor"))
        .args([
            "build",
            "--no-compress",
            "--quiet",
            "--as-of",
            "2026-06-01",
            "--root",
            env!("CARGO_MANIFEST_DIR"),
            "--out",
        ])
        .arg(&folder)
        .status()
        .expect("candor runs");
    assert!(status.success(), "the content of this repository does not build");
    std::fs::read_to_string(folder.join(file)).expect("the page")
}

/// Returns the text of HTML without tags, with decoded entities and collapsed white space.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
