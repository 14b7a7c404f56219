//! A provider that signs whatever it is told to: what a real one would never say.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use serde_json::{Value, json};

/// What it answers, and what it was asked.
#[derive(Debug)]
pub struct Script {
    pub metadata: Value,
    pub jwks: Value,
    pub token: Value,
    /// Paths, as they were asked for.
    pub asked: Vec<String>,
    /// The last request for a token, head and body.
    pub exchange: String,
}

/// A provider that ends with the test.
pub struct Forger {
    pub issuer: String,
    pub script: Arc<Mutex<Script>>,
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

/// A key that signs tokens.
pub enum Key {
    Ed25519(Box<Ed25519KeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl Key {
    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(Box::new(
            Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("32 bytes are a seed"),
        ))
    }

    pub fn p256() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random);
        Self::P256(Box::new(key.expect("it was just made")))
    }

    /// Its public half, under the name `kid`.
    pub fn public(&self, kid: &str) -> Value {
        match self {
            Self::Ed25519(key) => json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid,
                "x": BASE64.encode(key.public_key()),
            }),
            Self::P256(key) => {
                let point = key.public_key().as_ref();
                json!({
                    "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid,
                    "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]),
                })
            }
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(text).as_ref().to_vec(),
            Self::P256(key) => key.sign(&SystemRandom::new(), text).expect("it signs").as_ref().to_vec(),
        }
    }

    /// A token that says `claims`, signed by this key whatever `header` says.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        let signature = BASE64.encode(self.sign(text.as_bytes()));
        format!("{text}.{signature}")
    }
}

/// Header and claims of a token.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

/// Seconds of Unix time.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    i64::try_from(since.as_secs()).expect("it is not that late")
}

impl Forger {
    /// Signs by `key`, which it publishes as `k1`.
    pub fn start(key: &Key) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let issuer = format!("http://{address}");
        let script = Arc::new(Mutex::new(Script {
            metadata: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/jwks"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["EdDSA", "ES256", "HS256", "none"],
            }),
            jwks: json!({"keys": [key.public("k1")]}),
            token: Value::Null,
            asked: Vec::new(),
            exchange: String::new(),
        }));
        let over = Arc::new(AtomicBool::new(false));
        let (answers, ends) = (Arc::clone(&script), Arc::clone(&over));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let answers = Arc::clone(&answers);
                // An error is the peer going away, which is its right.
                thread::spawn(move || drop(serve(&stream, &answers)));
            }
        });
        Self { issuer, script, address, over }
    }

    /// Changes what it answers.
    pub fn tell(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().expect("nobody panics with it"));
    }

    /// Answers `id_token` for the next code.
    pub fn hand_out(&self, id_token: &str) {
        self.tell(|script| {
            script.token =
                json!({"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token});
        });
    }

    /// How often `path` was asked for.
    pub fn asked(&self, path: &str) -> usize {
        let script = self.script.lock().expect("nobody panics with it");
        script.asked.iter().filter(|asked| *asked == path).count()
    }
}

impl Drop for Forger {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the loop; a failure means that it has ended already.
        TcpStream::connect(self.address).ok();
    }
}

fn serve(stream: &TcpStream, script: &Mutex<Script>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut request) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        request.push_str(&header);
    }
    let mut sent = vec![0; length];
    reader.read_exact(&mut sent)?;
    request.push_str(&String::from_utf8_lossy(&sent));
    let body = {
        let mut script = script.lock().expect("nobody panics with it");
        script.asked.push(path.clone());
        match path.as_str() {
            "/token" => {
                script.exchange = request;
                script.token.to_string()
            }
            "/jwks" => script.jwks.to_string(),
            _ => script.metadata.to_string(),
        }
    };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let mut stream = stream;
    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}
