//! A connection that gives a request's head no more than its limit.
//!
//! hyper compares the size of its buffer with the limit before it reads, and one read can bring as much again. Here no read
//! brings more than is left, so that hyper's own comparison is exact.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::guard::HEAD_SIZE;

/// How many bytes are read at once.
const CHUNK: usize = 4096;

/// What is left for the head that is being read.
#[derive(Debug, Clone)]
pub struct HeadBudget(Arc<AtomicUsize>);

impl HeadBudget {
    /// For a new connection.
    pub fn new() -> HeadBudget {
        HeadBudget(Arc::new(AtomicUsize::new(HEAD_SIZE)))
    }

    /// A head is complete, and the next one may come.
    pub fn renew(&self) {
        self.0.store(HEAD_SIZE, Ordering::Relaxed);
    }
}

/// A connection with a [`HeadBudget`].
#[derive(Debug)]
pub struct HeadLimited<S> {
    /// The connection.
    pub stream: S,
    /// What may still be read.
    pub budget: HeadBudget,
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadLimited<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let left = self.budget.0.load(Ordering::Relaxed).min(buf.remaining()).min(CHUNK);
        if left == 0 {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "more than the head of a request")));
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
