//! `candor serve` over real HTTP: the preview matches the built site, updates immediately, is not readable by other sites, and
//! survives hostile requests.

mod preview;

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::process::Stdio;

use preview::{Preview, command};

use crate::support::{Project, SITE};

const SECTION: &str = "content/sections/10-baseline.md";
const BROKEN: &str = "title: Trust\norganization: {[\n";

fn section(text: &str) -> String {
    format!("---\ntitle: Baseline\n---\n\n{text}\n")
}

fn project() -> Project {
    Project::new().file(SECTION, section("Written first."))
}

/// Saves a file atomically as most editors do, so that the preview never reads a partial file.
fn save(project: &Project, path: &str, text: impl AsRef<[u8]>) {
    let new = project.path(".saving");
    fs::write(&new, text).expect("written");
    fs::rename(new, project.path(path)).expect("renamed");
}

#[test]
fn prints_the_address_and_one_line_per_rebuild() {
    let project = project();
    let preview = Preview::of(&project);
    assert!(preview.first_line.contains(&format!("http://127.0.0.1:{}/", preview.port)), "{}", preview.first_line);
    assert!(preview.line_with(" files").contains("built"));
    save(&project, SECTION, section("Written second."));
    let line = preview.line_with(SECTION);
    assert!(line.contains(" ms"), "{line}");
    save(&project, "content/site.yaml", BROKEN);
    let line = preview.line_with("content/site.yaml: ");
    assert!(line.contains("1 error") && line.contains("last good build"), "{line}");
}

