// Makes changed copies of nodes. Nothing is mutated: where nothing changes the same node comes back, so `===` tells.
import {
  access,
  call,
  callIndirect,
  callRef,
  entity,
  exceptionIs,
  exceptionValue,
  object,
  operation,
  transfer,
  vectorOperation,
  vectorWord,
} from "./expressions.ts";
import {
  type AnyCall,
  assertNever,
  type Expression,
  type Func,
  isCall,
  type SetMany,
  type Statement,
} from "./nodes.ts";

/** The expression with other operands. */
export function withOperands(expression: Expression, operands: readonly Expression[]): Expression {
  const { offset } = expression;
  switch (expression.kind) {
    case "constant":
    case "get":
    case "element_is":
      return expression;
    case "operation":
      return operation(expression.instruction, expression.type, operands, offset);
    case "vector":
      return vectorOperation(expression.instruction, expression.immediates, expression.type, operands, offset);
    case "vector_word":
      return vectorWord(expression.position, operands, offset);
    case "access":
      return access(expression.instruction, expression.memArg, expression.type, operands, offset);
    case "entity":
      return entity(expression.instruction, expression.index, expression.type, operands, offset);
    case "transfer":
      return transfer(expression.instruction, expression.destination, expression.source, operands, offset);
    case "call":
      return call(expression.functionIndex, expression.functionType, operands, offset);
    case "call_indirect":
      return callIndirect(expression.typeIndex, expression.tableIndex, expression.functionType, operands, offset);
    case "exception_is":
      return exceptionIs(expression.tag, operands[0] as Expression);
    case "exception_value":
      return exceptionValue(
        expression.tag,
        expression.position,
        expression.type,
        operands[0] as Expression,
        expression.word,
      );
    case "call_ref":
      return callRef(expression.typeIndex, expression.functionType, operands, offset);
    case "object": {
      const { instruction, typeIndex, index, type } = expression;
      return object(instruction, typeIndex, index, type, operands, offset);
    }
    default:
      return assertNever(expression);
  }
}

/** The list with each item changed by `change`; the same list where none is. */
export function mapList<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as T;
    const made = change(item);
    if (changed === undefined && made !== item) changed = list.slice(0, i);
    changed?.push(made);
  }
  return changed ?? list;
}

/** Changes an expression from its leaves up: `change` sees nodes whose operands have been changed. */
export function mapExpression(expression: Expression, change: (expression: Expression) => Expression): Expression {
  const operands = mapList(expression.operands, (operand) => mapExpression(operand, change));
  return change(operands === expression.operands ? expression : withOperands(expression, operands));
}

/** The statement with its own expressions, not those of its bodies, changed. The kind of a call must stay. */
export function mapOwnExpressions(statement: Statement, change: (expression: Expression) => Expression): Statement {
  switch (statement.kind) {
    case "set": {
      const value = change(statement.value);
      return value === statement.value ? statement : { ...statement, value };
    }
    case "evaluate": {
      const value = change(statement.value);
      return value === statement.value ? statement : { ...statement, value };
    }
    case "set_many": {
      const value = change(statement.value);
      return value === statement.value ? statement : { ...statement, value: asMany(value) };
    }
    case "return_call": {
      const made = change(statement.call);
      return made === statement.call ? statement : { ...statement, call: asCall(made) };
    }
    case "if": {
      const condition = change(statement.condition);
      return condition === statement.condition ? statement : { ...statement, condition };
    }
    case "br_table": {
      const index = change(statement.index);
      return index === statement.index ? statement : { ...statement, index };
    }
    case "throw_ref": {
      const value = change(statement.value);
      return value === statement.value ? statement : { ...statement, value };
    }
    case "return":
    case "throw": {
      const values = mapList(statement.values, change);
      return values === statement.values ? statement : { ...statement, values };
    }
    case "block":
    case "loop":
    case "try":
    case "br":
    case "unreachable":
      return statement;
    default:
      return assertNever(statement);
  }
}

function asCall(expression: Expression): AnyCall {
  if (!isCall(expression)) throw new TypeError("expected a call");
  return expression;
}

function asMany(expression: Expression): SetMany["value"] {
  return expression.kind === "operation" ? expression : asCall(expression);
}

/** The statement with its bodies changed. */
export function mapBodies(
  statement: Statement,
  change: (body: readonly Statement[]) => readonly Statement[],
): Statement {
  switch (statement.kind) {
    case "block":
    case "loop": {
      const body = change(statement.body);
      return body === statement.body ? statement : { ...statement, body };
    }
    case "if": {
      const then = change(statement.then);
      const otherwise = change(statement.otherwise);
      return then === statement.then && otherwise === statement.otherwise
        ? statement
        : { ...statement, then, otherwise };
    }
    case "try": {
      const body = change(statement.body);
      const handler = change(statement.handler);
      return body === statement.body && handler === statement.handler ? statement : { ...statement, body, handler };
    }
    default:
      return statement;
  }
}

/** Changes every expression of a function, from the leaves up. Recurses on the nesting of statements. */
export function mapFuncExpressions(func: Func, change: (expression: Expression) => Expression): Func {
  const mapBody = (body: readonly Statement[]): readonly Statement[] =>
    mapList(body, (statement) =>
      mapBodies(
        mapOwnExpressions(statement, (expression) => mapExpression(expression, change)),
        mapBody,
      ),
    );
  const body = mapBody(func.body);
  return body === func.body ? func : { ...func, body };
}
