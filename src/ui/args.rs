//! The command line of `concierge`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// What `--help` and the manual say at the end.
const AFTER: &str = "\
Examples:
  concierge                       open the course where you left it
  concierge --lang fr             the same, in French
  concierge play                  a machine to yourself
  concierge run -c 'systemctl status cron'
  concierge completions bash > ~/.local/share/bash-completion/completions/concierge

Exit status:
  0    all is well
  1    `check` or `grade` found faults
  2    wrong usage, a course that cannot be read, a file that cannot be written
  141  nobody reads the output any more
  `run` ends with the status of the last command it ran.

Environment:
  CONCIERGE_HOME   where progress is kept, instead of the data folder of your system
  LC_ALL, LANG     the language, unless --lang or an earlier choice says otherwise
  COLUMNS, LINES   the size of the terminal
  NO_COLOR         no colours; TERM=dumb: no colours and no line editing
  VISUAL, EDITOR   what opens when a command of the machine edits a file";

/// Learn to keep a program alive on a server: a simulated VPS with systemd, at your prompt.
#[derive(Debug, Parser)]
#[command(name = "concierge", version, about, after_help = AFTER)]
pub struct Args {
    /// Language of the lessons: fr or en.
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    /// A folder with `lessons/` and `scenarios/` instead of the course that is built in.
    #[arg(long, global = true, value_name = "DIR")]
    pub course: Option<PathBuf>,
    /// For screen readers: no margins, no drawn lines, no hints behind the cursor.
    #[arg(long, global = true)]
    pub plain: bool,
    /// What to do; without it, the course opens.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    Table,
    /// A line a goal and question, with the reasons.
    Json,
    /// What CI systems show as tests.
    Junit,
    /// For spreadsheets.
    Csv,
}

/// What can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Thing {
    /// A folder with a lesson and a scenario.
    Course,
    /// A lesson in a course.
    Lesson,
    /// A machine to begin with.
    Scenario,
}

/// What a run is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// A transcript.
    Markdown,
    /// A recording, asciicast v3.
    Asciicast,
    /// A page.
    Html,
}

/// What `concierge` can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open the course, or one lesson of it.
    Learn {
        /// The lesson's id; see `concierge list`.
        lesson: Option<String>,
    },
    /// A machine to yourself.
    Play {
        /// The scenario's id; see `concierge list`.
        scenario: Option<String>,
    },
    /// Print what a shell needs to complete `concierge`.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, for man(1).
    Man,
    /// List the lessons and the scenarios.
    List,
    /// Live hand-in files again and report what each student reached.
    Grade {
        /// The files, or folders of files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// How to report.
        #[arg(long, value_enum, default_value_t = Form::Table)]
        form: Form,
    },
    /// What you have learnt comes back: after 1, 3, 7 and 21 days.
    Review {
        /// Only list what is due.
        #[arg(long)]
        list: bool,
    },
    /// Make a course, a lesson or a scenario to begin with.
    New {
        /// What to make.
        #[arg(value_enum)]
        thing: Thing,
        /// Its id; for a course, the folder to make.
        name: String,
    },
    /// Write the JSON Schemas of course files, for editors.
    Schema {
        /// Print one: course, lesson or scenario.
        name: Option<String>,
        /// The folder to write them to; `schemas` without it.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Check a course again whenever a file is saved, and show the lesson as students see it.
    Watch {
        /// The lesson to show; without it, the one whose file was saved last.
        lesson: Option<String>,
        /// Look once and leave.
        #[arg(long)]
        once: bool,
    },
    /// A run of a lesson, or its solution, as a transcript, a recording or a page.
    Export {
        /// The lesson; without it, the one you left last.
        lesson: Option<String>,
        /// Export the lesson's solution instead of a run.
        #[arg(long)]
        solution: bool,
        /// A hand-in file instead of your own progress.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// The form.
        #[arg(long, value_enum, default_value_t = Shape::Markdown)]
        shape: Shape,
        /// Where to write; without it, standard output.
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write your progress to a file for your teacher.
    Handin {
        /// The file.
        file: PathBuf,
        /// Your name; without it, the file's.
        #[arg(long)]
        name: Option<String>,
    },
    /// Translations: what changed in one language only, French spaces, signing off.
    Translate {
        /// `status` lists the texts that changed since both languages were signed off; `ack` signs them off; `typeset`
        /// puts the no-break spaces, apostrophes and ellipses of French where they belong.
        #[arg(value_parser = ["status", "ack", "typeset"])]
        what: String,
    },
    /// Check a whole course: every lesson can be solved, refuses wrong answers, and says the same in both languages.
    Check(CheckArgs),
    /// Run commands on a fresh machine and exit with the last status.
    Run {
        /// The scenario to start from.
        #[arg(long, value_name = "ID")]
        scenario: Option<String>,
        /// The user who types.
        #[arg(long, default_value = "deploy")]
        user: String,
        /// The command.
        #[arg(short = 'c', value_name = "COMMAND")]
        command: Option<String>,
        /// A file of commands; `-` is standard input.
        file: Option<PathBuf>,
    },
    /// Play transcripts on the baseline machine and write them with its answers.
    Replay {
        /// The transcripts.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder to write to; without it they are printed.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// How `concierge check` reports.
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// Report as JSON.
    #[arg(long, conflicts_with = "junit")]
    pub json: bool,
    /// Report as JUnit's XML.
    #[arg(long)]
    pub junit: bool,
    /// Fail on warnings too.
    #[arg(long)]
    pub deny_warnings: bool,
}
