// What the configuration's schema says of each setting, in German: the schema itself is written in English, and a sentence
// of it that changes is no longer found here, which the tests tell.

export const GERMAN: Record<string, string> = {
  "Where MAID listens and what a connection may ask of it.":
    "Wo MAID zu erreichen ist, und was eine Verbindung von ihm verlangen darf.",
  "Address that MAID listens on; only loopback where `auth.required` is false.":
    "Adresse, an der MAID lauscht; nur Loopback, wo `auth.required` false ist.",
  "Port that MAID listens on; 0 takes a free one.":
    "Port, an dem MAID lauscht; 0 nimmt einen freien.",
  "URL under which people reach MAID, such as `https://maid.example.com`; sign-in by `auth.oidc` leads back to it.":
    "URL, unter der man MAID erreicht, etwa `https://maid.example.com`; die Anmeldung über `auth.oidc` führt dorthin zurück.",
  "Threads that serve HTTP; 0 means one for each core, at most four.":
    "Threads, die HTTP bedienen; 0 heißt einer je Kern, höchstens vier.",
  "Folder that belongs to this server alone: its database by default, what could not be stored yet, its lock.":
    "Ordner, der diesem Server allein gehört: seine Datenbank, wenn nichts anderes gesagt ist, was noch nicht gespeichert werden konnte, seine Sperre.",
  "Folder that files named by a LoadTest are read from when the test comes over the API.":
    "Ordner, aus dem Dateien gelesen werden, die ein LoadTest nennt, wenn er über die API kommt.",
  "Largest body of a request, in bytes.":
    "Größter Inhalt einer Anfrage, in Byte.",
  "Most connections at once.":
    "Höchstzahl gleichzeitiger Verbindungen.",
  "Most WebSockets at once.":
    "Höchstzahl gleichzeitiger WebSockets.",
  "How long a client may take to send the head of a request.":
    "Wie lange sich ein Client mit dem Kopf einer Anfrage Zeit lassen darf.",
  "Addresses and networks of proxies that are believed when they say whom they speak for, by `X-Forwarded-For` or `Forwarded`, and whether by https, by `X-Forwarded-Proto`.":
    "Adressen und Netze von Proxys, denen geglaubt wird, für wen sie sprechen (`X-Forwarded-For` oder `Forwarded`), und ob über https (`X-Forwarded-Proto`).",
  "How long a run may take to end when the server is told to.":
    "Wie lange ein Lauf bis zu seinem Ende noch brauchen darf, wenn der Server beendet wird.",
  "PEM file with the certificate and those between it and the authority; read again when it changes.":
    "PEM-Datei mit dem Zertifikat und denen zwischen ihm und der Zertifizierungsstelle; sie wird neu gelesen, wenn sie sich ändert.",
  "PEM file with the certificate's private key, which others must not be able to read; read again when it changes.":
    "PEM-Datei mit dem privaten Schlüssel des Zertifikats, die andere nicht lesen können dürfen; sie wird neu gelesen, wenn sie sich ändert.",
  "How long browsers are told to come back by HTTPS alone; 0s does not tell them. Never said over plain HTTP.":
    "Wie lange Browser nur noch über HTTPS kommen sollen; 0s sagt es ihnen nicht. Über unverschlüsseltes HTTP wird es nie gesagt.",
  "Origins whose pages may read answers, written as browsers do: scheme, host and any port. None may by default; credentials that browsers add by themselves are never taken.":
    "Herkünfte, deren Seiten Antworten lesen dürfen, so geschrieben, wie Browser es tun: Schema, Host und gegebenenfalls Port. Ohne Angabe darf es keine; Zugangsdaten, die Browser von sich aus mitschicken, gelten nie.",
  "Where everything is stored.":
    "Wo alles gespeichert wird.",
  "`sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`; empty is `maid.db` in `server.data_dir`.":
    "`sqlite://FILE` oder `postgres://USER:PASSWORD@HOST/NAME`; leer heißt `maid.db` in `server.data_dir`.",
  "How long a request waits for a free connection.":
    "Wie lange eine Anfrage auf eine freie Verbindung wartet.",
  "How long SQLite waits for another writer.":
    "Wie lange SQLite auf einen anderen Schreibenden wartet.",
  "Who is let in, and how.":
    "Wer hereinkommt, und wie.",
  "Whether whoever asks must say who they are. Without it everybody on this machine may do everything, and MAID listens on loopback alone.":
    "Ob man sich anmelden muss. Sonst darf jeder an diesem Rechner alles, und MAID lauscht nur auf Loopback.",
  "What all keys are derived from, 32 characters or more; empty is the file `secret.key` in `server.data_dir`, made at the first start. Servers that share a database share it.":
    "Woraus alle Schlüssel abgeleitet werden, 32 Zeichen oder mehr; leer heißt die Datei `secret.key` in `server.data_dir`, die beim ersten Start entsteht. Server mit gemeinsamer Datenbank haben es gemeinsam.",
  "Password of the user `admin` that the first start makes; empty generates one and shows it once.":
    "Passwort des Benutzers `admin`, den der erste Start anlegt; leer erzeugt eines und zeigt es einmal.",
  "Whether people may register by themselves.":
    "Ob man sich selbst registrieren kann.",
  "Nobody may; an admin makes users.":
    "Niemand; Benutzer legt ein Admin an.",
  "Whoever has an invitation.":
    "Wer eine Einladung hat.",
  "Everybody; an admin lets them in.":
    "Alle; ein Admin lässt sie ein.",
  "How long an access token is good for.":
    "Wie lange ein Zugriffstoken gilt.",
  "How long a session lasts that is not used; each refresh begins it anew.":
    "Wie lange eine Sitzung hält, die niemand benutzt; mit jeder Erneuerung beginnt es von vorn.",
  "How long a session lasts at most.":
    "Wie lange eine Sitzung höchstens hält.",
  "How long an invitation is good for.":
    "Wie lange eine Einladung gilt.",
  "How long a key signs access tokens before the next one takes over.":
    "Wie lange ein Schlüssel Zugriffstokens unterschreibt, bevor der nächste übernimmt.",
  "Fewest characters of a new password.":
    "Mindestzahl der Zeichen eines neuen Passworts.",
  "Memory of one hash, in KiB.":
    "Speicher eines Hashs, in KiB.",
  "Passes over the memory.":
    "Durchgänge durch den Speicher.",
  "Lanes of one hash.":
    "Spuren eines Hashs.",
  "Memory of all hashes that are made at once, in KiB; who comes then waits.":
    "Speicher aller Hashs, die zugleich berechnet werden, in KiB; wer dann kommt, wartet.",
  "Most API keys that a user may have at once.":
    "Höchstzahl der API-Schlüssel, die ein Benutzer zugleich haben darf.",
  "OpenID providers that people sign in with; needs `server.public_url`. Never set over the API, because they hold secrets.":
    "OpenID-Anbieter, über die man sich anmeldet; braucht `server.public_url`. Wird nie über die API gesetzt, weil Geheimnisse darin stehen.",
  "What a load test may do.":
    "Was ein Lasttest darf.",
  "Hosts, `*.` patterns, addresses and networks that may be sent load besides loopback.":
    "Hosts, Muster mit `*.`, Adressen und Netze, denen außer Loopback Last geschickt werden darf.",
  "Environment variables that a document may read with `${env:NAME}`, besides those given by `-e`.":
    "Umgebungsvariablen, die ein Dokument mit `${env:NAME}` lesen darf, außer denen, die `-e` angibt.",
  "How long requests under way may still take when a run is stopped.":
    "Wie viel Zeit laufende Anfragen noch haben, wenn ein Lauf gestoppt wird.",
  "Most users that a test may ask for.":
    "Höchstzahl der Benutzer, die ein Test verlangen darf.",
  "Most requests per second that a test may ask for by `arrival` or `rate_limit`; 0 means no cap.":
    "Höchstzahl der Anfragen je Sekunde, die ein Test mit `arrival` oder `rate_limit` verlangen darf; 0 heißt ohne Grenze.",
  "Longest time that a test may ask to run.":
    "Wie lange ein Test höchstens laufen darf.",
  "Threads that generate load; 0 means one for each core, or for every two where a target is on this machine.":
    "Threads, die Last erzeugen; 0 heißt einer je Kern, oder je zwei Kerne, wenn ein Ziel auf diesem Rechner ist.",
  "How long the share must stay reached; `0s` switches the breaker off.":
    "Wie lange der Anteil erreicht sein muss; `0s` schaltet die Sicherung ab.",
  "Share of requests that fail to connect, 0 to 1, from which the target counts as gone.":
    "Anteil der Anfragen ohne Verbindung, 0 bis 1, ab dem das Ziel als verschwunden gilt.",
  "How much of the past is kept.":
    "Wie viel von früher bleibt.",
  "Most finished runs that are kept; the oldest go first. 0 keeps all.":
    "Höchstzahl beendeter Läufe, die bleiben; die ältesten gehen zuerst. 0 behält alle.",
  "How long a finished run is kept; `0s` keeps it for ever.":
    "Wie lange ein beendeter Lauf bleibt; `0s` behält ihn für immer.",
  "Whether runs of `maid run` are put into the history too, besides their report.":
    "Ob Läufe von `maid run` außer in ihrem Bericht auch in der Geschichte stehen.",
  "Most runs that may wait for their turn.":
    "Höchstzahl der Läufe, die warten dürfen, bis sie an der Reihe sind.",
  "Most log lines that are kept of one run.":
    "Höchstzahl der Protokollzeilen, die von einem Lauf bleiben.",
  "Most recipes that a tenant may have besides the built-in ones.":
    "Höchstzahl der Rezepte eines Mandanten, die mitgelieferten nicht gezählt.",
  "Most prompts that a tenant may have besides the built-in ones.":
    "Höchstzahl der Prompts eines Mandanten, die mitgelieferten nicht gezählt.",
  "Most deeplinks that a tenant may have, those that have ended included until they are forgotten.":
    "Höchstzahl der Deeplinks eines Mandanten, auch der abgelaufenen, bis sie vergessen werden.",
  "Most presets that a tenant may have.":
    "Höchstzahl der Voreinstellungen eines Mandanten.",
  "Most runs of a tenant that the search finds, the newest, and most texts of one whose meanings it compares: ten thousand take 15 MB of memory.":
    "Höchstzahl der Läufe eines Mandanten, die die Suche findet, die neuesten zuerst, und der Texte einer Art, deren Bedeutung sie vergleicht: zehntausend belegen 15 MB Speicher.",
  "How long an answer is kept for repetitions of a request with the same `Idempotency-Key`.":
    "Wie lange eine Antwort für Wiederholungen einer Anfrage mit demselben `Idempotency-Key` bleibt.",
  "How long it is kept who did what.":
    "Wie lange bleibt, wer was getan hat.",
  "Days that an entry of the audit log is kept; 0 keeps all for ever. Older ones are deleted by the hour, and what is left can still be checked.":
    "Tage, die ein Eintrag des Audit-Logs bleibt; 0 behält alle für immer. Ältere werden stündlich gelöscht, und was übrig ist, lässt sich weiterhin prüfen.",
  "Where results are kept.":
    "Wo Ergebnisse liegen.",
  "Folder that each run's outcome is written to, as `RUN_ID.json`.":
    "Ordner, in den das Ergebnis jedes Laufs als `RUN_ID.json` geschrieben wird.",
  "Runs that are kept there; the oldest are removed beyond it. 0 keeps none.":
    "Läufe, die dort bleiben; darüber hinaus werden die ältesten entfernt. 0 behält keine.",
  "How much may be asked of MAID.":
    "Wie viel von MAID verlangt werden darf.",
  "Whether requests are limited at all.":
    "Ob Anfragen überhaupt begrenzt werden.",
  "Requests a minute of one API key.":
    "Anfragen je Minute eines API-Schlüssels.",
  "Most requests at once of an API key that has rested.":
    "Höchstzahl der Anfragen auf einmal eines API-Schlüssels, der geruht hat.",
  "Requests a minute of one address (of IPv6: of one /64) without an identity.":
    "Anfragen je Minute einer Adresse (bei IPv6: eines /64), von der niemand angemeldet ist.",
  "Most requests at once of an address that has rested.":
    "Höchstzahl der Anfragen auf einmal einer Adresse, die geruht hat.",
  "Requests a minute of one user who has signed in.":
    "Anfragen je Minute eines angemeldeten Benutzers.",
  "Most requests at once of a user who has rested.":
    "Höchstzahl der Anfragen auf einmal eines Benutzers, der geruht hat.",
  "Which models MAID has inside, and how much they may ask of the machine.":
    "Welche Modelle MAID in sich hat, und wie viel sie vom Rechner verlangen dürfen.",
  "Whether models are used at all.":
    "Ob Modelle überhaupt benutzt werden.",
  "Folder that models are kept in, one folder each. None takes `maid/models` in the user's folder for caches, where `make model` and `maid model` put them.":
    "Ordner, in dem Modelle liegen, jedes in einem eigenen. Ohne Angabe `maid/models` im Cache-Ordner des Benutzers, wohin `make model` und `maid model` sie legen.",
  "Name of the language model; `maid model list` shows those that are there.":
    "Name des Sprachmodells; `maid model list` zeigt, welche da sind.",
  "Name of the model that tells texts of like meaning.":
    "Name des Modells, das Texte ähnlicher Bedeutung erkennt.",
  "Folder of the model that speaks: Dia's `config.json` and `model.safetensors`. None speaks nothing.":
    "Ordner des Modells, das spricht: `config.json` und `model.safetensors` von Dia. Ohne spricht nichts.",
  "Folder of the codec that makes sound of what it says: `model.safetensors` of DAC, 44 kHz.":
    "Ordner des Codecs, der daraus Ton macht: `model.safetensors` von DAC, 44 kHz.",
  "Folder of the model that makes pictures of texts: FLUX. None makes none; pictures of runs take no model.":
    "Ordner des Modells, das aus Texten Bilder macht: FLUX. Ohne entstehen keine; Bilder von Läufen brauchen kein Modell.",
  "File that says which providers may be asked, and what may leave the machine; `maid schema ai-policy` describes it. None lets nothing leave. It is read again whenever it changes.":
    "Datei, die sagt, welche Anbieter gefragt werden und was den Rechner verlassen darf; `maid schema ai-policy` beschreibt sie. Ohne sie verlässt nichts den Rechner. Sie wird neu gelesen, wenn sie sich ändert.",
  "Answers that are written at once. More than one shares the same cores.":
    "Antworten, die zugleich geschrieben werden. Mehrere teilen sich dieselben Kerne.",
  "Requests that may wait for their turn; whoever comes then is told to come again.":
    "Anfragen, die warten dürfen, bis sie an der Reihe sind; wer dann kommt, soll es später noch einmal versuchen.",
  "How long a request waits for its turn.":
    "Wie lange eine Anfrage wartet, bis sie an der Reihe ist.",
  "How long an answer may take, waiting left out.":
    "Wie lange eine Antwort dauern darf, das Warten nicht gerechnet.",
  "Most tokens of what is asked, together with all that was said before.":
    "Höchstzahl der Tokens einer Frage, mit allem, was davor gesagt wurde.",
  "Most tokens of an answer.":
    "Höchstzahl der Tokens einer Antwort.",
  "How long a model that nobody asks anything stays in memory; `0s` keeps it for ever.":
    "Wie lange ein Modell, das niemand etwas fragt, im Speicher bleibt; `0s` behält es für immer.",
  "What MAID says about itself.":
    "Was MAID über sich selbst sagt.",
  "Log level (`off`, `error`, `warn`, `info`, `debug`, `trace`), also per module: `warn,maid=debug`.":
    "Stufe des Protokolls (`off`, `error`, `warn`, `info`, `debug`, `trace`), auch je Modul: `warn,maid=debug`.",
  "Form of a log line.":
    "Form einer Protokollzeile.",
  "For people.":
    "Für Menschen.",
  "One JSON object a line.":
    "Ein JSON-Objekt je Zeile.",
  "The collector, such as `http://127.0.0.1:4318`; traces go to `/v1/traces` below it. Without one nothing is traced.":
    "Der Collector, etwa `http://127.0.0.1:4318`; Traces gehen an `/v1/traces` darunter. Ohne ihn wird nichts verfolgt.",
  "Headers that the collector asks for, such as `authorization`. Never shown.":
    "Kopfzeilen, die der Collector verlangt, etwa `authorization`. Werden nie gezeigt.",
  "Share of traces that is sent, 0 to 1; a caller that traces already decides for itself.":
    "Anteil der Traces, der geschickt wird, 0 bis 1; wer schon selbst verfolgt, entscheidet für sich.",
  "Name of this service in traces.":
    "Name dieses Dienstes in Traces.",
  "How long the collector may take for a batch.":
    "Wie viel Zeit der Collector für eine Sendung hat.",
};
