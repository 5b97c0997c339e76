// A physics engine in C++, by Emscripten's WebIDL binder: singles must be rounded after every operation. There is a build
// with SIMD, and which one was chosen is part of the result.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import Box2D from "box2d-wasm";

const folder = dirname(createRequire(import.meta.url).resolve("box2d-wasm"));

export default async function () {
  const chosen = [];
  const wasm = (name) => {
    chosen.push(basename(name));
    return readFileSync(join(folder, basename(name))).toString("base64");
  };
  const { b2BodyDef, b2CircleShape, b2EdgeShape, b2PolygonShape, b2Vec2, b2World, b2_dynamicBody } = await Box2D({
    locateFile: (name) => `data:application/wasm;base64,${wasm(name)}`,
  });
  const world = new b2World(new b2Vec2(0, -10));
  const ground = new b2EdgeShape();
  ground.SetTwoSided(new b2Vec2(-50, 0), new b2Vec2(50, 0));
  world.CreateBody(new b2BodyDef()).CreateFixture(ground, 0);
  const bodies = Array.from({ length: 20 }, (_, i) => {
    const definition = new b2BodyDef();
    definition.set_type(b2_dynamicBody);
    definition.set_position(new b2Vec2((i % 5) * 0.9, 2 + i * 1.1));
    const body = world.CreateBody(definition);
    const shape = i % 2 === 0 ? new b2PolygonShape() : new b2CircleShape();
    if (i % 2 === 0) shape.SetAsBox(0.5, 0.4);
    else shape.set_m_radius(0.45);
    body.CreateFixture(shape, 1);
    return body;
  });
  for (let step = 0; step < 200; step++) world.Step(1 / 60, 8, 3);
  const places = bodies.map((body) => [body.GetPosition().get_x(), body.GetPosition().get_y(), body.GetAngle()]);
  return [chosen, places];
}
