// The words of the desk in the language of its page.
import { counted, said, words } from "../base/words.ts";

export { number } from "../base/words.ts";

const told = words();

/** Returns the words of a key, with values in their places. */
export const say = (key: string, values: Record<string, unknown> = {}) => said(told[key] ?? key, values);

/** Returns the words for a number of things. */
export const count = (key: string, n: number) => counted(told, key, n);
