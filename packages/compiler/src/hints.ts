// What a module says of its branches (branch hinting proposal): code is spent on what runs often.

/** An `if`, of the IR or of JavaScript. */
interface Branch<Body> {
  /** Whether the condition mostly holds, where that is known. */
  readonly likely?: boolean | undefined;
  readonly then: Body;
  readonly otherwise: Body;
}

export function likelyArm<Body>({ likely, then, otherwise }: Branch<Body>): Body | undefined {
  return likely === undefined ? undefined : likely ? then : otherwise;
}

export function unlikelyArm<Body>({ likely, then, otherwise }: Branch<Body>): Body | undefined {
  return likely === undefined ? undefined : likely ? otherwise : then;
}
