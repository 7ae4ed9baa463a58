//! The settings of a method.

use crate::{abi, Error};

/// The settings, complete with their defaults. A key that the schema does not have is a defect of
/// the plugin and fails with `E_CONFIG`.
pub struct Config<'a> {
    text: &'a str,
}

impl<'a> Config<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Config { text }
    }

    /// The whole object, as canonical JSON.
    pub fn json(&self) -> &'a str {
        self.text
    }

    pub fn number(&self, key: &str) -> Result<f64, Error> {
        self.value(key, |text| text.parse().ok())
    }

    pub fn integer(&self, key: &str) -> Result<i64, Error> {
        let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= 9007199254740992.0;
        let read = |text: &str| text.parse().ok().filter(whole).map(|number: f64| number as i64);
        self.value(key, read)
    }

    pub fn boolean(&self, key: &str) -> Result<bool, Error> {
        self.value(key, |text| text.parse().ok())
    }

    /// Whether the string under `key` is `choice`; a string without escapes, as choices are.
    pub fn is(&self, key: &str, choice: &str) -> Result<bool, Error> {
        let inner = |text: &'a str| text.strip_prefix('"')?.strip_suffix('"');
        self.value(key, inner).map(|text| text == choice)
    }

    pub fn numbers(&self, key: &str) -> Result<Vec<f64>, Error> {
        self.value(key, |text| {
            let list = text.strip_prefix('[')?.strip_suffix(']')?;
            list.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
        })
    }

    fn value<T>(&self, key: &str, read: impl Fn(&'a str) -> Option<T>) -> Result<T, Error> {
        let missing = || Error::new(abi::E_CONFIG, format!("no fitting value for '{}'", key));
        find(self.text, key).and_then(read).ok_or_else(missing)
    }
}

/// The JSON text under a key of a canonical object.
fn find<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = object.strip_prefix('{')?;
    while rest.starts_with('"') {
        let (name, after) = rest.split_at(end_of_value(rest));
        let value = after.strip_prefix(':')?;
        let (value, after) = value.split_at(end_of_value(value));
        if name[1..name.len() - 1] == *key {
            return Some(value);
        }
        rest = after.strip_prefix(',')?;
    }
    None
}

/// Where the value that a text begins with ends.
fn end_of_value(text: &str) -> usize {
    let (mut depth, mut in_string, mut is_escaped) = (0, false, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => {
                if in_string && depth == 0 {
                    return place + 1;
                }
                in_string = !in_string
            }
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth > 0 => depth -= 1,
            b',' | b'}' | b']' | b':' if depth == 0 => return place,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn reads_each_kind_and_refuses_what_is_not_there() {
        let text = r#"{"a":1.5,"b":[1,2.5],"c":{"a":3},"d":"x\",\"a\":4","e":true,"f":"me","g":7}"#;
        let config = Config::new(text);
        assert_eq!(config.number("a").unwrap(), 1.5);
        assert_eq!(config.numbers("b").unwrap(), [1.0, 2.5]);
        assert!(config.boolean("e").unwrap());
        assert!(config.is("f", "me").unwrap() && !config.is("f", "m").unwrap());
        assert_eq!(config.integer("g").unwrap(), 7);
        assert!(config.integer("a").is_err() && config.number("h").is_err());
        assert!(Config::new("{}").number("a").is_err());
    }
}
