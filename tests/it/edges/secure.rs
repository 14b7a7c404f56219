//! A server with a certificate, and clients that look at what it shows.

use std::{
    fs,
    io::{self, Write},
    net::{Ipv4Addr, TcpStream},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::Arc,
};

use reqwest::{Certificate, blocking::Client};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tempfile::TempDir;

use crate::support::{
    server::{DEADLINE, Maid, Start},
    tls::{Authority, Identity},
};

/// Names that a certificate of a test is for.
pub const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// A connection by TLS.
pub type Secure = StreamOwned<ClientConnection, TcpStream>;

/// A folder with a certificate and its key, and the authority that they are from.
pub struct Place {
    pub folder: TempDir,
    pub authority: Authority,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder"), authority: Authority::new() }
    }

    /// One whose files hold a certificate.
    pub fn with_certificate() -> (Self, Identity) {
        let place = Self::new();
        let identity = place.authority.issue(&NAMES);
        place.put(&identity);
        (place, identity)
    }

    pub fn cert(&self) -> PathBuf {
        self.folder.path().join("tls.crt")
    }

    pub fn key(&self) -> PathBuf {
        self.folder.path().join("tls.key")
    }

    pub fn ca(&self) -> PathBuf {
        let path = self.folder.path().join("ca.crt");
        fs::write(&path, self.authority.pem()).expect("a file");
        path
    }

    /// Writes both files, as whoever renews a certificate does.
    pub fn put(&self, identity: &Identity) {
        self.put_key(&identity.key_pem);
        fs::write(self.cert(), &identity.cert_pem).expect("a file");
    }

    pub fn put_key(&self, pem: &str) {
        fs::write(self.key(), pem).expect("a file");
        fs::set_permissions(self.key(), fs::Permissions::from_mode(0o600)).expect("it is ours");
    }

    /// How a server with these files is started.
    pub fn start(&self) -> Start {
        Start::in_folder(self.folder.path())
            .with("MAID__SERVER__TLS__CERT_FILE", self.cert().display())
            .with("MAID__SERVER__TLS__KEY_FILE", self.key().display())
    }

    /// What trusts the authority alone.
    pub fn trust(&self, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(self.authority.pem().as_bytes()).expect("PEM");
        roots.add(authority).expect("an authority");
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("ring supports them")
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    /// Shakes hands.
    pub fn connect(&self, maid: &Maid) -> io::Result<Secure> {
        self.connect_as(maid, self.trust(rustls::ALL_VERSIONS))
    }

    pub fn connect_as(&self, maid: &Maid, config: ClientConfig) -> io::Result<Secure> {
        let name = ServerName::try_from("localhost").expect("a name");
        let mut tls = ClientConnection::new(Arc::new(config), name).expect("a right configuration");
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, maid.port()))?;
        stream.set_read_timeout(Some(DEADLINE))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut stream)?;
        }
        Ok(StreamOwned::new(tls, stream))
    }

    /// The certificate that a new connection is shown.
    pub fn shown(&self, maid: &Maid) -> Vec<u8> {
        leaf(&self.connect(maid).expect("it shakes hands"))
    }

    /// A client that trusts the authority.
    pub fn client(&self) -> Client {
        let authority = Certificate::from_pem(self.authority.pem().as_bytes()).expect("PEM");
        Client::builder().no_proxy().timeout(DEADLINE).tls_certs_only([authority]).build().expect("a client")
    }
}

/// The certificate that a connection was shown.
pub fn leaf(stream: &Secure) -> Vec<u8> {
    let shown = stream.conn.peer_certificates().and_then(|chain| chain.first());
    shown.expect("it shows one").to_vec()
}

/// The same certificate as it lies in its file.
pub fn der(identity: &Identity) -> Vec<u8> {
    CertificateDer::from_pem_slice(identity.cert_pem.as_bytes()).expect("PEM").to_vec()
}

/// Asks for `/healthz` on a connection that stays open, and reads the head of the answer.
pub fn ask(stream: &mut Secure) -> io::Result<String> {
    use std::io::Read;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\"ok\"}") {
        stream.read_exact(&mut byte)?;
        answer.push(byte[0]);
    }
    Ok(String::from_utf8(answer).expect("text"))
}
