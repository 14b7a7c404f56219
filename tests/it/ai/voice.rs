//! Speech, by a model of Dia's form that is made here: what is said, what is refused, and who waits.

use std::{fs, thread, time::Duration};

use serde_json::{Value, json};

use super::tiny::{self, SAMPLES};
use crate::{
    server::{Home, on_one_database},
    support::{
        people::{admin, asking, audited, user},
        server::{Maid, Start, answer, wait_for},
    },
};

/// With the voice in `home`, and what it takes for it to be used.
fn with_voice(home: &Home, start: Start) -> Start {
    let folder = home.folder.path();
    start
        .with("MAID__AI__ENABLED", "true")
        .with("MAID__AI__SPEECH_MODEL", folder.join("dia").display())
        .with("MAID__AI__SPEECH_CODEC", folder.join("dac").display())
}

fn ask(maid: &Maid, text: &str) -> reqwest::blocking::RequestBuilder {
    maid.http.post(format!("{}/api/inference/speech", maid.url)).json(&json!({"text": text}))
}

/// Status and file of what is said.
fn said(request: reqwest::blocking::RequestBuilder) -> (u16, Vec<u8>) {
    let answer = request.send().expect("an answer");
    (answer.status().as_u16(), answer.bytes().expect("a body").to_vec())
}

fn refused(maid: &Maid, text: &str) -> (u16, String, String) {
    let (status, problem) = answer(ask(maid, text));
    let told = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (status, told("code"), told("detail"))
}

fn status(maid: &Maid) -> Value {
    answer(maid.get("/ai/status")).1
}

