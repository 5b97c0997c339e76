// Mesh compression in C++, by Emscripten's WebIDL binder.
import { createHash } from "node:crypto";
import draco3d from "draco3d";

export default async function () {
  const size = 20;
  const positions = new Float32Array(size * size * 3);
  const faces = new Uint32Array((size - 1) * (size - 1) * 6);
  for (let y = 0, face = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      positions.set([x, y, Math.sin(x / 3) * Math.cos(y / 5)], (y * size + x) * 3);
      if (x === size - 1 || y === size - 1) continue;
      const at = y * size + x;
      faces.set([at, at + 1, at + size, at + 1, at + size + 1, at + size], face);
      face += 6;
    }
  const encoderModule = await draco3d.createEncoderModule({});
  const encoder = new encoderModule.Encoder();
  const builder = new encoderModule.MeshBuilder();
  const mesh = new encoderModule.Mesh();
  builder.AddFacesToMesh(mesh, faces.length / 3, faces);
  builder.AddFloatAttributeToMesh(mesh, encoderModule.POSITION, size * size, 3, positions);
  encoder.SetAttributeQuantization(encoderModule.POSITION, 12);
  const encoded = new encoderModule.DracoInt8Array();
  const length = encoder.EncodeMeshToDracoBuffer(mesh, encoded);
  const bytes = Int8Array.from({ length }, (_, i) => encoded.GetValue(i));

  const decoderModule = await draco3d.createDecoderModule({});
  const decoder = new decoderModule.Decoder();
  const buffer = new decoderModule.DecoderBuffer();
  buffer.Init(bytes, length);
  const decoded = new decoderModule.Mesh();
  const status = decoder.DecodeBufferToMesh(buffer, decoded);
  return {
    length,
    hash: createHash("sha256").update(bytes).digest("hex").slice(0, 16),
    ok: status.ok(),
    points: decoded.num_points(),
    faces: decoded.num_faces(),
  };
}
