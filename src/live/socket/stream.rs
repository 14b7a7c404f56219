//! One socket: the body of a response that never ends, and the ear for what the client says.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use actix_web::{
    body::{BodySize, MessageBody},
    dev::Payload,
    web::Bytes,
};
use futures_util::Stream as _;

use super::{
    super::{
        dto::{Ask, ClientMessage, Missed, Notice, Subscribed},
        service::{Count, Live},
    },
    call::Call,
    frame::{Farewell, Opcode, encode},
    hub::Membership,
    inbound::{Decoder, Inbound, LONGEST},
    lane::{Next, Place},
    peer::{Peer, Wants},
};
use crate::{
    auth::Principal,
    bus::{Event, LogLevel, Message, Topic},
    http::{Code, Problem},
};

/// Most bytes that are given to the connection at once.
pub(super) const CHUNK: usize = 16 << 10;
/// Messages that make no sense, after which a socket is closed.
const MOST_MISTAKES: u32 = 20;
/// Log lines that a late joiner gets.
const LAST_LINES: usize = 200;

/// One socket.
pub(in super::super) struct Stream {
    membership: Membership,
    peer: Rc<Peer>,
    live: Live,
    principal: Principal,
    payload: Payload,
    decoder: Decoder,
    /// What is being given to the connection.
    out: Bytes,
    /// Answers to the last message of the client. The next one is read when they are sent.
    waiting: VecDeque<Waiting>,
    /// The last ping of the client that is not answered.
    pong: Option<Bytes>,
    mistakes: u32,
    /// Nothing is sent any more after [`Stream::out`].
    over: bool,
}

/// Something to send.
#[derive(Debug)]
enum Waiting {
    Text(String),
    Frame(Bytes),
    Message(Arc<Message>),
    Farewell(Farewell),
}

impl Stream {
    pub(super) fn new(
        membership: Membership,
        peer: Rc<Peer>,
        live: Live,
        principal: Principal,
        payload: Payload,
    ) -> Self {
        Self {
            membership,
            peer,
            live,
            principal,
            payload,
            decoder: Decoder::default(),
            out: Bytes::new(),
            waiting: VecDeque::new(),
            pong: None,
            mistakes: 0,
            over: false,
        }
    }

    /// What is to be sent next, if there is anything.
    fn next_frame(&mut self) -> Option<Bytes> {
        if let Some(farewell) = self.peer.farewell.take() {
            return Some(self.say_goodbye(farewell));
        }
        if let Some(payload) = self.pong.take() {
            return Some(encode(Opcode::Pong, &payload));
        }
        if self.peer.ping.take() {
            return Some(encode(Opcode::Ping, b""));
        }
        if let Some(waiting) = self.waiting.pop_front() {
            return Some(match waiting {
                Waiting::Text(text) => encode(Opcode::Text, text.as_bytes()),
                Waiting::Frame(frame) => frame,
                Waiting::Message(message) => encode(Opcode::Text, message.text().as_bytes()),
                Waiting::Farewell(farewell) => self.say_goodbye(farewell),
            });
        }
        if let Some(text) = self.peer.next_answer() {
            return Some(encode(Opcode::Text, text.as_bytes()));
        }
        let mut wants = self.peer.wants.borrow_mut();
        Topic::ALL.into_iter().find_map(|topic| self.news(&mut wants, topic))
    }

    /// What comes next of `topic`.
    fn news(&self, wants: &mut Wants, topic: Topic) -> Option<Bytes> {
        let level = wants.level(topic);
        let place = wants.places[topic.index()].as_mut()?;
        match self.membership.look(topic, |lane| lane.next(place, level, &self.principal.tenant_id))?? {
            Next::Frame(frame) => {
                self.live.count(Count::Sent, 1);
                Some(frame)
            }
            Next::Missed(missed) => {
                self.live.count(Count::Missed, missed);
                let text = Notice::text("maid:missed", &Missed { topic, missed });
                Some(encode(Opcode::Text, text.as_bytes()))
            }
        }
    }

    fn say_goodbye(&mut self, farewell: Farewell) -> Bytes {
        self.over = true;
        farewell.frame()
    }