#[test]
fn preview_matches_the_built_site() {
    let project = project();
    let run = project.run(["build", "--draft", "--out", "shipped", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let preview = Preview::of(&project);
    let files = walkdir::WalkDir::new(project.path("shipped")).into_iter().map(|entry| entry.expect("an entry"));
    let mut compared = 0;
    for file in files.filter(|entry| entry.file_type().is_file()) {
        let path =
            file.path().strip_prefix(project.path("shipped")).expect("inside").to_str().expect("UTF-8").to_owned();
        if path == ".candor" {
            // The manifest of an output folder is not part of the site.
            continue;
        }
        let answer = preview.get(&format!("/{path}"));
        assert_eq!(answer.status, 200, "{path}");
        let (mut body, page) = (answer.body.clone(), path.ends_with(".html"));
        if page {
            let start = body.find("<script src=\"/-candor/").expect("the reload script");
            let end = start + body[start..].find("</script>").expect("its end") + "</script>".len();
            body.replace_range(start..end, "");
        }
        assert_eq!(body, String::from_utf8_lossy(&fs::read(file.path()).expect("bytes")), "{path}");
        compared += 1;
    }
    assert!(compared > 5);
}

#[test]
fn shows_saved_changes_and_keeps_the_last_good_site_on_errors() {
    let project = project();
    let preview = Preview::of(&project);
    let first = preview.get("/");
    assert!(first.body.contains("Written first."));
    let mut events = preview.events("/", &first);

    save(&project, SECTION, section("Written second."));
    let second = preview.until("/", |answer| answer.body.contains("Written second."));
    assert_eq!(events.next().as_deref(), Some("reload"));

    save(&project, "content/site.yaml", BROKEN);
    assert_eq!(events.next().as_deref(), Some("problems"));
    assert_eq!(preview.get("/").body, second.body);
    // A page that is opened now gets the event as well.
    assert_eq!(preview.events("/", &second).next().as_deref(), Some("problems"));

    save(&project, "content/site.yaml", SITE);
    assert_eq!(events.next().as_deref(), Some("fixed"));
}

/// Links and ids that only the finished pages show, each with its code.
const FAULTS: [(&str, &str); 3] = [
    ("<a href=\"{{ page.root }}nowhere/\">x</a>", "broken-link"),
    ("<a href=\"#nowhere\">x</a>", "broken-anchor"),
    ("<i id=\"same\"></i><i id=\"same\"></i>", "id-taken"),
];

#[test]
fn broken_links_of_templates_are_reported_once() {
    const BANNER: &str = "templates/partials/banner.html";
    for (fault, code) in FAULTS {
        let project = project().file(BANNER, fault);
        let built = project.run(["build", "--draft"]);
        assert!(built.stderr.contains(&format!("error[{code}]")), "{fault}: {}", built.stderr);
        let preview = Preview::of(&project);
        preview.line_with(&format!("error[{code}]"));
        let line = preview.line_with("build failed");
        assert!(line.contains("1 error") && line.contains("no page to show yet"), "{line}");
        for path in ["/", "/subprocessors/", "/"] {
            let answer = preview.get(path);
            assert!(answer.status == 503 && answer.body.contains(code), "{fault}: {answer:?}");
        }
        save(&project, BANNER, "fixed");
        preview.line_with("rebuilt");
        assert!(preview.get("/").body.contains("Written first."));
        // The last good site stays.
        save(&project, BANNER, fault);
        preview.line_with(&format!("error[{code}]"));
        assert!(preview.line_with("build failed").contains("last good build"));
        assert!(preview.get("/").body.contains("Written first."));
        assert_eq!(preview.printed(), Vec::<String>::new(), "requests print nothing");
    }
}

/// The template cannot be stopped, but the preview goes on without it.
#[test]
fn template_without_end_leaves_the_last_good_site() {
    let loops: String = (0..12).map(|at| format!("{{% for a{at} in s %}}")).collect();
    let endless = format!("<p>\n{{% set s = \"abcdefghijklmnopqrstuvwxyz\" %}}{loops}{}", "{% endfor %}".repeat(12));
    let project = project().file("templates/404.html", "First {{ page.title }}");
    // Only a template without end takes this long, even on a busy machine.
    let preview = Preview::start(command(&project, &["--port", "0"]).env("CANDOR_TEMPLATE_SECONDS", "10"));
    assert!(preview.get("/nope/").body.contains("First"));
    save(&project, "templates/404.html", endless);
    preview.line_with("error[template-error]: `404.html` is not finished after 10 s");
    preview.line_with("templates/404.html:2:");
    preview.line_with("still serving the last good build");
    assert!(preview.get("/nope/").body.contains("First"));
    save(&project, "templates/404.html", "Second {{ page.title }}");
    preview.line_with("rebuilt");
    assert!(preview.get("/nope/").body.contains("Second"));
}

#[test]
fn broken_site_is_unavailable_until_it_is_fixed() {
    let project = project().file("content/site.yaml", BROKEN);
    let preview = Preview::of(&project);
    let answer = preview.get("/subprocessors/");
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("content/site.yaml:2:"), "{}", answer.body);
    let mut events = preview.events("/", &answer);
    assert_eq!(events.next().as_deref(), Some("problems"));
    save(&project, "content/site.yaml", SITE);
    assert_eq!(events.next().as_deref(), Some("fixed"));
    assert_eq!(events.next().as_deref(), Some("reload"));
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn detects_renames_writes_in_place_and_restored_folders_without_errors() {
    let project = project();
    let preview = Preview::of(&project);
    let save_by_rename = |text: &str| {
        fs::write(project.path("content/sections/.10-baseline.md.swp"), section(text)).expect("written");
        fs::rename(project.path("content/sections/.10-baseline.md.swp"), project.path(SECTION)).expect("renamed");
    };
    for nth in 0..20 {
        save_by_rename(&format!("Save {nth}."));
        preview.until("/", |answer| answer.body.contains(&format!("Save {nth}.")));
    }
    fs::rename(project.path("content"), project.path("away")).expect("moved");
    preview.line_with("last good build");
    assert!(preview.get("/").body.contains("Save 19."));
    fs::rename(project.path("away"), project.path("content")).expect("moved");
    save_by_rename("Save 20.");
    preview.until("/", |answer| answer.body.contains("Save 20."));
    // Written in place, so a rebuild may read a partial file.
    for nth in 21..30 {
        fs::write(project.path(SECTION), section(&format!("Save {nth}."))).expect("written");
        preview.until("/", |answer| answer.body.contains(&format!("Save {nth}.")));
    }
}

#[test]
fn supports_revalidation_head_and_range_requests() {
    let project = project();
    let preview = Preview::of(&project);
    let page = preview.get("/");
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let etag = page.header("etag").expect("a tag").to_owned();
    let again = preview.request("GET", "/", &[&format!("If-None-Match: {etag}")]);
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(etag.as_str())));

    let head = preview.request("HEAD", "/", &[]);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some(page.body.len().to_string().as_str()));

    let part = preview.request("GET", "/", &["Range: bytes=1-3"]);
    assert_eq!((part.status, part.body.as_str()), (206, &page.body[1..4]));
    assert_eq!(preview.request("GET", "/", &["Range: bytes=999999999-"]).status, 416);
    let refused = preview.request("POST", "/", &["Content-Length: 0"]);
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn redirects_to_folders_and_serves_the_404_page_of_the_site() {
    let project = project();
    let preview = Preview::of(&project);
    let redirect = preview.get("/changelog?year=2026");
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("/changelog/?year=2026")));
    assert_eq!(preview.get("/changelog/").status, 200);
    let missing = preview.get("/no/such/page");
    assert_eq!(missing.status, 404);
    assert_eq!(missing.body, preview.get("/404.html").body);
}

