//! Makes Argo CD's client speak HTTP/2 that our HTTP library takes.
//!
//! grpc-go sends the path of a unix socket as `:authority`, percent-encoded: `home%2Fargocd%2F…%2Fcmp.sock`. That is no
//! authority by RFC 3986, and the `h2` crate resets such a stream before any code of ours sees it, with no way to let
//! it through. On a unix socket the authority means nothing, so it is overwritten with letters as the bytes come in.
//!
//! It stays as long as it was: only the bit that says "Huffman" is cleared and the bytes are replaced, so frames keep
//! their lengths. What the receiver's header table stores is then never larger than what the sender's does, so every
//! index that the sender uses still means the same there.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;
use tonic::transport::server::Connected;

/// Length of the text with which a client begins.
const PREFACE: usize = 24;
const FRAME_HEADER: usize = 9;
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
const PADDED: u8 = 0x8;
const PRIORITY: u8 = 0x20;

/// Where `:authority` stands in HPACK's static table (RFC 7541, appendix A).
const AUTHORITY: usize = 1;

/// A connection on which every `:authority` can be read.
#[derive(Debug)]
pub(super) struct Connection {
    stream: UnixStream,
    frames: Frames,
}

impl Connection {
    pub(super) fn new(stream: UnixStream) -> Self {
        Self { stream, frames: Frames::default() }
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.frames.pass(&mut buffer.filled_mut()[before..]);
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Where in the frames of a connection the next byte stands.
#[derive(Debug)]
struct Frames {
    preface: usize,
    header: [u8; FRAME_HEADER],
    gathered: usize,
    /// Bytes left of the frame's payload.
    payload: usize,
    /// Bytes before the header block of a HEADERS frame, the first of which may be the length of the padding.
    lead: usize,
    padded: bool,
    padding: usize,
    block: Block,
}

impl Default for Frames {
    fn default() -> Self {
        let header = [0; FRAME_HEADER];
        Self {
            preface: PREFACE,
            header,
            gathered: 0,
            payload: 0,
            lead: 0,
            padded: false,
            padding: 0,
            block: Block::Start,
        }
    }
}

impl Frames {
    /// Looks through the next bytes of the connection and changes those of an authority.
    fn pass(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            let used = if self.preface > 0 {
                let used = self.preface.min(bytes.len());
                self.preface -= used;
                used
            } else if self.payload == 0 {
                self.gather(bytes)
            } else {
                let used = self.payload.min(bytes.len());
                self.pass_payload(&mut bytes[..used]);
                used
            };
            bytes = &mut bytes[used..];
        }
    }

    fn gather(&mut self, bytes: &[u8]) -> usize {
        let used = (FRAME_HEADER - self.gathered).min(bytes.len());
        self.header[self.gathered..self.gathered + used].copy_from_slice(&bytes[..used]);
        self.gathered += used;
        if self.gathered == FRAME_HEADER {
            self.gathered = 0;
            let [high, middle, low, kind, flags, ..] = self.header;
            self.payload = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
            self.padding = 0;
            self.lead = 0;
            self.padded = false;
            if kind == HEADERS {
                self.block = Block::Start;
                self.padded = flags & PADDED != 0;
                self.lead = usize::from(self.padded) + if flags & PRIORITY == 0 { 0 } else { 5 };
            }
        }
        used
    }

    fn pass_payload(&mut self, bytes: &mut [u8]) {
        let is_block = matches!(self.header[3], HEADERS | CONTINUATION);
        if !is_block {
            self.payload -= bytes.len();
            return;
        }
        for byte in bytes {
            if self.lead > 0 {
                if std::mem::take(&mut self.padded) {
                    self.padding = usize::from(*byte);
                }
                self.lead -= 1;
            } else if self.payload > self.padding {
                self.block.pass(byte);
            }
            self.payload -= 1;
        }
    }
}

/// What a number in a header block is for.
#[derive(Clone, Copy, Debug)]
enum Number {
    /// Nothing that matters: an index, or a new table size.
    Other,
    /// The index of the name of a literal.
    Name,
    /// The length of a name.
    NameLength,
    /// The length of a value.
    ValueLength { authority: bool },
}

/// Where in a header block (RFC 7541) the next byte stands.
#[derive(Clone, Copy, Debug)]
enum Block {
    /// At a representation.
    Start,
    /// Within a number, after so many bits.
    Number { number: Number, value: usize, shift: u32 },
    /// At the length of a text.
    Length(Number),
    /// Within a text.
    Text { left: usize, then: Option<bool>, authority: bool },
}

impl Block {
    fn pass(&mut self, byte: &mut u8) {
        *self = match *self {
            Self::Start => {
                let (bits, number) = match *byte {
                    0x80.. => (7, Number::Other),
                    0x40.. => (6, Number::Name),
                    0x20.. => (5, Number::Other),
                    _ => (4, Number::Name),
                };
                Self::prefix(*byte, bits, number)
            }
            Self::Length(number) => {
                if matches!(number, Number::ValueLength { authority: true }) {
                    *byte &= 0x7f;
                }
                Self::prefix(*byte, 7, number)
            }
            Self::Number { number, value, shift } => {
                let value = value.saturating_add(usize::from(*byte & 0x7f).checked_shl(shift).unwrap_or(usize::MAX));
                if *byte & 0x80 == 0 {
                    Self::after(number, value)
                } else {
                    Self::Number { number, value, shift: shift.saturating_add(7) }
                }
            }
            Self::Text { left, then, authority } => {
                if authority {
                    *byte = b'a';
                }
                if left > 1 { Self::Text { left: left - 1, then, authority } } else { Self::after_text(then) }
            }
        };
    }

