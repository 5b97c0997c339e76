// The imports and exports of modules, in C with SIMD: half a megabyte of text in which it looks for few characters.
import { init, parse } from "es-module-lexer";

const statements = `import a, { b as c } from './x.js' with { type: "json" };
export * as ns from "\\u0079"; export { a as d, c }; export default class K { static #p = /[/]\\/(/u.test(\`\${{}}\`) }
import defer * as q from 'q'; import source w from 'w'; const { e, f: [g] } = await import(\`./\${a}.js\`);
export const { h } = import.meta, i = 1; export type T = typeof import('t'); import type { U } from 'u';
`;
const filler = `function f() { // a comment with 'quotes
  return "import { x } from 'y'" + a / b / c /* export */ + \`\${f(\`x\`)}\` + /import ("z")/.source;
}
`;

function messageOf(source) {
  try {
    return parse(source);
  } catch (error) {
    return [error.message, error.idx];
  }
}

export default async function () {
  await init();
  const wrong = ["import {", "export { 'a", "`${", "/* ", "import x from 'a\\u{110000}'"];
  return [parse(statements), parse(filler.repeat(2000) + statements + filler.repeat(2000)), ...wrong.map(messageOf)];
}
