// The JavaScript that lowering makes: only what generated code needs. Knows nothing of WebAssembly.

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&"
  | "|"
  | "^"
  | "<<"
  | ">>"
  | ">>>"
  | "==="
  | "!=="
  | "<"
  | ">"
  | "<="
  | ">="
  | "&&"
  | "||";

export interface JsNumber {
  readonly kind: "number";
  readonly value: number;
}
/** A BigInt of 64 bits, by its words. */
export interface JsBigInt {
  readonly kind: "bigint";
  readonly lo: number;
  readonly hi: number;
}
export interface JsName {
  readonly kind: "name";
  readonly name: string;
}
interface JsNull {
  readonly kind: "null";
}
/** What reading outside of a typed array gives. */
interface JsUndefined {
  readonly kind: "undefined";
}
interface JsTrue {
  readonly kind: "true";
}
interface JsUnary {
  readonly kind: "unary";
  readonly operator: "-" | "~" | "!";
  readonly operand: JsExpression;
}
export interface JsBinary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: JsExpression;
  readonly right: JsExpression;
}
interface JsConditional {
  readonly kind: "conditional";
  readonly condition: JsExpression;
  readonly then: JsExpression;
  readonly otherwise: JsExpression;
}
export interface JsMember {
  readonly kind: "member";
  readonly object: JsExpression;
  readonly property: string;
  /** As of a call: of an object that may be null. */
  readonly offset?: number | undefined;
}
export interface JsIndex {
  readonly kind: "index";
  readonly object: JsExpression;
  readonly index: JsExpression;
}
export interface JsCall {
  readonly kind: "call";
  readonly callee: JsExpression;
  readonly args: readonly JsExpression[];
  /** Byte offset of the WebAssembly instruction, where a trap or frame can point here. */
  readonly offset: number | undefined;
}
export interface JsArray {
  readonly kind: "array";
  readonly elements: readonly JsExpression[];
}

export type JsExpression =
  | JsNumber
  | JsBigInt
  | JsName
  | JsNull
  | JsUndefined
  | JsTrue
  | JsUnary
  | JsBinary
  | JsConditional
  | JsMember
  | JsIndex
  | JsCall
  | JsArray;

export interface JsDeclarator {
  readonly name: string;
  readonly value: JsExpression | undefined;
}

export type JsStatement =
  | { readonly kind: "declare"; readonly keyword: "const" | "let"; readonly declarators: readonly JsDeclarator[] }
  | { readonly kind: "assign"; readonly target: JsName | JsMember | JsIndex; readonly value: JsExpression }
  | { readonly kind: "expression"; readonly expression: JsExpression }
  | { readonly kind: "block"; readonly label: string | undefined; readonly body: readonly JsStatement[] }
  /** `for (;;)`. */
  | { readonly kind: "loop"; readonly label: string | undefined; readonly body: readonly JsStatement[] }
  | {
      readonly kind: "while";
      readonly label: string | undefined;
      readonly condition: JsExpression;
      readonly body: readonly JsStatement[];
    }
  | {
      readonly kind: "do";
      readonly label: string | undefined;
      readonly body: readonly JsStatement[];
      readonly condition: JsExpression;
    }
  | {
      readonly kind: "if";
      readonly condition: JsExpression;
      /** Whether the condition mostly holds, where that is known. */
      readonly likely?: boolean | undefined;
      readonly then: readonly JsStatement[];
      readonly otherwise: readonly JsStatement[];
    }
  | {
      readonly kind: "switch";
      readonly label: string | undefined;
      readonly subject: JsExpression;
      readonly cases: readonly JsCase[];
    }
  | { readonly kind: "break"; readonly label: string | undefined }
  | { readonly kind: "continue"; readonly label: string | undefined }
  | { readonly kind: "return"; readonly value: JsExpression | undefined }
  | { readonly kind: "throw"; readonly value: JsExpression }
  /** `parameter` names what was thrown, in `handler`. */
  | {
      readonly kind: "try";
      readonly body: readonly JsStatement[];
      readonly parameter: string;
      readonly handler: readonly JsStatement[];
    };

/** Falls through to the next case unless its body ends otherwise. */
export interface JsCase {
  /** `undefined` is `default`. */
  readonly tests: readonly (number | undefined)[];
  readonly body: readonly JsStatement[];
}

/** `function name(parameters) { body }`. */
export interface JsFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly JsStatement[];
}
