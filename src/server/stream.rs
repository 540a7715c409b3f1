//! A connection that limits the size of a request's head.
//!
//! Hyper compares the size of its buffer with the limit before it reads, and one read can add as much again. Here no
//! read returns more than the remaining budget, so hyper's own check is exact.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::guard::HEAD_SIZE;

/// Maximum number of bytes per read.
const CHUNK: usize = 4096;

/// The remaining budget for the current request's head.
#[derive(Debug, Clone)]
pub struct HeadBudget(Arc<AtomicUsize>);

impl HeadBudget {
    /// Creates the budget of a new connection.
    pub fn new() -> HeadBudget {
        HeadBudget(Arc::new(AtomicUsize::new(HEAD_SIZE)))
    }

    /// Resets the budget after a complete head.
    pub fn renew(&self) {
        self.0.store(HEAD_SIZE, Ordering::Relaxed);
    }
}

/// A connection with a [`HeadBudget`].
#[derive(Debug)]
pub struct HeadLimited<S> {
    /// The connection.
    pub stream: S,
    /// The remaining budget.
    pub budget: HeadBudget,
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadLimited<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let left = self.budget.0.load(Ordering::Relaxed).min(buf.remaining()).min(CHUNK);
        if left == 0 {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "request head too large")));
        }
        let mut bytes = [0; CHUNK];
        let mut part = ReadBuf::new(&mut bytes[..left]);
        let outcome = Pin::new(&mut self.stream).poll_read(cx, &mut part);
        if let Poll::Ready(Ok(())) = outcome {
            buf.put_slice(part.filled());
            self.budget.0.fetch_sub(part.filled().len(), Ordering::Relaxed);
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadLimited<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
