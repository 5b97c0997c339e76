// An n x n image of six spheres over a chequered floor, with one light, shadows and up to three reflections.
// Stresses f32 arithmetic with square roots, branches and calls with float parameters.
const COUNT: i32 = 6;
const SIZE: usize = 24; // x, y, z, radius, shade, reflectance
const SPHERES: usize = memory.data(6 * 24);

const FAR: f32 = 1e6;
const NEAR: f32 = 1e-3;
const LIGHT_X: f32 = 0.48;
const LIGHT_Y: f32 = 0.8;
const LIGHT_Z: f32 = -0.36;

let hitDistance: f32 = 0;
let hitSphere: usize = 0;

function sphere(i: i32, x: f32, y: f32, z: f32, radius: f32, shade: f32, reflectance: f32): void {
  const s = SPHERES + <usize>i * SIZE;
  store<f32>(s, x);
  store<f32>(s, y, 4);
  store<f32>(s, z, 8);
  store<f32>(s, radius, 12);
  store<f32>(s, shade, 16);
  store<f32>(s, reflectance, 20);
}

function scene(): void {
  sphere(0, 0.0, 0.0, 6.0, 1.0, 0.9, 0.4);
  sphere(1, -2.0, 0.25, 7.0, 1.25, 0.7, 0.3);
  sphere(2, 2.0, -0.25, 5.5, 0.75, 0.8, 0.5);
  sphere(3, 0.75, -0.7, 4.0, 0.3, 0.6, 0.2);
  sphere(4, -0.8, -0.65, 4.25, 0.35, 1.0, 0.1);
  sphere(5, 0.5, 2.0, 8.0, 1.0, 0.5, 0.6);
}

// Finds the nearest sphere in front of a ray, or the first one at all for a shadow.
function intersect(ox: f32, oy: f32, oz: f32, dx: f32, dy: f32, dz: f32, any: bool): bool {
  hitDistance = FAR;
  hitSphere = 0;
  const end = SPHERES + <usize>COUNT * SIZE;
  for (let s = SPHERES; s < end; s += SIZE) {
    const cx = load<f32>(s) - ox;
    const cy = load<f32>(s, 4) - oy;
    const cz = load<f32>(s, 8) - oz;
    const radius = load<f32>(s, 12);
    const b = cx * dx + cy * dy + cz * dz;
    const discriminant = b * b - (cx * cx + cy * cy + cz * cz) + radius * radius;
    if (discriminant < 0) continue;
    const root = sqrt<f32>(discriminant);
    let t = b - root;
    if (t < NEAR) t = b + root;
    if (t < NEAR || t >= hitDistance) continue;
    hitDistance = t;
    hitSphere = s;
    if (any) return true;
  }
  return hitSphere != 0;
}

function trace(ox: f32, oy: f32, oz: f32, dx: f32, dy: f32, dz: f32, depth: i32): f32 {
  let nx: f32 = 0;
  let ny: f32 = 1;
  let nz: f32 = 0;
  let shade: f32 = 0;
  let reflectance: f32 = 0.15;
  let px: f32 = 0;
  let py: f32 = 0;
  let pz: f32 = 0;
  if (intersect(ox, oy, oz, dx, dy, dz, false)) {
    const s = hitSphere;
    const inverse: f32 = 1.0 / load<f32>(s, 12);
    px = ox + dx * hitDistance;
    py = oy + dy * hitDistance;
    pz = oz + dz * hitDistance;
    nx = (px - load<f32>(s)) * inverse;
    ny = (py - load<f32>(s, 4)) * inverse;
    nz = (pz - load<f32>(s, 8)) * inverse;
    shade = load<f32>(s, 16);
    reflectance = load<f32>(s, 20);
  } else if (dy < -0.001) {
    const t: f32 = (-1.0 - oy) / dy;
    px = ox + dx * t;
    py = -1.0;
    pz = oz + dz * t;
    shade = ((<i32>floor<f32>(px) + <i32>floor<f32>(pz)) & 1) != 0 ? 0.8 : 0.3;
  } else {
    return <f32>0.4 + <f32>0.4 * dy;
  }
  let light = nx * LIGHT_X + ny * LIGHT_Y + nz * LIGHT_Z;
  if (light < 0 || intersect(px, py, pz, LIGHT_X, LIGHT_Y, LIGHT_Z, true)) light = 0;
  const colour = shade * (<f32>0.2 + <f32>0.8 * light);
  if (depth == 0) return colour;
  const k = <f32>2.0 * (dx * nx + dy * ny + dz * nz);
  const reflected = trace(px, py, pz, dx - k * nx, dy - k * ny, dz - k * nz, depth - 1);
  return colour * (<f32>1.0 - reflectance) + reflected * reflectance;
}

export function run(n: i32): i32 {
  scene();
  const scale: f32 = 2.0 / <f32>n;
  let hash = 0;
  for (let y = 0; y < n; y++) {
    const v: f32 = 1.0 - <f32>y * scale;
    for (let x = 0; x < n; x++) {
      const u: f32 = <f32>x * scale - 1.0;
      const inverse: f32 = <f32>1.0 / sqrt<f32>(u * u + v * v + <f32>2.25);
      const colour = trace(0, 0.5, -1.0, u * inverse, v * inverse, <f32>1.5 * inverse, 3);
      hash = rotl<i32>(hash, 5) ^ reinterpret<i32>(colour);
    }
  }
  return hash;
}
