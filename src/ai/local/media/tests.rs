use std::fs;

use super::{Dia, MediaError, tensors::Tensors};

fn read(bytes: &[u8]) -> Result<Tensors, MediaError> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), bytes).expect("it is written");
    Tensors::read(file.path())
}

fn file(head: &str, data: usize) -> Vec<u8> {
    let mut bytes = (head.len() as u64).to_le_bytes().to_vec();
    bytes.extend(head.bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

#[test]
fn a_head_is_believed_where_the_file_bears_it_out() {
    let sound = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
        "ids":{"dtype":"I64","shape":[1],"data_offsets":[24,32]}}"#;
    let tensors = read(&file(sound, 32)).expect("it is sound");
    assert_eq!(tensors.holds("a", &[2, 3]), Ok(()));
    for (name, shape, told) in
        [("b", vec![2], "no tensor `b`"), ("a", vec![3, 2], "[2, 3]"), ("ids", vec![1], "I64")]
    {
        let why = tensors.holds(name, &shape).expect_err("it is not there").to_string();
        assert!(why.contains(told), "{why}");
    }
    assert!(read(&file(sound, 31)).expect_err("cut off").to_string().contains("cut off"));
    let of = |entry: &str| file(&format!(r#"{{"a":{entry}}}"#), 8);
    let broken = [
        Vec::new(),
        vec![1, 0, 0],
        u64::MAX.to_le_bytes().to_vec(),
        file("[]", 0),
        file("{", 0),
        of(r#"{"dtype":"F32","shape":[1],"data_offsets":[0,8]}"#),
        of(r#"{"dtype":"F32","shape":[1],"data_offsets":[8,4]}"#),
        of(r#"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#),
        of(r#"{"dtype":"F32","shape":[18446744073709551615,4],"data_offsets":[0,4]}"#),
        of(r#"{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}"#),
        of(r#"{"shape":[1],"data_offsets":[0,4]}"#),
    ];
    for bytes in broken {
        assert!(matches!(read(&bytes), Err(MediaError::Broken { .. })), "{bytes:?}");
    }
}

#[test]
fn a_script_has_somebody_who_speaks() {
    assert_eq!(Dia::script(" Hello\nthere\u{1} "), "[S1] Hello there");
    assert_eq!(Dia::script("[S2] Hello"), "[S2] Hello");
}