    /// A number whose first `bits` stand in `byte`.
    fn prefix(byte: u8, bits: u32, number: Number) -> Self {
        let mask = (1 << bits) - 1;
        let value = byte & mask;
        if value == mask {
            Self::Number { number, value: usize::from(value), shift: 0 }
        } else {
            Self::after(number, usize::from(value))
        }
    }

    fn after(number: Number, value: usize) -> Self {
        match number {
            Number::Other => Self::Start,
            Number::Name if value == 0 => Self::Length(Number::NameLength),
            Number::Name => Self::Length(Number::ValueLength { authority: value == AUTHORITY }),
            Number::NameLength if value == 0 => Self::after_text(Some(false)),
            Number::NameLength => Self::Text { left: value, then: Some(false), authority: false },
            Number::ValueLength { .. } if value == 0 => Self::Start,
            Number::ValueLength { authority } => Self::Text { left: value, then: None, authority },
        }
    }

    /// Behind a name stands its value; behind a value the next representation.
    fn after_text(then: Option<bool>) -> Self {
        then.map_or(Self::Start, |authority| Self::Length(Number::ValueLength { authority }))
    }
}

#[cfg(test)]
mod tests {
    use super::Frames;

    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).expect("short");
        [&[0, 0, length, kind, flags, 0, 0, 0, 1], payload].concat()
    }

    /// Passes the bytes in pieces of every size; each must give the same.
    fn pass(bytes: &[u8]) -> Vec<u8> {
        let whole: Vec<u8> = [PREFACE, bytes].concat();
        let passed = |size: usize| {
            let (mut frames, mut out) = (Frames::default(), whole.clone());
            for piece in out.chunks_mut(size) {
                frames.pass(piece);
            }
            out.split_off(PREFACE.len())
        };
        let expected = passed(whole.len());
        for size in 1..20 {
            assert_eq!(passed(size), expected, "in pieces of {size}");
        }
        expected
    }

    // POST, http, a path, and an authority as grpc-go sends it, its text with the Huffman bit set.
    const BLOCK: &[u8] = &[0x83, 0x86, 0x44, 0x02, b'/', b'x', 0x41, 0x83, 0xaa, 0xbb, 0xcc, 0x5f, 0x01, b'z'];
    const PASSED: &[u8] = &[0x83, 0x86, 0x44, 0x02, b'/', b'x', 0x41, 0x03, b'a', b'a', b'a', 0x5f, 0x01, b'z'];

    #[test]
    fn only_the_authority_changes_and_only_in_headers() {
        let bytes = [frame(4, 0, &[0x41, 0x81, 0x25]), frame(1, 4, BLOCK), frame(0, 1, BLOCK), frame(1, 4, BLOCK)];
        let expected = [frame(4, 0, &[0x41, 0x81, 0x25]), frame(1, 4, PASSED), frame(0, 1, BLOCK), frame(1, 4, PASSED)];
        assert_eq!(pass(&bytes.concat()), expected.concat());
    }

    #[test]
    fn padding_priority_and_continuation() {
        let lead = [2, 9, 9, 9, 9, 9];
        let padded = [&lead[..], BLOCK, &[0x41, 0x81]].concat();
        let expected = [&lead[..], PASSED, &[0x41, 0x81]].concat();
        assert_eq!(pass(&frame(1, 0x2c, &padded)), frame(1, 0x2c, &expected));
        let parts = [frame(1, 0, &BLOCK[..9]), frame(9, 4, &BLOCK[9..])].concat();
        assert_eq!(pass(&parts), [frame(1, 0, &PASSED[..9]), frame(9, 4, &PASSED[9..])].concat());
    }

    #[test]
    fn long_names_and_texts_are_skipped() {
        // A literal with a name of its own, 200 bytes long, then an index of two bytes, then the authority.
        let mut block = vec![0x40, 0x7f, 73];
        block.extend([0x41; 200]);
        block.extend([0x01, b'v', 0xff, 0x01]);
        let mut expected = block.clone();
        block.extend([0x41, 0x82, 0x25, 0x25]);
        expected.extend([0x41, 0x02, b'a', b'a']);
        assert_eq!(pass(&frame(1, 4, &block)), frame(1, 4, &expected));
    }
}
