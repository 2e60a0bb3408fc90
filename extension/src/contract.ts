/**
 * The messages between browser and service. Generated from nbjudge_course by
 * `make contract`: change the structs there, never this file.
 */

/** First on every connection, before the replay: the student's last revision. */
export interface HelloFrame {
  readonly type: 'hello';
  readonly student: string;
  readonly revision: number;
}

/** What a student hands in: names that tests call, or a program that is run. */
export type Kind = 'function' | 'program';

/** What a student's code may use. Each test, and loading the cell, has the two times anew. */
export interface Limits {
  readonly cpu_seconds: number;
  readonly wall_seconds: number;
  readonly memory_bytes: number;
  readonly processes: number;
  readonly output_bytes: number;
  readonly file_bytes: number;
}

/** What the client posts. */
export interface NewSubmission {
  readonly id: string;
  readonly problem: string;
  readonly language?: string;
  readonly source: string;
  readonly replaces?: string | null;
}

/** The sets of a course, in order. */
export interface Outline {
  readonly title: string;
  readonly sets: readonly (SetOutline)[];
}

/** A problem has a new version. */
export interface ProblemFrame {
  readonly type: 'problem';
  readonly problem: string;
  readonly version: string;
}

/** How far grading is: test `done + 1` of `total` is running. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Why a request was not accepted: `reason` for programs, `message` for people. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
  readonly retry_after_seconds: number | null;
}

/** A set of problems that open and are due together. */
export interface SetOutline {
  readonly opens_at: number | null;
  readonly due_at: number | null;
  readonly closes_at: number | null;
  readonly late_deduct: number;
  readonly attempts: number | null;
  readonly time_zone: string;
  readonly id: string;
  readonly title: string;
  readonly points: number | null;
  readonly problems: readonly (string)[];
}

/**
 * All that a student may know of a submission now: in REST, websocket, widget and notebook.
 *
 * Of two snapshots of one submission the newer has the higher `revision`; with equal
 * revisions the higher `attempt`, then the higher `progress.done`, is newer.
 */
export interface Snapshot {
  readonly id: string;
  readonly problem: string;
  readonly title: string;
  readonly language: string;
  readonly state: State;
  readonly revision: number;
  readonly submitted_at: number;
  readonly number: number;
  readonly position: number | null;
  readonly wait_seconds: number | null;
  readonly attempt: number;
  readonly progress: Progress | null;
  readonly verdict: Verdict | null;
}

/** How far one student is with one problem. */
export interface Standing {
  readonly problem: string;
  readonly points: number;
  readonly status: Status | null;
  readonly attempts: number;
}

/** Where a submission is. */
export type State = 'done' | 'queued' | 'running';

/** What a student may see of a problem. It has no field for a test, so none can leak. */
export interface Statement {
  readonly opens_at: number | null;
  readonly due_at: number | null;
  readonly closes_at: number | null;
  readonly late_deduct: number;
  readonly attempts: number | null;
  readonly time_zone: string;
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly languages: readonly (string)[];
  readonly limits: Limits;
  readonly points: number;
  readonly tests: number;
  readonly version: string;
  readonly statement: string;
  readonly starter: { readonly [key: string]: string };
  readonly shared: string;
}

/** How a test, or a whole submission, ended. */
export type Status = 'accepted' | 'cancelled' | 'compile_error' | 'internal_error' | 'memory_limit_exceeded' | 'output_limit_exceeded' | 'partial' | 'runtime_error' | 'time_limit_exceeded' | 'wrong_answer';

/** A submission as it is now. */
export interface SubmissionFrame {
  readonly type: 'submission';
  readonly submission: Snapshot;
}

/** How one test ended. Of a hidden test only name, status, points and hint are told. */
export interface TestResult {
  readonly name: string;
  readonly status: Status;
  readonly points: number;
  readonly max_points: number;
  readonly hidden: boolean;
  readonly message: string;
  readonly expected: string | null;
  readonly got: string | null;
  readonly output: string;
  readonly cpu_seconds: number | null;
  readonly memory_bytes: number | null;
}

/** The official result of one submission. */
export interface Verdict {
  readonly status: Status;
  readonly cause: Status;
  readonly points: number;
  readonly max_points: number;
  readonly tests: readonly (TestResult)[];
  readonly message: string;
  readonly output: string;
  readonly cpu_seconds: number;
  readonly wall_seconds: number;
  readonly memory_bytes: number;
}

export type Frame = HelloFrame | SubmissionFrame | ProblemFrame;
