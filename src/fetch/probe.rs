//! Checks whether web pages still exist, for `check --external`.
//!
//! The prober limits the load on servers: it sends HEAD, and GET only if a server does not answer HEAD properly; opens at
//! most [`PER_HOST`] connections to one host; waits between attempts; and never reads a body. It follows redirects
//! itself, because the result depends on whether they are permanent and whether they form a loop.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use url::Url;

use super::FetchError;
use super::transport::{Method, Response, Transport, TransportError};

/// Maximum number of concurrent requests to one host.
pub const PER_HOST: usize = 2;

/// Maximum number of concurrent requests.
pub const MAX_REQUESTS: usize = 16;

/// Maximum number of redirects. RFC 9110 section 15.4 leaves it to the client; browsers follow more.
const MAX_REDIRECTS: usize = 10;

/// The longest wait before another attempt, even if `Retry-After` is longer.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Time limit and number of attempts.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Time limit of one request, from name resolution to the head of the response.
    pub timeout: Duration,
    /// Maximum number of attempts if a server does not respond or is busy.
    pub attempts: u32,
    /// Wait before the second attempt; each further wait is twice as long.
    pub pause: Duration,
}

impl Default for Effort {
    /// Three attempts of 20 seconds.
    fn default() -> Effort {
        Effort { timeout: Duration::from_secs(20), attempts: 3, pause: Duration::from_millis(500) }
    }
}

/// The result for a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The page exists.
    Fine,
    /// The page moved permanently: every redirect on the way is permanent (301 or 308).
    Moved {
        /// The new URL.
        to: String,
    },
    /// The page does not exist: a 4xx status, except those that mean [`Refused`](Answer::Refused).
    Gone {
        /// The HTTP status (RFC 9110 section 15).
        status: u16,
    },
    /// Unknown, because the server requires a login or rejects automated requests.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// No meaningful response in any attempt.
    Failed {
        /// Why the last one failed.
        reason: String,
    },
}

/// Requests each URL; the results are in the order of the URLs. Fragments are not sent and not checked.
///
/// # Errors
/// When candor was compiled without an HTTP client, or the certificates of the system cannot be read.
pub fn probe(addresses: &[Url], effort: Effort) -> Result<Vec<Answer>, FetchError> {
    let transport = Transport::new(effort.timeout).map_err(FetchError::NoClient)?;
    let prober = LinkProber { transport, effort };
    let queues = Mutex::new(per_host_queues(addresses).into_iter());
    let answers = Mutex::new(vec![None; addresses.len()]);
    // A panic in a worker propagates from `thread::scope`, so a poisoned lock is never observed.
    let next = || queues.lock().ok().and_then(|mut queues| queues.next());
    thread::scope(|scope| {
        for _ in 0..MAX_REQUESTS.min(addresses.len()) {
            scope.spawn(|| {
                while let Some(queue) = next() {
                    for at in queue {
                        let answer = prober.probe(&addresses[at]);
                        if let Ok(mut answers) = answers.lock() {
                            answers[at] = Some(answer);
                        }
                    }
                }
            });
        }
    });
    let answers = answers.into_inner().unwrap_or_default();
    Ok(answers
        .into_iter()
        .map(|answer| answer.unwrap_or(Answer::Failed { reason: "was not requested".into() }))
        .collect())
}

/// Distributes the indexes of the URLs to queues, each of which one worker processes. A host has at most [`PER_HOST`]
/// queues, which limits the concurrent requests to it. The longest queues come first, because they take longest.
fn per_host_queues(addresses: &[Url]) -> Vec<Vec<usize>> {
    let mut hosts: BTreeMap<(Option<&str>, Option<u16>), Vec<usize>> = BTreeMap::new();
    for (at, address) in addresses.iter().enumerate() {
        hosts.entry((address.host_str(), address.port_or_known_default())).or_default().push(at);
    }
    let mut queues: Vec<Vec<usize>> = hosts
        .into_values()
        .flat_map(|indexes| {
            let mut queues = vec![Vec::new(); PER_HOST.min(indexes.len())];
            let count = queues.len();
            indexes.into_iter().enumerate().for_each(|(nth, at)| queues[nth % count].push(at));
            queues
        })
        .collect();
    queues.sort_by_key(|queue| std::cmp::Reverse(queue.len()));
    queues
}

struct LinkProber {
    transport: Transport,
    effort: Effort,
}

/// The outcome of one attempt.
enum Attempt {
    Done(Answer),
    /// Another attempt may succeed, after the wait that the server requested.
    Again {
        reason: String,
        wait: Option<Duration>,
    },
}

