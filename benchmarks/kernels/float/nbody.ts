// Gravity among five bodies, n steps of a symplectic integrator; the result is the total energy.
// Stresses f64 arithmetic with square roots and divisions, on structures in memory.
const BODIES: i32 = 5;
const SIZE: usize = 56; // x, y, z, vx, vy, vz, mass
const DATA: usize = memory.data(5 * 56);
const END: usize = DATA + 5 * 56;

function place(i: i32, x: f64, y: f64, z: f64, vx: f64, vy: f64, vz: f64, mass: f64): void {
  const b = DATA + <usize>i * SIZE;
  store<f64>(b, x);
  store<f64>(b, y, 8);
  store<f64>(b, z, 16);
  store<f64>(b, vx, 24);
  store<f64>(b, vy, 32);
  store<f64>(b, vz, 40);
  store<f64>(b, mass, 48);
}

function init(): void {
  place(0, 0, 0, 0, 0, 0, 0, 40.0);
  place(1, 5.0, -1.0, -0.125, 0.5, 2.75, -0.0625, 0.0375);
  place(2, 8.5, 4.0, -0.5, -1.0, 1.75, 0.03125, 0.0125);
  place(3, 13.0, -15.0, -0.25, 1.0, 0.875, -0.015625, 0.002);
  place(4, 15.5, -26.0, 0.1875, 0.9375, 0.5, -0.03125, 0.0025);
  let px: f64 = 0;
  let py: f64 = 0;
  let pz: f64 = 0;
  for (let b = DATA + SIZE; b < END; b += SIZE) {
    const mass = load<f64>(b, 48);
    px += load<f64>(b, 24) * mass;
    py += load<f64>(b, 32) * mass;
    pz += load<f64>(b, 40) * mass;
  }
  const central = load<f64>(DATA, 48);
  store<f64>(DATA, -px / central, 24);
  store<f64>(DATA, -py / central, 32);
  store<f64>(DATA, -pz / central, 40);
}

function advance(dt: f64): void {
  for (let a = DATA; a < END; a += SIZE) {
    for (let b = a + SIZE; b < END; b += SIZE) {
      const dx = load<f64>(a) - load<f64>(b);
      const dy = load<f64>(a, 8) - load<f64>(b, 8);
      const dz = load<f64>(a, 16) - load<f64>(b, 16);
      const squared = dx * dx + dy * dy + dz * dz;
      const magnitude = dt / (squared * sqrt<f64>(squared));
      const ma = load<f64>(a, 48) * magnitude;
      const mb = load<f64>(b, 48) * magnitude;
      store<f64>(a, load<f64>(a, 24) - dx * mb, 24);
      store<f64>(a, load<f64>(a, 32) - dy * mb, 32);
      store<f64>(a, load<f64>(a, 40) - dz * mb, 40);
      store<f64>(b, load<f64>(b, 24) + dx * ma, 24);
      store<f64>(b, load<f64>(b, 32) + dy * ma, 32);
      store<f64>(b, load<f64>(b, 40) + dz * ma, 40);
    }
  }
  for (let b = DATA; b < END; b += SIZE) {
    store<f64>(b, load<f64>(b) + dt * load<f64>(b, 24));
    store<f64>(b, load<f64>(b, 8) + dt * load<f64>(b, 32), 8);
    store<f64>(b, load<f64>(b, 16) + dt * load<f64>(b, 40), 16);
  }
}

function energy(): f64 {
  let e: f64 = 0;
  for (let a = DATA; a < END; a += SIZE) {
    const vx = load<f64>(a, 24);
    const vy = load<f64>(a, 32);
    const vz = load<f64>(a, 40);
    const mass = load<f64>(a, 48);
    e += 0.5 * mass * (vx * vx + vy * vy + vz * vz);
    for (let b = a + SIZE; b < END; b += SIZE) {
      const dx = load<f64>(a) - load<f64>(b);
      const dy = load<f64>(a, 8) - load<f64>(b, 8);
      const dz = load<f64>(a, 16) - load<f64>(b, 16);
      e -= mass * load<f64>(b, 48) / sqrt<f64>(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}

export function run(n: i32): i32 {
  init();
  for (let i = 0; i < n; i++) advance(0.01);
  let hash = reinterpret<i64>(energy());
  for (let i = 0; i < BODIES; i++) {
    const b = DATA + <usize>i * SIZE;
    hash = rotl<i64>(hash, 7) ^ reinterpret<i64>(load<f64>(b));
    hash = rotl<i64>(hash, 7) ^ reinterpret<i64>(load<f64>(b, 32));
  }
  return <i32>(hash ^ (hash >>> 32));
}
