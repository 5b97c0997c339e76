/** Part of every compatibility hash: code compiled by another version is not used. */
export const version = "0.0.0";
