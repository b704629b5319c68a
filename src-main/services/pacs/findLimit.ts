/** Matches a search returns when nothing else is asked for. */
export const defaultFindLimit = 500;
