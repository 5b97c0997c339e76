// Finds what a source imports, by parsing it. Knows nothing about which imports are allowed.
import { parseSync } from "oxc-parser";

export interface ImportStatement {
  /** What is imported; nothing if the name is computed. */
  readonly specifier: string | undefined;
  /** Gone from the JavaScript: `import type { A }`. Of `import { type A }` TypeScript leaves `import {}`. */
  readonly typeOnly: boolean;
}

/** Of the syntax tree's nodes, the fields that matter here. */
interface Node {
  readonly type: string;
  readonly source?: unknown;
  readonly importKind?: unknown;
  readonly exportKind?: unknown;
  readonly expression?: unknown;
  readonly callee?: unknown;
  readonly name?: unknown;
  readonly arguments?: unknown;
  readonly value?: unknown;
  readonly quasis?: unknown;
}

/** Every import, re-export, `import()`, `require` and `/// <reference types>` of a source. */
export function importsOf(path: string, text: string): readonly ImportStatement[] {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found: ImportStatement[] = [];
  for (const comment of comments) {
    const types = /^\/\s*<reference\s+types=["']([^"']+)["']/.exec(comment.value)?.[1];
    if (comment.type === "Line" && types !== undefined) found.push({ specifier: types, typeOnly: true });
  }
  visit(program, (node) => {
    const statement = importOf(node);
    if (statement !== undefined) found.push(statement);
  });
  return found;
}

function importOf(node: Node): ImportStatement | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier: literal(node.source), typeOnly: node.importKind === "type" };
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      if (!isNode(node.source)) return undefined;
      return { specifier: literal(node.source), typeOnly: node.exportKind === "type" };
    case "ImportExpression":
      return { specifier: literal(node.source), typeOnly: false };
    case "TSImportType":
      return { specifier: literal(node.source), typeOnly: true };
    case "TSExternalModuleReference":
      return { specifier: literal(node.expression), typeOnly: false };
    case "CallExpression":
      if (!isNode(node.callee) || node.callee.name !== "require" || !Array.isArray(node.arguments)) return undefined;
      return { specifier: literal(node.arguments[0]), typeOnly: false };
    default:
      return undefined;
  }
}

/** The text of a string, or of a template without holes. */
function literal(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral" || !Array.isArray(node.quasis) || node.quasis.length !== 1) return undefined;
  return (node.quasis[0] as { readonly value: { readonly cooked: string } }).value.cooked;
}

function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, each);
  } else if (isNode(value)) {
    each(value);
    for (const field of Object.values(value)) visit(field, each);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}
