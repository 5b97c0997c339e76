// SQLite in C, by Emscripten: a database, functions of JavaScript called from SQL, an error, a dump and a reload.
import { createHash } from "node:crypto";
import initSqlJs from "sql.js";

/** Inserts, an index, a join, aggregates, a recursive query. */
export async function busy() {
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  return () => {
    db.run("DROP TABLE IF EXISTS word; CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT, weight REAL)");
    db.run(`INSERT INTO word (text, weight) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      SELECT 'w' || (i * 7919 % 1000), i / 7.0 FROM n; CREATE INDEX by_text ON word (text)`);
    const [{ values }] = db.exec(
      `SELECT a.text, count(*), round(sum(b.weight), 3) AS s FROM word a JOIN word b ON a.text = b.text
       GROUP BY a.text ORDER BY s DESC LIMIT 5`,
    );
    return values;
  };
}

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