#[test]
fn serves_a_base_path() {
    let site = format!("{SITE}base_url: https://example.com/trust/\n");
    let project = project().file("content/site.yaml", site);
    let preview = Preview::of(&project);
    let redirect = preview.get("/");
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("/trust/")));
    assert_eq!(preview.get("/trust").header("location"), Some("/trust/"));
    assert!(preview.get("/trust/").body.contains("Written first."));
    assert_eq!(preview.get("/changelog/").status, 404);
}

#[test]
fn rejects_host_names_of_other_machines() {
    let project = project();
    let preview = Preview::of(&project);
    for host in ["localhost", "127.0.0.1:80", "[::1]", "trust.localhost:4700"] {
        assert_eq!(preview.request("GET", "/", &[&format!("Host: {host}")]).status, 200, "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "192.168.0.7", "", "a b"] {
        let answer = preview.request("GET", "/", &[&format!("Host: {host}")]);
        assert_eq!(answer.status, 421, "{host}");
        assert!(!answer.body.contains("Written first."));
        assert_eq!(preview.request("GET", "/-candor/events", &[&format!("Host: {host}")]).status, 421);
    }
    assert_eq!(preview.request("GET", "/", &["Host: localhost", "Host: localhost"]).status, 400);
    assert_eq!(preview.request("GET", "http://evil.example/", &[]).status, 421);
    assert!(preview.raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").starts_with(b"HTTP/1.1 400 "));
}

#[test]
fn responses_are_not_readable_by_other_sites() {
    let project = project().file("static/documents/a.pdf", "x").file("static/js/a.js", "f()");
    let run = project.run(["build", "--draft", "--out", "shipped", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let preview = Preview::of(&project);
    let shipped = walkdir::WalkDir::new(project.path("shipped")).into_iter().map(|entry| entry.expect("an entry"));
    let mut targets: Vec<String> = shipped
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(project.path("shipped")).expect("inside").to_string_lossy().into_owned())
        .collect();
    targets.extend(["", "changelog", "no/such/page", "%zz", "-candor/preview.js", "-candor/none"].map(str::to_owned));
    let mut cases = 0;
    for target in targets.iter().map(|target| format!("/{target}")) {
        for (headers, status) in [
            (&[][..], None),
            (&["Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"][..], None),
            (&["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"][..], None),
            (&["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"][..], Some(403)),
            (&["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"][..], Some(403)),
            (&["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Origin: https://evil.example"][..], Some(403)),
            (&["Origin: https://evil.example"][..], Some(403)),
        ] {
            let answer = preview.request("GET", &target, headers);
            assert!(status.is_none_or(|status| answer.status == status), "{target} {headers:?}: {}", answer.status);
            assert!(status.is_none() == (answer.status != 403), "{target} {headers:?}: {}", answer.status);
            let head = answer.head.to_lowercase();
            assert!(!head.contains("access-control"), "{target}: {head}");
            for once in
                ["cross-origin-resource-policy: same-origin", "cross-origin-opener-policy", "x-content-type-options"]
            {
                assert_eq!(head.matches(once).count(), 1, "{target}: {once}: {head}");
            }
            assert_eq!(head.matches("cross-origin-resource-policy").count(), 1, "{target}: {head}");
            assert!(status.is_none() || !answer.body.contains("Written first."));
            cases += 1;
        }
    }
    assert!(cases > 150, "only {cases} cases");
}

#[test]
fn rejects_request_heads_over_32_kib() {
    let project = project();
    let preview = Preview::of(&project);
    let start = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX:";
    for (filler, name) in [("y", "a value"), (" ", "spaces"), ("y\r\nX: ", "many headers")] {
        let head = |len: usize| {
            let space = len - start.len() - "\r\n\r\n".len();
            let fill = filler.repeat(space / filler.len()) + &"z".repeat(space % filler.len());
            format!("{start}{fill}\r\n\r\n")
        };
        let status = |len: usize| {
            let answer = preview.raw(head(len).as_bytes());
            String::from_utf8_lossy(&answer).split(' ').nth(1).map(str::to_owned).unwrap_or_default()
        };
        for len in [33_500, 40_000, 65_000, 200_000] {
            // The connection may be closed before the response is read.
            assert!(matches!(&*status(len), "431" | ""), "{name}, {len} bytes: {}", status(len));
        }
        if name != "many headers" {
            assert_eq!(status(32_000), "200", "{name}");
        }
    }
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn new_event_streams_replace_the_oldest() {
    let project = project();
    let preview = Preview::of(&project);
    let page = preview.get("/");
    let mut first = preview.events("/", &page);
    // The first event shows that the stream is connected.
    save(&project, "content/site.yaml", BROKEN);
    assert_eq!(first.next().as_deref(), Some("problems"));
    let others: Vec<_> = (0..300)
        .map(|_| {
            let mut events = preview.events("/", &page);
            assert_eq!(events.next().as_deref(), Some("problems"));
            events
        })
        .collect();
    assert_eq!(first.next(), None, "the oldest stream is still open");
    assert_eq!(preview.get("/").status, 200);
    drop(others);
}

#[test]
fn idle_connections_do_not_delay_new_ones() {
    let project = project();
    for host in ["127.0.0.1", "0.0.0.0"] {
        let preview = Preview::with(&project, &["--port", "0", "--host", host]);
        for begin in ["", "GET", "GET / HTTP/1.1\r\nHost: localhost\r\n"] {
            // More than the limit; the newest are well below it.
            let idle: Vec<_> = (0..600)
                .map(|_| {
                    let mut stream = preview.connect();
                    // The server may have closed the connection already, if later ones were accepted first.
                    let _ = stream.write_all(begin.as_bytes());
                    stream
                })
                .collect();
            let status = preview.get("/").status;
            assert_eq!(status, if preview.first_line.contains("token=") { 403 } else { 200 }, "{begin:?}");
            // The answer came before the idle connections reached their time limit.
            let open = |stream: &std::net::TcpStream| {
                stream.set_nonblocking(true).expect("set");
                stream.peek(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
            };
            assert!(idle[450..].iter().all(open), "{begin:?}: connections were closed without need");
            assert!(!open(&idle[0]), "{begin:?}: the oldest connection is still open");
        }
    }
}

#[test]
fn idle_connections_do_not_end_event_streams() {
    let project = project();
    let preview = Preview::of(&project);
    let page = preview.get("/");
    let mut events = preview.events("/", &page);
    save(&project, "content/site.yaml", BROKEN);
    assert_eq!(events.next().as_deref(), Some("problems"));
    let idle: Vec<_> = (0..600).map(|_| preview.connect()).collect();
    assert_eq!(preview.get("/").status, 200);
    let mut other = preview.events("/", &page);
    assert_eq!(other.next().as_deref(), Some("problems"));
    save(&project, "content/site.yaml", SITE);
    assert!(events.next().is_some(), "the stream was closed");
    drop(idle);
}

#[test]
fn preview_on_the_network_requires_the_printed_token() {
    let project = project();
    let preview = Preview::with(&project, &["--port", "0", "--host", "0.0.0.0"]);
    let token = preview.first_line.trim_end().rsplit("/?token=").next().expect("a token").to_owned();
    assert!(token.len() == 40 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", preview.first_line);
    for target in
        ["/", "/index.md", "/-candor/events", "/-candor/preview.js", "/no/such/page", "/?token=", "/?token=00"]
    {
        let answer = preview.get(target);
        assert_eq!(answer.status, 403, "{target}");
        assert!(!answer.body.contains("Written first."));
    }
    let visit = preview.get(&format!("/index.md?token={token}"));
    assert_eq!(visit.status, 200);
    assert!(visit.body.contains("url=/index.md") && !visit.body.contains(&token), "{}", visit.body);
    let cookie = visit.header("set-cookie").expect("a cookie");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    let cookie = format!("Cookie: {}", cookie.split(';').next().expect("a value"));
    assert!(preview.request("GET", "/index.md", &[&cookie]).body.contains("Written first."));
    // The redirect to the page without the token never leads to another host.
    assert!(!preview.get(&format!("//evil.example/?token={token}")).body.contains("url=//"));
    let loopback = Preview::with(&project, &["--port", "0", "--host", "localhost"]);
    assert!(!loopback.first_line.contains("token"), "{}", loopback.first_line);
}

#[cfg(unix)]
#[test]
fn new_pipes_and_devices_do_not_block_the_preview() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let project = project().file("static/a.css", "a{}").file("templates/partials/banner.html", "");
    let preview = Preview::of(&project);
    preview.line_with("built");
    let pipe = |path: &str| {
        let mode = Mode::RUSR | Mode::WUSR;
        mknodat(CWD, project.path(path), FileType::Fifo, mode, 0).expect("a pipe");
    };
    for (nth, place) in
        ["content/sections/20-pipe.md", "content/data/faq.yaml", "static/pipe.css", "templates/pipe.html"]
            .into_iter()
            .enumerate()
    {
        fs::create_dir_all(project.path(place).parent().expect("a folder")).expect("made");
        pipe(place);
        preview.line_with("last good build");
        assert!(preview.get("/").body.contains("Written"), "{place}");
        fs::remove_file(project.path(place)).expect("removed");
        std::os::unix::fs::symlink("/dev/zero", project.path(place)).expect("a link");
        preview.line_with("last good build");
        fs::remove_file(project.path(place)).expect("removed");
        let text = format!("Written again {nth}.");
        save(&project, SECTION, section(&text));
        preview.until("/", |answer| answer.body.contains(&text));
    }
}

#[test]
fn skips_a_port_in_use_unless_it_was_requested() {
    let project = project();
    // Occupy the default port. If another program already has it, that program may release it at any time.
    let default = TcpListener::bind(("127.0.0.1", 4700));
    let preview = Preview::with(&project, &[]);
    assert!((4700..4720).contains(&preview.port), "{}", preview.port);
    assert!(default.is_err() || preview.port != 4700);
    if preview.port != 4700 {
        let note = preview.line_with("in use");
        assert!(note.contains(&preview.port.to_string()), "{note}");
    }

    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let run = command(&project, &["--port", &port]).stdin(Stdio::null()).output().expect("it runs");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains(&port));
}

#[cfg(unix)]
#[test]
fn ctrl_c_exits_cleanly_with_open_event_streams() {
    let project = project();
    let preview = Preview::of(&project);
    let page = preview.get("/");
    let events = preview.events("/", &page);
    let idle = preview.connect();
    assert_eq!(preview.interrupt(), Some(0));
    assert_eq!(events.count(), 0);
    drop(idle);
}

#[cfg(unix)]
#[test]
fn links_in_static_never_expose_files_outside_the_project() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.txt"), "a secret").expect("written");
    let project =
        project().link("static/leak.txt", outside.path().join("secret.txt")).link("static/leaks", outside.path());
    let preview = Preview::of(&project);
    for target in ["/leak.txt", "/leaks/secret.txt", "/static/leak.txt", "/assets/leak.txt"] {
        let answer = preview.get(target);
        assert!(answer.status != 200 && !answer.body.contains("a secret"), "{target}");
    }
}

/// A xorshift random number generator with a fixed seed, so that every run uses the same requests.
struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("small")
    }

    fn choose<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

fn hostile(rng: &mut Xorshift) -> Vec<u8> {
    const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "OPTIONS", "TRACE", "CONNECT", "get", "G\0T", ""];
    const PIECES: [&str; 28] = [
        "/",
        "//",
        "..",
        "%2e%2e",
        "%2e.",
        "..%2f",
        "%5c",
        "\\",
        "%00",
        "\0",
        "etc/passwd",
        "index.html",
        "-candor/",
        "events?page=",
        "%",
        "%zz",
        "%c0%af",
        "%252e%252e",
        "?",
        "#",
        "http://localhost",
        "file:///",
        "Cargo.toml",
        "content/site.yaml",
        ".git/config",
        "subprocessors",
        "\u{202e}",
        "*",
    ];
    const HEADERS: [&str; 16] = [
        "Host: localhost",
        "Host: localhost",
        "Host: localhost",
        "Host: evil.example",
        "Range: bytes=0-0,1-1,2-",
        "Range: bytes=18446744073709551615-",
        "Range: bytes=--",
        "If-None-Match: \"",
        "If-Match: *",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Expect: 100-continue",
        "Upgrade: websocket\r\nConnection: upgrade",
        "No colon here",
        "X: \0\u{1}",
    ];
    const VERSIONS: [&str; 6] = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9", ""];
    match rng.below(20) {
        0 => (0..rng.below(300)).map(|_| u8::try_from(rng.below(256)).expect("a byte")).collect(),
        1 => format!("GET /{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "a".repeat(rng.below(70_000)))
            .into_bytes(),
        2 => format!("GET / HTTP/1.1\r\n{}", "X: y\r\n".repeat(rng.below(300))).into_bytes(),
        3 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        _ => {
            let target: String = (0..=rng.below(6)).map(|_| rng.choose(&PIECES)).collect();
            let headers: String = (0..rng.below(4)).map(|_| format!("{}\r\n", rng.choose(&HEADERS))).collect();
            let end = rng.choose(&["\r\n", "\n", "", "\r\n\r\nGET /"]);
            format!(
                "{} /{target} {}\r\nConnection: close\r\n{headers}{end}",
                rng.choose(&METHODS),
                rng.choose(&VERSIONS)
            )
            .into_bytes()
        }
    }
}

#[test]
fn survives_ten_thousand_hostile_requests_without_leaks() {
    let project =
        project().file("secret.txt", "not of the site").file("content/data/faq.yaml", "# never of the site\n[]\n");
    let mut preview = Preview::of(&project);
    let mut rng = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut send_hostile_requests = |preview: &Preview, requests: usize| {
        for _ in 0..requests {
            let request = hostile(&mut rng);
            let answer = preview.raw(&request);
            let answer = String::from_utf8_lossy(&answer);
            let shown = String::from_utf8_lossy(&request).into_owned();
            assert!(
                !answer.contains("of the site") && !answer.contains("root:") && !answer.contains("[package]"),
                "{shown:?}"
            );
            assert!(!answer.starts_with("HTTP/1.1 5"), "{shown:?} {answer}");
        }
    };
    // Warm up buffers, threads and the allocator before measuring memory.
    send_hostile_requests(&preview, 3_000);
    #[cfg(target_os = "linux")]
    let before = preview.memory();
    send_hostile_requests(&preview, 7_000);
    #[cfg(target_os = "linux")]
    assert!(preview.memory() < before + 1_024, "memory grew from {} to {} pages", before, preview.memory());
    assert!(preview.is_running());
    assert_eq!(preview.get("/").status, 200);
    let errors: Vec<_> = preview.printed().into_iter().filter(|line| line.contains("panicked")).collect();
    assert_eq!(errors, Vec::<String>::new());
}
