// All 46 functions together, for a layout of the records. A missing one is a type error.

import type { Layout } from "../layout.ts";
import type { Implementations } from "../signatures.ts";
import { descriptorFunctions } from "./descriptor.ts";
import { directoryFunctions } from "./directory.ts";
import { ioFunctions } from "./io.ts";
import { openFunctions } from "./open.ts";
import { pathFunctions } from "./path.ts";
import { pollFunctions } from "./poll.ts";
import { processFunctions } from "./process.ts";
import { socketFunctions } from "./socket.ts";

export function implementations(layout: Layout): Implementations {
  return {
    ...processFunctions,
    ...descriptorFunctions(layout),
    ...ioFunctions(layout),
    ...directoryFunctions,
    ...pathFunctions(layout),
    ...openFunctions,
    ...pollFunctions(layout),
    ...socketFunctions,
  };
}
