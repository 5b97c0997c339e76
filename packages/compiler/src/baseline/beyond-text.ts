// What makes the baseline compiler leave a function to the lowering of trees.

/** Thrown for a function that has something only the lowering of trees knows how to write. */
export class BeyondText extends Error {}
