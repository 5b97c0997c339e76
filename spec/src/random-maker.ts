// What makers of random modules share: numbers, the same for the same seed, and statements in branches and loops.

export abstract class RandomMaker {
  private state: number;
  /** How many branches and loops are around. */
  protected depth = 0;

  constructor(seed: number) {
    this.state = Math.imul(seed, 0x9e3779b1);
  }

  protected below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  protected pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  protected abstract statement(): string;

  protected statements(count: number): string {
    return Array.from({ length: count }, () => this.statement()).join("\n");
  }

  protected choice(condition: string): string {
    return this.nested(() => `(if ${condition} (then ${this.statements(2)}) (else ${this.statements(2)}))`);
  }

  /** Of up to `maxTurns` turns, counted by a local of its depth. */
  protected loop(maxTurns: number): string {
    const counter = `$n${this.depth}`;
    return this.nested(
      () => `(local.set ${counter} (i32.const ${1 + this.below(maxTurns)}))
        (loop $l ${this.statements(3)}
          (br_if $l (local.tee ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))))`,
    );
  }

  private nested(make: () => string): string {
    this.depth++;
    const text = make();
    this.depth--;
    return text;
  }
}
