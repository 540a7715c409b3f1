//! The real content: every fact of Quantum SmartQR's compliance text stands on the built page, and the page
//! states nothing of the kinds that the text lacks.

use std::path::Path;
use std::process::Command;

/// Provider, purpose, data, condition: what the page must say in the provider's row.
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

/// What else the page must say, in its own words where they are ours, to the letter where they are not.
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
fn the_page_states_every_fact_of_the_seed() {
    let html = page("index.html");
    let text = words(&html);
    for statement in STATEMENTS {
        assert!(text.contains(statement), "the page does not say {statement:?}");
    }
    assert!(html.contains("href=\"mailto:privacy@quantumtoolset.com\""));
    assert!(text.contains("General support Support"), "the support contact is missing");
    assert!(text.contains("Compliance and privacy requests privacy@quantumtoolset.com"));
}

#[test]
fn every_provider_has_its_row_with_purpose_data_and_condition() {
    for file in ["index.html", "subprocessors/index.html", "releases/2026-05-22/index.html"] {
        let html = page(file);
        let rows: Vec<&str> = html
            .split("<tr")
            .filter_map(|row| row.split("</tr>").next())
            .filter(|row| row.contains("scope=\"row\""))
            .collect();
        assert_eq!(rows.len(), PROVIDERS.len(), "{file}");
        for ((name, purpose, data, condition), row) in PROVIDERS.iter().zip(rows) {
            let text = words(&format!("<tr{row}"));
            assert!(text.starts_with(name), "{file}: {name} expected at the head of {text:?}");
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
fn the_change_log_has_the_entry_of_the_list_version() {
    let text = words(&page("changelog/index.html"));
    assert!(text.contains("2026-05-22"));
    assert!(text.contains("payment, email, anti-abuse, telemetry, geolocation, and cache providers"));
}

#[test]
fn the_content_claims_nothing_that_the_seed_does_not_state() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    for absent in ["data/certifications.yaml", "data/documents.yaml", "data/faq.yaml"] {
        assert!(!content.join(absent).exists(), "{absent} was invented");
    }
    let subprocessors = std::fs::read_to_string(content.join("data/subprocessors.yaml")).expect("the list");
    for field in
        ["locations", "corporate_location", "transfer_mechanism", "website", "legal_name", "address", "dpa_url"]
    {
        assert!(!subprocessors.contains(&format!("{field}:")), "{field} was invented");
    }
    let site = std::fs::read_to_string(content.join("site.yaml")).expect("site.yaml");
    assert!(site.contains("base_url: https://trust.example.com"), "the address is a reserved example domain");
}

/// A page of the site that the project's own content makes.
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
    assert!(status.success(), "the real content does not build");
    std::fs::read_to_string(folder.join(file)).expect("the page")
}

/// The words of a piece of HTML: no tags, entities read, white space folded.
fn words(html: &str) -> String {
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
