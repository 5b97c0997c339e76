// Documents that merge, in Rust, by wasm-bindgen with exceptions: errors of either side cross with tags that the glue makes.
import * as Automerge from "@automerge/automerge";

const time = { time: 0 };
const actor = (letter) => ({ actor: letter.repeat(32) });

function messageOf(action) {
  try {
    return action();
  } catch (error) {
    return [error.constructor.name, String(error.message).split("\n")[0]];
  }
}

export default function () {
  let first = Automerge.change(Automerge.init(actor("a")), time, (doc) => Object.assign(doc, { todos: [], text: "" }));
  for (let i = 0; i < 20; i++)
    first = Automerge.change(first, time, (doc) => {
      doc.todos.push({ id: i, done: i % 3 === 0 });
      Automerge.splice(doc, ["text"], doc.text.length, 0, `w${i} `);
    });
  let second = Automerge.clone(first, actor("b"));
  first = Automerge.change(first, time, (doc) => {
    doc.todos.splice(0, 2);
    doc.title = "from a";
  });
  second = Automerge.change(second, time, (doc) => {
    doc.todos.unshift({ id: -1, done: false });
    Automerge.splice(doc, ["text"], 5, 0, "[mid]");
    doc.title = "from b";
  });
  const merged = Automerge.merge(Automerge.clone(first, actor("c")), second);
  const bytes = Automerge.save(merged);
  const back = Automerge.load(bytes, actor("d"));
  const errors = [
    () => Automerge.load(new Uint8Array([1, 2, 3, 4])),
    () => Automerge.load(bytes.slice(0, 40)),
    () => Automerge.init({ actor: "not hex" }),
    () => Automerge.change(back, time, (doc) => Automerge.splice(doc, ["nowhere"], 0, 0, "x")),
    () =>
      Automerge.change(back, time, (doc) => {
        doc.todos.push(undefined);
      }),
  ];
  return {
    text: merged.text,
    todos: merged.todos,
    conflicts: Automerge.getConflicts(merged, "title"),
    heads: [...Automerge.getHeads(back)].sort(),
    bytes: bytes.length,
    errors: errors.map(messageOf),
  };
}
