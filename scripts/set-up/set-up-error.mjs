/** What the person at the terminal can put right: its message says how, and is all that is shown. */
export class SetUpError extends Error {}
