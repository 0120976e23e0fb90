//! Shell variables with their attributes and scopes: bash(1), PARAMETERS.

use std::sync::Arc;

use imbl::OrdMap;

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Scalar(Arc<str>),
    /// An indexed array.
    Indexed(OrdMap<u64, Arc<str>>),
    /// An associative array; how bash goes through it, see `in_table_order`.
    Associative(OrdMap<Arc<str>, Arc<str>>),
}

/// The attributes that `declare` gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `-x`
    pub exported: bool,
    /// `-r`
    pub readonly: bool,
    /// `-i`
    pub integer: bool,
    /// `-l`
    pub lower: bool,
    /// `-u`
    pub upper: bool,
    /// `-a`, without a value yet.
    pub indexed: bool,
    /// `-A`, without a value yet.
    pub associative: bool,
}

/// A variable; one without a value is declared only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variable {
    /// Its value.
    pub value: Option<Value>,
    /// Its attributes.
    pub attributes: Attributes,
}

impl Variable {
    /// A plain variable with this value.
    pub fn scalar(text: &str) -> Self {
        Self { value: Some(Value::Scalar(text.into())), attributes: Attributes::default() }
    }

    /// Its value as a string: of an array, its element 0.
    pub fn text(&self) -> Option<Arc<str>> {
        match self.value.as_ref()? {
            Value::Scalar(text) => Some(text.clone()),
            Value::Indexed(elements) => elements.get(&0).cloned(),
            Value::Associative(elements) => elements.get("0").cloned(),
        }
    }

    /// Its elements in order.
    pub fn elements(&self) -> Vec<Arc<str>> {
        match &self.value {
            None => Vec::new(),
            Some(Value::Scalar(text)) => vec![text.clone()],
            Some(Value::Indexed(elements)) => elements.values().cloned().collect(),
            Some(Value::Associative(elements)) => in_table_order(elements).map(|(_, text)| text.clone()).collect(),
        }
    }

    /// Its keys in order.
    pub fn keys(&self) -> Vec<String> {
        match &self.value {
            None => Vec::new(),
            Some(Value::Scalar(_)) => vec!["0".into()],
            Some(Value::Indexed(elements)) => elements.keys().map(u64::to_string).collect(),
            Some(Value::Associative(elements)) => in_table_order(elements).map(|(key, _)| key.to_string()).collect(),
        }
    }

    /// Whether it is an associative array.
    pub fn is_associative(&self) -> bool {
        self.attributes.associative || matches!(self.value, Some(Value::Associative(_)))
    }

    /// Whether it is an array of either kind.
    pub fn is_array(&self) -> bool {
        self.attributes.indexed
            || self.is_associative()
            || matches!(self.value, Some(Value::Indexed(_) | Value::Associative(_)))
    }
}

/// The elements of an associative array as bash goes through its table: by the lowest ten bits of the key's hash (FNV-1).
fn in_table_order(elements: &OrdMap<Arc<str>, Arc<str>>) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
    let bucket = |key: &str| {
        let step = |hash: u32, byte: u8| hash.wrapping_mul(16_777_619) ^ (byte as i8 as u32);
        key.bytes().fold(2_166_136_261, step) & 1023
    };
    let mut pairs: Vec<_> = elements.iter().collect();
    pairs.sort_by_key(|(key, _)| bucket(key));
    pairs.into_iter()
}

/// Where an element of an array stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Of an indexed array; negative counts from its end.
    Index(i64),
    /// Of an associative array.
    Text(Arc<str>),
}

/// All variables, and what functions have hidden.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    table: OrdMap<Arc<str>, Variable>,
    /// One a running function: what its local variables hide.
    scopes: Vec<OrdMap<Arc<str>, Option<Variable>>>,
}

/// Why a variable was not set; the text follows the shell's name.
pub type Refused = String;

