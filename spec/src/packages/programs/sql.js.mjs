// SQLite in C, by Emscripten: a database, functions of JavaScript called from SQL, an error, a dump and a reload.
import { createHash } from "node:crypto";
import initSqlJs from "sql.js";

export default async function () {
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  db.run("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT, weight REAL)");
  const insert = db.prepare("INSERT INTO word (text, weight) VALUES (?, ?)");
  for (let i = 0; i < 2000; i++) insert.run([`w${(i * 7919) % 1000}`, i / 7]);
  insert.free();
  db.create_function("half", (x) => x / 2);
  const [{ values }] = db.exec(
    "SELECT text, count(*), round(sum(half(weight)), 3) AS s FROM word GROUP BY text ORDER BY s DESC LIMIT 5",
  );
  const [window] = db.exec("SELECT text, rank() OVER (ORDER BY weight DESC) FROM word LIMIT 3");
  let error;
  try {
    db.exec("SELECT nothing FROM nowhere");
  } catch (caught) {
    error = caught.message;
  }
  const file = db.export();
  const copy = new SQL.Database(file);
  const [count] = copy.exec("SELECT count(*), max(length(text)) FROM word WHERE text GLOB 'w*9'");
  return { values, window: window.values, error, bytes: file.length, hash: sha(file), count: count.values };
}

function sha(bytes) {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
