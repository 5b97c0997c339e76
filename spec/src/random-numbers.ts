// Numbers for random modules: the same for the same seed.

export abstract class RandomMaker {
  private state: number;

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
}
