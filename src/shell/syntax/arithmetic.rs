//! Arithmetic: integers of 64 bits and C's operators: bash(1), ARITHMETIC EVALUATION.
//!
//! An expression is evaluated while it is read, as bash does it, so that errors come in bash's order and name bash's
//! error token.

use super::arithmetic_token::{Reader, Token};

/// How deep parentheses, assignments and variables that hold expressions may stand within one another.
const DEPTH_LIMIT: u32 = 120;

/// Assignment operators that compute first.
const COMPUTING: [&str; 10] = ["*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="];

/// The binary operators, the loosest first.
const LEVELS: [&[&str]; 9] = [
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<", ">", "<=", ">="],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["**"],
];

/// The variables that an expression names.
pub trait Variables {
    /// The value of `name`, or of its element `subscript` (text between brackets, not evaluated). Unset: nothing.
    ///
    /// # Errors
    /// When the shell forbids reading it (`set -u`), in bash's words.
    fn get(&mut self, name: &str, subscript: Option<&str>, depth: u32) -> Result<Option<String>, ArithmeticError>;

    /// Sets it.
    ///
    /// # Errors
    /// When it is read-only, in bash's words.
    fn set(&mut self, name: &str, subscript: Option<&str>, value: i64, depth: u32) -> Result<(), ArithmeticError>;
}

/// Why an expression has no value; the text is all that bash prints after its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArithmeticError(pub String);

/// The value of an expression; empty is 0.
///
/// # Errors
/// As bash words them: `1/0: division by 0 (error token is "0")`.
pub fn evaluate(text: &str, variables: &mut dyn Variables) -> Result<i64, ArithmeticError> {
    evaluate_at(text, variables, 0)
}

/// The same within another expression at this depth: how subscripts are evaluated.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_at(text: &str, variables: &mut dyn Variables, depth: u32) -> Result<i64, ArithmeticError> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    let mut evaluator = Evaluator { reader: Reader::new(text), variables, depth, idle: 0 };
    if depth > DEPTH_LIMIT {
        return Err(evaluator.reader.error("expression recursion level exceeded"));
    }
    evaluator.advance()?;
    let value = evaluator.comma()?;
    if evaluator.reader.current != Token::End {
        return Err(evaluator.reader.error("syntax error in expression"));
    }
    Ok(value)
}

struct Evaluator<'a> {
    reader: Reader,
    variables: &'a mut dyn Variables,
    depth: u32,
    /// Within an operand that does not count (`0 && x++`): nothing is read or set.
    idle: u32,
}

type Value = Result<i64, ArithmeticError>;