impl LinkProber {
    fn probe(&self, address: &Url) -> Answer {
        let mut pause = self.effort.pause;
        let mut left = self.effort.attempts.max(1);
        loop {
            left -= 1;
            match self.follow(address) {
                Attempt::Done(answer) => return answer,
                Attempt::Again { reason, .. } if left == 0 => return Answer::Failed { reason },
                Attempt::Again { reason, wait } => {
                    log::info!("{address}: {reason}; retrying");
                    thread::sleep(wait.unwrap_or(pause).min(MAX_WAIT));
                    pause *= 2;
                }
            }
        }
    }

    /// Makes one attempt, following redirects.
    fn follow(&self, address: &Url) -> Attempt {
        let failed = |reason: String| Attempt::Done(Answer::Failed { reason });
        let mut path = vec![without_fragment(address)];
        let mut permanent = true;
        loop {
            let here = &path[path.len() - 1];
            let answer = match self.request(here) {
                Ok(answer) => answer,
                Err(error) => return classify_failure(&error, self.effort.timeout),
            };
            let next = match answer.redirect(here) {
                None => return classify(&answer, &path, permanent),
                Some(Err(reason)) => return failed(reason),
                Some(Ok(next)) => next,
            };
            permanent &= matches!(answer.status, 301 | 308);
            if path.contains(&next) {
                return failed(format!("redirects in a loop, back to {next}"));
            }
            if path.len() > MAX_REDIRECTS {
                return failed(format!("redirects more than {MAX_REDIRECTS} times"));
            }
            path.push(next);
        }
    }

    /// Sends HEAD, and GET if the response is an error, because many servers do not handle HEAD correctly.
    fn request(&self, address: &Url) -> Result<Response, TransportError> {
        let answer = self.transport.send(Method::Head, address, self.effort.timeout)?;
        match answer.status {
            429 | 503 => Ok(answer),
            400..=599 => self.transport.send(Method::Get, address, self.effort.timeout),
            _ => Ok(answer),
        }
    }
}

/// Classifies a response that is not a redirect.
fn classify(answer: &Response, path: &[Url], permanent: bool) -> Attempt {
    let reason = || format!("returned status {}", answer.status_line);
    match answer.status {
        200..=299 => Attempt::Done(match path {
            [_, .., last] if permanent => Answer::Moved { to: last.to_string() },
            _ => Answer::Fine,
        }),
        408 | 425 | 429 | 500..=599 => Attempt::Again { reason: reason(), wait: answer.retry_after },
        // Some sites return 451 or 999 to clients and networks that they block.
        status @ (401 | 402 | 403 | 405 | 406 | 407 | 451 | 999) => Attempt::Done(Answer::Refused { status }),
        status @ 400..=499 => Attempt::Done(Answer::Gone { status }),
        _ => Attempt::Done(Answer::Failed { reason: reason() }),
    }
}

/// Classifies a failed request. An unknown host or an invalid certificate is not retried: it does not change in seconds.
fn classify_failure(error: &TransportError, timeout: Duration) -> Attempt {
    let done = |reason: String| Attempt::Done(Answer::Failed { reason });
    match error {
        TransportError::UnknownHost => done("has an unknown host".into()),
        TransportError::Tls(why) => done(format!("has no valid certificate ({why})")),
        TransportError::Timeout => {
            Attempt::Again { reason: format!("did not respond within {} s", timeout.as_secs_f32()), wait: None }
        }
        TransportError::Broken(why) => Attempt::Again { reason: format!("closed the connection ({why})"), wait: None },
    }
}

fn without_fragment(address: &Url) -> Url {
    let mut address = address.clone();
    address.set_fragment(None);
    address
}

#[cfg(test)]
mod tests {
    use super::{PER_HOST, per_host_queues};
    use url::Url;

    fn addresses(texts: &[&str]) -> Vec<Url> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn limits_the_queues_of_a_host() {
        let all = addresses(&[
            "https://a.example/1",
            "https://a.example/2",
            "https://b.example/",
            "https://a.example/3",
            "https://a.example:8443/",
            "https://a.example/4",
        ]);
        let queues = per_host_queues(&all);
        let of_a = queues.iter().filter(|queue| all[queue[0]].as_str().starts_with("https://a.example/")).count();
        assert_eq!(of_a, PER_HOST);
        assert_eq!(queues.len(), PER_HOST + 2);
        let mut every: Vec<usize> = queues.concat();
        every.sort_unstable();
        assert_eq!(every, [0, 1, 2, 3, 4, 5]);
    }
}
