// Why a process that was to measure something gave nothing.

/** The first error it wrote, in a line. */
export function reasonOf(error: unknown): string {
  const { stderr, killed } = error as { readonly stderr?: string; readonly killed?: boolean };
  if (killed === true) return "took longer than two minutes";
  const written = /^\s*(?:Uncaught )?(\w*(?:Error|Exception)\b.*)$/m.exec(stderr ?? "")?.[1];
  return (written ?? String(error)).slice(0, 120);
}
