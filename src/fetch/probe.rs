//! Whether web addresses still lead anywhere: for `check --external`.
//!
//! A gentle visitor: it asks with HEAD and fetches a page only where a server does not answer that properly,
//! opens at most [`PER_HOST`] connections to one host, waits between attempts, and never reads a body. It follows
//! redirects by itself, because it has to know whether they are permanent and whether they run in a circle.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use url::Url;

use super::FetchError;
use super::transport::{Method, Response, Transport, TransportError};

/// Requests to one host at the same time.
pub const PER_HOST: usize = 2;

/// Requests at the same time, to whatever host.
pub const AT_ONCE: usize = 16;

/// How many redirects are followed (as many as RFC 9110 section 15.4 leaves to the client, and fewer than browsers do).
const HOPS: usize = 10;

/// The longest wait that a server may ask for with `Retry-After`.
const PATIENCE: Duration = Duration::from_secs(10);

/// How hard to try.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How long one request may take, from the look-up of the name to the head of the answer.
    pub timeout: Duration,
    /// Attempts at an address that does not answer, or answers that it is busy.
    pub attempts: u32,
    /// The wait before the second attempt; each further one waits twice as long.
    pub pause: Duration,
}

impl Default for Effort {
    /// Three attempts of 20 seconds.
    fn default() -> Effort {
        Effort { timeout: Duration::from_secs(20), attempts: 3, pause: Duration::from_millis(500) }
    }
}

/// What an address gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A page.
    Fine,
    /// A page, at another address for good: every redirect on the way is permanent (301 or 308).
    Moved {
        /// Where it is now.
        to: String,
    },
    /// The server says that there is no such page: 4xx, but for those that are [`Refused`](Answer::Refused).
    Gone {
        /// The HTTP status (RFC 9110 section 15).
        status: u16,
    },
    /// The server will not say: it wants a login, or no programs.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// No answer that means anything, in all attempts.
    Failed {
        /// Why the last one failed.
        reason: String,
    },
}

/// Asks for each address; the answers are in the order of the addresses. A fragment is not sent and not looked for.
///
/// # Errors
/// When candor was compiled without an HTTP client, or the certificates of the system cannot be read.
pub fn probe(addresses: &[Url], effort: Effort) -> Result<Vec<Answer>, FetchError> {
    let transport = Transport::new(effort.timeout).map_err(FetchError::NoClient)?;
    let visitor = Visitor { transport, effort };
    let lanes = Mutex::new(lanes(addresses).into_iter());
    let answers = Mutex::new(vec![None; addresses.len()]);
    // A panic in a worker is one in here, so a poisoned lock is never met.
    let next = || lanes.lock().ok().and_then(|mut lanes| lanes.next());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(addresses.len()) {
            scope.spawn(|| {
                while let Some(lane) = next() {
                    for at in lane {
                        let answer = visitor.visit(&addresses[at]);
                        if let Ok(mut answers) = answers.lock() {
                            answers[at] = Some(answer);
                        }
                    }
                }
            });
        }
    });
    let answers = answers.into_inner().unwrap_or_default();
    Ok(answers.into_iter().map(|answer| answer.unwrap_or(Answer::Failed { reason: "was not asked".into() })).collect())
}

/// Addresses by their places, in lanes that one worker goes along. A host has at most [`PER_HOST`] lanes, so there are
/// never more requests to it. Hosts with much to ask come first, for they take longest.
fn lanes(addresses: &[Url]) -> Vec<Vec<usize>> {
    let mut hosts: BTreeMap<(Option<&str>, Option<u16>), Vec<usize>> = BTreeMap::new();
    for (at, address) in addresses.iter().enumerate() {
        hosts.entry((address.host_str(), address.port_or_known_default())).or_default().push(at);
    }
    let mut lanes: Vec<Vec<usize>> = hosts
        .into_values()
        .flat_map(|places| {
            let mut lanes = vec![Vec::new(); PER_HOST.min(places.len())];
            let count = lanes.len();
            places.into_iter().enumerate().for_each(|(turn, at)| lanes[turn % count].push(at));
            lanes
        })
        .collect();
    lanes.sort_by_key(|lane| std::cmp::Reverse(lane.len()));
    lanes
}

struct Visitor {
    transport: Transport,
    effort: Effort,
}

/// How one attempt ended.
enum Attempt {
    Done(Answer),
    /// Worth another attempt, after the wait that the server asked for.
    Again {
        reason: String,
        wait: Option<Duration>,
    },
}