    /// The next thing that the client says. None when it is gone.
    fn poll_inbound(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Inbound, Farewell>>> {
        loop {
            match self.decoder.next() {
                Ok(None) => {}
                Ok(Some(inbound)) => return Poll::Ready(Some(Ok(inbound))),
                Err(farewell) => return Poll::Ready(Some(Err(farewell))),
            }
            match Pin::new(&mut self.payload).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => self.decoder.push(bytes),
                Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn hear(&mut self, inbound: Inbound) {
        self.peer.heard.set(Instant::now());
        match inbound {
            Inbound::Text(text) => match ClientMessage::read(&text) {
                Ok(ask) => self.answer(ask),
                Err(problem) => self.mistake(&problem),
            },
            Inbound::Binary => {
                self.mistake(&Problem::new(Code::UnsupportedMediaType, "send JSON in a text frame"));
            }
            Inbound::TooLong(length) => {
                let detail = format!("the message is {length} bytes long; at most {LONGEST} are read");
                self.mistake(&Problem::new(Code::TooLarge, detail));
            }
            Inbound::Ping(payload) => self.pong = Some(payload),
            Inbound::Pong => {}
            Inbound::Close(code) => {
                let farewell = Farewell::new(code.unwrap_or(Farewell::NORMAL), "");
                self.waiting.push_back(Waiting::Farewell(farewell));
            }
        }
    }

    fn mistake(&mut self, problem: &Problem) {
        self.live.count(Count::Mistakes, 1);
        self.mistakes += 1;
        self.waiting.push_back(Waiting::Text(Notice::text("maid:error", problem)));
        if self.mistakes >= MOST_MISTAKES {
            let farewell = Farewell::new(Farewell::POLICY, "too many messages that make no sense");
            self.waiting.push_back(Waiting::Farewell(farewell));
        }
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Subscribe { topics, level } => self.subscribe(&topics, level),
            Ask::Unsubscribe(topics) => {
                let mut wants = self.peer.wants.borrow_mut();
                topics.iter().for_each(|topic| wants.places[topic.index()] = None);
                drop(wants);
                self.tell_topics();
            }
            Ask::Call { name, id, body } => {
                let call = Call { name, id, body };
                let at_once = call.begin(&self.live, &self.peer, self.principal.clone());
                self.waiting.extend(at_once.map(Waiting::Text));
            }
            Ask::Ping(tag) => {
                let pong = serde_json::json!({ "pong": tag });
                self.waiting.push_back(Waiting::Text(pong.to_string()));
            }
        }
    }

    /// Brings the present state of `topics`, and from there on what happens.
    fn subscribe(&mut self, topics: &[Topic], level: LogLevel) {
        let asked = Topic::ALL.into_iter().filter(|topic| topics.contains(topic));
        let states: Vec<_> = asked.map(|topic| (topic, self.present(topic, level))).collect();
        let mut wants = self.peer.wants.borrow_mut();
        for (topic, (seq, _)) in &states {
            wants.places[topic.index()] = Some(Place::after(*seq));
            if *topic == Topic::Logs {
                wants.level = level;
            }
        }
        drop(wants);
        self.tell_topics();
        self.waiting.extend(states.into_iter().flat_map(|(_, (_, state))| state));
    }

    fn tell_topics(&mut self) {
        let wants = self.peer.wants.borrow();
        let level = wants.places[Topic::Logs.index()].map(|_| wants.level);
        let told = Subscribed { topics: wants.topics().collect(), level };
        self.waiting.push_back(Waiting::Text(Notice::text("maid:subscribed", &told)));
    }

    /// The present state of `topic`, and the number of the last message that it contains.
    fn present(&self, topic: Topic, level: LogLevel) -> (u64, Vec<Waiting>) {
        let (bus, tenant) = (self.live.bus(), self.principal.tenant_id.as_str());
        match topic {
            Topic::Logs => {
                let (seq, lines) = bus.last_lines(level, LAST_LINES);
                let visible = lines.into_iter().filter(|line| line.is_for(tenant));
                (seq, visible.map(Waiting::Message).collect())
            }
            Topic::Metrics => match self.membership.metrics(&self.live) {
                Some(state) if state.message.is_for(tenant) => {
                    (state.message.seq, vec![Waiting::Frame(state.frame)])
                }
                Some(state) => (state.message.seq, Vec::new()),
                None => (0, Vec::new()),
            },
            Topic::Status => match bus.newest(topic) {
                Some(newest) if newest.is_for(tenant) => (newest.seq, vec![Waiting::Message(newest)]),
                newest => {
                    let status = Event::Status(self.live.present().status().for_tenant(tenant));
                    (
                        newest.map_or(0, |newest| newest.seq),
                        vec![Waiting::Text(Notice::text(topic.name(), &status))],
                    )
                }
            },
            Topic::RecipeGenerated | Topic::TestCompleted => {
                (bus.newest(topic).map_or(0, |newest| newest.seq), Vec::new())
            }
        }
    }
}

impl MessageBody for Stream {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let this = self.get_mut();
        loop {
            if !this.out.is_empty() {
                let chunk = this.out.split_to(this.out.len().min(CHUNK));
                return Poll::Ready(Some(Ok(chunk)));
            }
            if this.over {
                return Poll::Ready(None);
            }
            if let Some(frame) = this.next_frame() {
                this.out = frame;
                continue;
            }
            match this.poll_inbound(cx) {
                Poll::Ready(Some(Ok(inbound))) => this.hear(inbound),
                Poll::Ready(Some(Err(farewell))) => this.waiting.push_back(Waiting::Farewell(farewell)),
                Poll::Ready(None) => this.over = true,
                Poll::Pending => {
                    this.peer.wait(cx);
                    return Poll::Pending;
                }
            }
        }
    }
}