impl Variables {
    /// The variable, declared or set.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.table.get(name)
    }

    /// All variables in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Variable)> {
        self.table.iter()
    }

    /// The text of a variable that is set.
    pub fn text(&self, name: &str) -> Option<Arc<str>> {
        self.table.get(name)?.text()
    }

    /// Puts a variable there as it is.
    pub fn put(&mut self, name: &str, variable: Variable) {
        self.table.insert(name.into(), variable);
    }

    /// The variable, made if need be.
    pub fn entry(&mut self, name: &str) -> &mut Variable {
        self.table.entry(name.into()).or_default()
    }

    /// Refuses when the variable cannot be changed.
    pub fn check(&self, name: &str) -> Result<(), Refused> {
        match self.table.get(name) {
            Some(variable) if variable.attributes.readonly => Err(format!("{name}: readonly variable")),
            _ => Ok(()),
        }
    }

    /// Sets a string; `-i`, `-l` and `-u` have been applied by the caller ([`super::state::Shell::assign`]).
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Refused> {
        self.check(name)?;
        let variable = self.entry(name);
        match &mut variable.value {
            Some(Value::Indexed(elements)) => {
                elements.insert(0, text.into());
            }
            Some(Value::Associative(elements)) => {
                elements.insert("0".into(), text.into());
            }
            value if variable.attributes.indexed => {
                *value = Some(Value::Indexed(OrdMap::unit(0, text.into())));
            }
            value => *value = Some(Value::Scalar(text.into())),
        }
        Ok(())
    }

    /// Sets an element.
    pub fn set_element(&mut self, name: &str, key: &Key, text: &str) -> Result<(), Refused> {
        self.check(name)?;
        let variable = self.entry(name);
        match key {
            Key::Text(key) => {
                let mut elements = match variable.value.take() {
                    Some(Value::Associative(elements)) => elements,
                    _ => OrdMap::new(),
                };
                elements.insert(key.clone(), text.into());
                variable.value = Some(Value::Associative(elements));
            }
            Key::Index(index) => {
                let mut elements = match variable.value.take() {
                    Some(Value::Indexed(elements)) => elements,
                    Some(Value::Scalar(text)) => OrdMap::unit(0, text),
                    _ => OrdMap::new(),
                };
                let place = absolute(&elements, *index);
                if let Some(place) = place {
                    elements.insert(place, text.into());
                }
                variable.value = Some(Value::Indexed(elements));
                if place.is_none() {
                    return Err(format!("{name}[{index}]: bad array subscript"));
                }
            }
        }
        Ok(())
    }

    /// The element; of a scalar, element 0 is its text.
    pub fn element(&self, name: &str, key: &Key) -> Option<Arc<str>> {
        match (self.table.get(name)?.value.as_ref()?, key) {
            (Value::Associative(elements), Key::Text(key)) => elements.get(key).cloned(),
            (Value::Indexed(elements), Key::Index(index)) => elements.get(&absolute(elements, *index)?).cloned(),
            (Value::Scalar(text), Key::Index(0 | -1)) => Some(text.clone()),
            _ => None,
        }
    }

    /// Removes an element.
    pub fn unset_element(&mut self, name: &str, key: &Key) -> Result<(), Refused> {
        self.check(name)?;
        match (self.table.get_mut(name).and_then(|variable| variable.value.as_mut()), key) {
            (Some(Value::Associative(elements)), Key::Text(key)) => {
                elements.remove(key);
            }
            (Some(Value::Indexed(elements)), Key::Index(index)) => {
                if let Some(place) = absolute(elements, *index) {
                    elements.remove(&place);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Removes a variable.
    pub fn unset(&mut self, name: &str) -> Result<(), Refused> {
        if self.check(name).is_err() {
            return Err(format!("{name}: cannot unset: readonly variable"));
        }
        self.table.remove(name);
        Ok(())
    }

    /// A function begins.
    pub fn push_scope(&mut self) {
        self.scopes.push(OrdMap::new());
    }

    /// A function ends: what it hid is seen again.
    pub fn pop_scope(&mut self) {
        for (name, variable) in self.scopes.pop().unwrap_or_default() {
            match variable {
                Some(variable) => self.table.insert(name, variable),
                None => self.table.remove(&name),
            };
        }
    }

    /// Whether a function runs.
    pub fn in_function(&self) -> bool {
        !self.scopes.is_empty()
    }

    /// Makes a variable local to the running function; false if it was already.
    pub fn localize(&mut self, name: &str) -> bool {
        let old = self.table.get(name).cloned();
        let Some(scope) = self.scopes.last_mut() else { return false };
        if scope.contains_key(name) {
            return false;
        }
        scope.insert(name.into(), old);
        self.table.remove(name);
        true
    }

    /// Hides a variable like [`Variables::localize`], but keeps its value.
    pub fn hide(&mut self, name: &str) {
        let old = self.table.get(name).cloned();
        if let Some(scope) = self.scopes.last_mut()
            && !scope.contains_key(name)
        {
            scope.insert(name.into(), old);
        }
    }

    /// The environment for a program: every exported variable that holds a string, in order of names.
    pub fn environment(&self) -> Vec<String> {
        self.table
            .iter()
            .filter(|(_, variable)| variable.attributes.exported)
            .filter_map(|(name, variable)| match &variable.value {
                Some(Value::Scalar(text)) => Some(format!("{name}={text}")),
                _ => None,
            })
            .collect()
    }
}

/// The place that an index names: a negative one counts from the end.
fn absolute(elements: &OrdMap<u64, Arc<str>>, index: i64) -> Option<u64> {
    if index >= 0 {
        return u64::try_from(index).ok();
    }
    let end = elements.get_max().map_or(0, |(last, _)| last + 1);
    end.checked_sub(index.unsigned_abs())
}