/// A WAV of 44,100 samples a second with something to be heard.
fn assert_heard(file: &[u8]) {
    let number = |at: usize, size: usize| {
        file[at..at + size].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    assert_eq!(file.len(), 44 + 2 * SAMPLES);
    assert_eq!((&file[..4], &file[8..16], &file[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    assert_eq!((number(4, 4), number(40, 4)), (file.len() - 8, 2 * SAMPLES));
    assert_eq!((number(20, 2), number(22, 2), number(24, 4), number(34, 2)), (1, 1, 44_100, 16));
    let samples: Vec<i16> = file[44..].chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    let loud = samples.iter().filter(|sample| sample.unsigned_abs() > 300).count();
    let (low, high) = (samples.iter().min().expect("samples"), samples.iter().max().expect("samples"));
    assert!(loud > SAMPLES / 10, "it is silent: {loud} of {SAMPLES} samples are heard");
    assert!(low < high, "it is a sound and no constant");
}

#[test]
fn without_a_voice_it_says_what_to_set() {
    on_one_database(|home| {
        let maid = home.start().with("MAID__AI__ENABLED", "true").start();
        let (status_code, code, told) = refused(&maid, "Hello");
        assert_eq!((status_code, code.as_str()), (503, "model_not_configured"), "{told}");
        assert!(told.contains("ai.speech_model") && told.contains("ai.speech_codec"), "{told}");
        let shown = status(&maid);
        for kind in ["speech", "images"] {
            assert_eq!(shown[kind]["state"], "missing", "{shown}");
            assert!(shown[kind]["why"].as_str().is_some_and(|why| why.contains("set `ai.")), "{shown}");
        }
        assert_eq!(shown["degraded"], false, "what nobody has configured is not missed: {shown}");
        for text in ["", "  \n", "[S1] [S2]"] {
            assert_eq!(refused(&maid, text).0, 422, "{text:?}");
        }
    });
    on_one_database(|home| {
        let maid = with_voice(home, home.start()).with("MAID__AI__ENABLED", "false").start();
        let (_, code, told) = refused(&maid, "Hello");
        assert!(code == "model_not_configured" && told.contains("ai.enabled"), "{told}");
        assert_eq!(status(&maid)["speech"]["state"], "off");
    });
    on_one_database(|home| {
        let half = home.start().with("MAID__AI__ENABLED", "true").with("MAID__AI__SPEECH_MODEL", "dia");
        let (_, code, told) = refused(&half.start(), "Hello");
        assert!(code == "model_not_configured" && told.contains("ai.speech_codec"), "{told}");
    });
}

#[test]
fn what_is_said_is_heard() {
    on_one_database(|home| {
        tiny::voice(home.folder.path());
        let maid = with_voice(home, asking(home)).with("MAID__AI__IDLE_UNLOAD", "1s").start();
        let admin = admin(&maid);
        let viewer = user(&maid, &admin, "vera", "viewer");
        assert_eq!(answer(ask(&maid, "Hello")).0, 401);
        let (status, problem) = answer(ask(&maid, "Hello").bearer_auth(&viewer));
        assert_eq!((status, problem["code"].as_str()), (403, Some("forbidden")), "{problem}");
        let state = || {
            let shown = answer(maid.get("/ai/status").bearer_auth(&admin)).1;
            shown["speech"]["state"].as_str().expect("a state").to_owned()
        };
        assert_eq!(state(), "idle", "asking how it is loads nothing");

        let speak = |text: &str| ask(&maid, text).bearer_auth(&admin);
        let spoken = speak("Hello there").send().expect("an answer");
        assert_eq!(spoken.headers()["content-type"], "audio/wav");
        let (status, file) = (spoken.status(), spoken.bytes().expect("a body"));
        assert_eq!(status, 200, "{}\n{}", String::from_utf8_lossy(&file), maid.said());
        assert_heard(&file);

        // It lets go of the model, and speaks again.
        wait_for("the model is let go of", || (state() == "idle").then_some(()));
        let (status, file) = said(speak("[S1] Hello. [S2] Hi!"));
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&file));
        assert_heard(&file);

        let (status, problem) = answer(speak(&"word ".repeat(20)));
        assert_eq!((status, problem["errors"][0]["path"].as_str()), (422, Some("text")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|told| told.contains("at most 64")), "{problem}");

        let events = wait_for("it is written down", || {
            Some(audited(&maid, &admin, "ai.complete")).filter(|events| events.len() == 3)
        });
        let told = json!(events).to_string();
        assert!(told.contains("speech") && !told.contains("Hello"), "nothing of what was said: {told}");
        let (_, counted) = answer(maid.get("/ai/usage?by=model").bearer_auth(&admin));
        assert_eq!(counted["items"][0]["model"], "dia", "{counted}");
    });
}

#[test]
fn one_speaks_at_a_time_and_the_others_wait_or_come_again() {
    on_one_database(|home| {
        tiny::voice(home.folder.path());
        let maid = with_voice(home, home.start()).with("MAID__AI__MAX_QUEUED", "2").start();
        // Whoever leaves, while it loads or speaks, keeps nobody from being answered; what was begun for them may still be
        // worked on.
        let left = ask(&maid, "I have to go").timeout(Duration::from_millis(30)).send();
        assert!(left.is_err_and(|error| error.is_timeout()), "nobody is that fast");
        let (status, file) = said(ask(&maid, "I stay"));
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&file));
        assert_heard(&file);

        let both = thread::scope(|scope| {
            let asked = [(); 2].map(|()| scope.spawn(|| said(ask(&maid, "We come together"))));
            asked.map(|asked| asked.join().expect("it is asked"))
        });
        for (status, file) in &both {
            assert_eq!(*status, 200, "{}", String::from_utf8_lossy(file));
            assert_heard(file);
        }

        let many = thread::scope(|scope| {
            let asked = [(); 8].map(|()| {
                scope.spawn(|| {
                    let answer = ask(&maid, "We are many").send().expect("an answer");
                    (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
                })
            });
            asked.map(|asked| asked.join().expect("it is asked"))
        });
        let count = |wanted: (u16, bool)| many.iter().filter(|got| **got == wanted).count();
        assert_eq!(count((200, false)) + count((429, true)), 8, "{many:?}");
        assert!(count((200, false)) >= 2 && count((429, true)) >= 1, "{many:?}");
    });
}

#[test]
fn a_folder_that_is_not_what_it_should_be_is_refused_with_the_reason() {
    on_one_database(|home| {
        let folder = home.folder.path();
        let maid = with_voice(home, home.start()).start();
        let told = |code: &str, part: &str| {
            let (status, got, told) = refused(&maid, "Hello");
            assert_eq!((status, got.as_str()), (503, code), "{told}");
            assert!(told.contains(part), "{part}: {told}");
            let shown = status_of(&maid);
            assert_eq!(shown.0, if code == "model_not_configured" { "missing" } else { "failed" });
            assert!(shown.1.contains(part), "{shown:?}");
        };
        told("model_not_configured", "dia is not there");
        tiny::voice(folder);
        let (config, weights) = (folder.join("dia/config.json"), folder.join("dia/model.safetensors"));
        let codec = folder.join("dac/model.safetensors");

        fs::remove_file(&config).expect("it is there");
        told("model_not_configured", "config.json is not there");
        for (text, part) in [("{", "config.json cannot be used"), ("{}", "missing field")] {
            fs::write(&config, text).expect("it is written");
            told("model_unavailable", part);
        }
        for (pointer, value, part) in wrong_configs() {
            let mut wrong = tiny::config();
            *wrong.pointer_mut(pointer).expect("it is there") = value;
            fs::write(&config, wrong.to_string()).expect("it is written");
            told("model_unavailable", part);
        }
        fs::write(&config, tiny::config().to_string()).expect("it is written");

        let whole = fs::read(&weights).expect("it is there");
        for (bytes, part) in [
            (&whole[..whole.len() - 1], "cut off"),
            (&whole[..100], "cut off in its head"),
            (b"GGUF", "shorter"),
        ] {
            fs::write(&weights, bytes).expect("it is written");
            told("model_unavailable", part);
        }
        fs::write(&weights, &whole).expect("it is written");

        let mut short = tiny::dac();
        short.0.retain(|(name, ..)| name != "decoder.model.6.bias");
        short.write(&codec);
        told("model_unavailable", "no tensor `decoder.model.6.bias`");
        fs::remove_file(&codec).expect("it is there");
        told("model_not_configured", "ai.speech_codec");

        // Repaired, it speaks, without a restart.
        tiny::dac().write(&codec);
        let (status, file) = said(ask(&maid, "Here I am"));
        assert_eq!(status, 200, "{}\n{}", String::from_utf8_lossy(&file), maid.said());
        assert_heard(&file);
    });
}

fn status_of(maid: &Maid) -> (String, String) {
    let shown = status(maid);
    assert_eq!(shown["degraded"], true, "what is configured and does not work is missed: {shown}");
    let text = |name: &str| shown["speech"][name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("why"))
}

/// Where a config.json is wrong, what it says there, and what is told of it.
fn wrong_configs() -> [(&'static str, Value, &'static str); 12] {
    [
        ("/data/delay_pattern", json!([0, 1]), "delay_pattern"),
        ("/data/delay_pattern", json!([1, 8, 9, 10, 11, 12, 13, 14, 15]), "delay_pattern"),
        ("/data/audio_length", json!(17), "`data.audio_length` must be 18"),
        ("/data/audio_eos_value", json!(1027), "audio_eos_value"),
        ("/data/text_pad_value", json!(-1), "text_pad_value"),
        ("/model/src_vocab_size", json!(255), "src_vocab_size"),
        ("/model/encoder/head_dim", json!(7), "must be even"),
        ("/model/decoder/kv_heads", json!(3), "must divide"),
        ("/model/decoder/n_layer", json!(0), "n_layer"),
        ("/model/rope_min_timescale", json!(0), "timescales"),
        ("/model/decoder/n_hidden", json!(65), "wi_fused.weight` has the shape"),
        ("/model/encoder/n_layer", json!(2), "no tensor `encoder.layers.1"),
    ]
}
