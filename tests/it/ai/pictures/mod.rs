//! Pictures over HTTP and from the command line.

use serde_json::{Value, json};

use crate::{
    server::{Maid, loadtest, on_each_database, shop},
    support::people::command,
};

/// Status, media type and body of an answer.
fn image(maid: &Maid, body: &Value) -> (u16, String, Vec<u8>) {
    let sent = maid.http.post(format!("{}/api/inference/image", maid.url)).json(body);
    let answer = sent.send().expect("an answer");
    let media_type = answer.headers()["content-type"].to_str().expect("text").to_owned();
    (answer.status().as_u16(), media_type, answer.bytes().expect("a body").to_vec())
}

#[test]
fn a_run_is_drawn_in_every_form() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let mut test = loadtest(&shop.url(), 2, "2s");
        test["name"] = json!("<b>Shop</b> & co");
        let id = maid.run(&test);
        maid.until_over(&id);
        for kind in ["heatmap", "timeline", "comparison"] {
            let other = (kind == "comparison").then_some(&id);
            for (format, theme) in [("png", "light"), ("svg", "dark")] {
                let body = json!({"kind": kind, "run_id": id, "other_run_id": other, "format": format, "theme": theme,
                    "width": 640, "height": 420});
                let (status, media_type, file) = image(&maid, &body);
                assert_eq!(status, 200, "{kind}: {}", String::from_utf8_lossy(&file));
                if format == "png" {
                    assert_eq!((media_type.as_str(), &file[..8]), ("image/png", &b"\x89PNG\r\n\x1a\n"[..]));
                    assert_eq!(&file[16..24], [0, 0, 2, 128, 0, 0, 1, 164], "640 by 420");
                } else {
                    let text = String::from_utf8(file).expect("text");
                    assert_eq!(media_type, "image/svg+xml");
                    assert!(
                        text.contains("&lt;b&gt;Shop&lt;/b&gt; &amp; co") && !text.contains("<b>"),
                        "{text}"
                    );
                }
            }
        }
        let refused = |body: Value, status: u16, code: &str| {
            let (got, _, problem) = image(&maid, &body);
            let problem: Value = serde_json::from_slice(&problem).expect("a problem");
            assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{body}: {problem}");
            problem
        };
        let nobody = "0199f3a2-7c00-7abc-8000-0123456789ab";
        let told = refused(json!({"prompt": "a cat"}), 503, "model_not_configured");
        assert!(told["detail"].as_str().expect("a text").contains("ai.enabled"), "{told}");
        refused(json!({"kind": "heatmap", "run_id": nobody}), 404, "not_found");
        for wrong in [
            json!({}),
            json!({"kind": "heatmap"}),
            json!({"run_id": id}),
            json!({"kind": "pie", "run_id": id}),
            json!({"kind": "heatmap", "run_id": id, "width": 199}),
            json!({"kind": "heatmap", "run_id": id, "height": 2401}),
            json!({"kind": "heatmap", "run_id": id, "width": 2400, "height": 2000}),
            json!({"kind": "heatmap", "run_id": id, "other_run_id": id}),
            json!({"kind": "comparison", "run_id": id}),
            json!({"kind": "heatmap", "run_id": id, "prompt": "a cat"}),
            json!({"kind": "heatmap", "run_id": id, "colour": "red"}),
        ] {
            refused(wrong, 422, "invalid_body");
        }
        for (kind, file) in [("heatmap", "a.png"), ("timeline", "b.svg")] {
            let (code, _, stderr) = command(home, &["picture", &id, "--kind", kind, "-o", file], "");
            assert_eq!(code, 0, "{stderr}");
            assert!(home.folder.path().join(file).metadata().expect("it is there").len() > 2000);
        }
        let (code, _, stderr) = command(home, &["picture", &id, "-o", "c.gif"], "");
        assert!(code == 104 && stderr.contains(".png or an .svg"), "{stderr}");
    });
}