impl Evaluator<'_> {
    fn advance(&mut self) -> Result<(), ArithmeticError> {
        self.reader.advance()
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.reader.current, Token::Operator(found) if found == operator)
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Value) -> Value {
        if self.depth > DEPTH_LIMIT {
            return Err(self.reader.error("expression recursion level exceeded"));
        }
        self.depth += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    /// Evaluates without effect.
    fn idling(&mut self, idle: bool, inner: impl FnOnce(&mut Self) -> Value) -> Value {
        self.idle += u32::from(idle);
        let value = inner(self);
        self.idle -= u32::from(idle);
        value
    }

    fn comma(&mut self) -> Value {
        let mut value = self.deeper(Self::assignment)?;
        while self.is(",") {
            self.advance()?;
            value = self.deeper(Self::assignment)?;
        }
        Ok(value)
    }

    fn assignment(&mut self) -> Value {
        let value = self.conditional()?;
        let Token::Operator(operator) = self.reader.current else { return Ok(value) };
        let computing = COMPUTING.contains(&operator);
        if !computing && operator != "=" {
            return Ok(value);
        }
        let Some((name, subscript)) = self.reader.assignable.take() else {
            return Err(self.reader.error("attempted assignment to non-variable"));
        };
        self.advance()?;
        let mut right = self.deeper(Self::assignment)?;
        if computing {
            let operator = operator.trim_end_matches('=');
            if matches!(operator, "/" | "%") && right == 0 {
                if self.idle == 0 {
                    return Err(self.reader.error("division by 0"));
                }
                right = 1;
            }
            right = apply(operator, value, right);
        }
        self.store(&name, subscript.as_deref(), right)?;
        self.reader.assignable = None;
        Ok(right)
    }

    fn store(&mut self, name: &str, subscript: Option<&str>, value: i64) -> Result<(), ArithmeticError> {
        if self.idle > 0 {
            return Ok(());
        }
        self.variables.set(name, subscript, value, self.depth + 1)
    }

    fn conditional(&mut self) -> Value {
        let condition = self.logical_or()?;
        if !self.is("?") {
            return Ok(condition);
        }
        self.advance()?;
        if matches!(self.reader.current, Token::End) || self.is(":") {
            return Err(self.reader.error("expression expected"));
        }
        let yes = self.idling(condition == 0, |e| e.deeper(Self::comma))?;
        if !self.is(":") {
            return Err(self.reader.error("`:' expected for conditional expression"));
        }
        self.advance()?;
        if matches!(self.reader.current, Token::End) {
            return Err(self.reader.error("expression expected"));
        }
        let no = self.idling(condition != 0, |e| e.deeper(Self::conditional))?;
        self.reader.assignable = None;
        Ok(if condition != 0 { yes } else { no })
    }

    fn logical_or(&mut self) -> Value {
        let mut left = self.logical_and()?;
        while self.is("||") {
            self.advance()?;
            let right = self.idling(left != 0, Self::logical_and)?;
            left = i64::from(left != 0 || right != 0);
            self.reader.assignable = None;
        }
        Ok(left)
    }

    fn logical_and(&mut self) -> Value {
        let mut left = self.binary(0)?;
        while self.is("&&") {
            self.advance()?;
            let right = self.idling(left == 0, |e| e.binary(0))?;
            left = i64::from(left != 0 && right != 0);
            self.reader.assignable = None;
        }
        Ok(left)
    }

    /// The rank of the binary operator that stands here.
    fn level(&self) -> Option<usize> {
        let Token::Operator(operator) = self.reader.current else { return None };
        LEVELS.iter().position(|operators| operators.contains(&operator))
    }

    /// Operators of this level and tighter ones.
    fn binary(&mut self, lowest: usize) -> Value {
        let mut left = self.unary()?;
        while let (Some(level), Token::Operator(operator)) = (self.level(), self.reader.current) {
            if level < lowest {
                break;
            }
            let behind = self.reader.position();
            self.advance()?;
            let right = if operator == "**" { self.deeper(|e| e.binary(level))? } else { self.binary(level + 1)? };
            left = self.combine(operator, left, right, behind)?;
            self.reader.assignable = None;
        }
        Ok(left)
    }

    fn combine(&mut self, operator: &str, left: i64, mut right: i64, behind: usize) -> Value {
        if matches!(operator, "/" | "%") && right == 0 {
            if self.idle == 0 {
                return Err(self.reader.error_at("division by 0", behind));
            }
            right = 1;
        }
        if operator == "**" && right < 0 {
            return Err(self.reader.error("exponent less than 0"));
        }
        Ok(apply(operator, left, right))
    }

    fn unary(&mut self) -> Value {
        let Token::Operator(operator @ ("!" | "~" | "-" | "+")) = self.reader.current else { return self.primary() };
        self.advance()?;
        let value = self.deeper(Self::unary)?;
        self.reader.assignable = None;
        Ok(match operator {
            "!" => i64::from(value == 0),
            "~" => !value,
            "-" => value.wrapping_neg(),
            _ => value,
        })
    }

    fn primary(&mut self) -> Value {
        match self.reader.current {
            Token::Operator(operator @ ("++" | "--")) => {
                self.advance()?;
                if self.reader.current != Token::Name {
                    let what = "identifier expected after pre-increment or pre-decrement";
                    return Err(self.reader.error(what));
                }
                let (name, subscript) = self.reader.take_name();
                let value = self.variable(&name, subscript.as_deref())?;
                let changed = if operator == "++" { value.wrapping_add(1) } else { value.wrapping_sub(1) };
                self.store(&name, subscript.as_deref(), changed)?;
                self.advance()?;
                Ok(changed)
            }
            Token::Operator("(") => {
                self.advance()?;
                let value = self.deeper(Self::comma)?;
                if !self.is(")") {
                    return Err(self.reader.error("missing `)'"));
                }
                self.reader.assignable = None;
                self.advance()?;
                Ok(value)
            }
            Token::Number(value) => {
                self.reader.assignable = None;
                self.advance()?;
                Ok(value)
            }
            Token::Name => self.named(),
            _ => Err(self.reader.error("syntax error: operand expected")),
        }
    }

    /// A variable, perhaps with `++` or `--` behind it.
    fn named(&mut self) -> Value {
        let (name, subscript) = self.reader.take_name();
        let value = if self.reader.before_assignment() { 0 } else { self.variable(&name, subscript.as_deref())? };
        self.advance()?;
        if let Token::Operator(operator @ ("++" | "--")) = self.reader.current {
            let changed = if operator == "++" { value.wrapping_add(1) } else { value.wrapping_sub(1) };
            self.store(&name, subscript.as_deref(), changed)?;
            self.reader.current = Token::Number(value);
            self.reader.assignable = None;
            self.advance()?;
        } else {
            self.reader.assignable = Some((name, subscript));
        }
        Ok(value)
    }

    /// A variable's value, which is an expression itself.
    fn variable(&mut self, name: &str, subscript: Option<&str>) -> Value {
        if self.idle > 0 {
            return Ok(0);
        }
        let Some(text) = self.variables.get(name, subscript, self.depth + 1)? else { return Ok(0) };
        match text.parse() {
            Ok(value) if !text.starts_with(['0', '+']) => Ok(value),
            _ => evaluate_at(&text, self.variables, self.depth + 1),
        }
    }
}

/// Two operands, of which the second is not 0 for a division.
fn apply(operator: &str, left: i64, right: i64) -> i64 {
    match operator {
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<<" => left.wrapping_shl((right & 63) as u32),
        ">>" => left.wrapping_shr((right & 63) as u32),
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" => left.checked_div(right).unwrap_or(left),
        "%" => left.checked_rem(right).unwrap_or(0),
        "**" => power(left, right),
        _ => 0,
    }
}

fn power(mut base: i64, mut exponent: i64) -> i64 {
    let mut value = 1i64;
    while exponent > 0 {
        if exponent & 1 == 1 {
            value = value.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    value
}