impl Visitor {
    fn visit(&self, address: &Url) -> Answer {
        let mut pause = self.effort.pause;
        let mut left = self.effort.attempts.max(1);
        loop {
            left -= 1;
            match self.follow(address) {
                Attempt::Done(answer) => return answer,
                Attempt::Again { reason, .. } if left == 0 => return Answer::Failed { reason },
                Attempt::Again { reason, wait } => {
                    log::info!("{address}: {reason}; trying again");
                    thread::sleep(wait.unwrap_or(pause).min(PATIENCE));
                    pause *= 2;
                }
            }
        }
    }

    /// One attempt at an address and at whatever it leads to.
    fn follow(&self, address: &Url) -> Attempt {
        let failed = |reason: String| Attempt::Done(Answer::Failed { reason });
        let mut way = vec![without_fragment(address)];
        let mut permanent = true;
        loop {
            let here = &way[way.len() - 1];
            let answer = match self.ask(here) {
                Ok(answer) => answer,
                Err(error) => return unanswered(&error, self.effort.timeout),
            };
            let next = match answer.redirect(here) {
                None => return judge(&answer, &way, permanent),
                Some(Err(reason)) => return failed(reason),
                Some(Ok(next)) => next,
            };
            permanent &= matches!(answer.status, 301 | 308);
            if way.contains(&next) {
                return failed(format!("redirects in a circle, back to {next}"));
            }
            if way.len() > HOPS {
                return failed(format!("redirects more than {HOPS} times"));
            }
            way.push(next);
        }
    }

    /// HEAD; and GET where the answer to that is an error, for many a server answers HEAD with whatever it likes.
    fn ask(&self, address: &Url) -> Result<Response, TransportError> {
        let answer = self.transport.send(Method::Head, address, self.effort.timeout)?;
        match answer.status {
            429 | 503 => Ok(answer),
            400..=599 => self.transport.send(Method::Get, address, self.effort.timeout),
            _ => Ok(answer),
        }
    }
}

/// What an answer that is no redirect means.
fn judge(answer: &Response, way: &[Url], permanent: bool) -> Attempt {
    let reason = || format!("answers with status {}", answer.status_line);
    match answer.status {
        200..=299 => Attempt::Done(match way {
            [_, .., last] if permanent => Answer::Moved { to: last.to_string() },
            _ => Answer::Fine,
        }),
        408 | 425 | 429 | 500..=599 => Attempt::Again { reason: reason(), wait: answer.retry_after },
        // 451 and 999 are what some sites tell programs and networks that they do not like.
        status @ (401 | 402 | 403 | 405 | 406 | 407 | 451 | 999) => Attempt::Done(Answer::Refused { status }),
        status @ 400..=499 => Attempt::Done(Answer::Gone { status }),
        _ => Attempt::Done(Answer::Failed { reason: reason() }),
    }
}

/// What the lack of an answer means. An unknown host and a bad certificate do not change within seconds.
fn unanswered(error: &TransportError, timeout: Duration) -> Attempt {
    let done = |reason: String| Attempt::Done(Answer::Failed { reason });
    match error {
        TransportError::UnknownHost => done("has a host that nobody knows".into()),
        TransportError::Tls(why) => done(format!("has no valid certificate ({why})")),
        TransportError::Timeout => {
            Attempt::Again { reason: format!("does not answer within {} s", timeout.as_secs_f32()), wait: None }
        }
        TransportError::Broken(why) => Attempt::Again { reason: format!("breaks off ({why})"), wait: None },
    }
}

fn without_fragment(address: &Url) -> Url {
    let mut address = address.clone();
    address.set_fragment(None);
    address
}

#[cfg(test)]
mod tests {
    use super::{PER_HOST, lanes};
    use url::Url;

    fn addresses(texts: &[&str]) -> Vec<Url> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn a_host_has_as_many_lanes_as_it_may_have_requests() {
        let all = addresses(&[
            "https://a.example/1",
            "https://a.example/2",
            "https://b.example/",
            "https://a.example/3",
            "https://a.example:8443/",
            "https://a.example/4",
        ]);
        let lanes = lanes(&all);
        let of_a = lanes.iter().filter(|lane| all[lane[0]].as_str().starts_with("https://a.example/")).count();
        assert_eq!(of_a, PER_HOST);
        assert_eq!(lanes.len(), PER_HOST + 2);
        let mut every: Vec<usize> = lanes.concat();
        every.sort_unstable();
        assert_eq!(every, [0, 1, 2, 3, 4, 5]);
    }
}
